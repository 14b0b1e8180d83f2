"""Errands of people who help people, over HTTP: forms are pressed as pages give them, and stuffed with markers once."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from django.urls import Resolver404, resolve
from PIL import Image

from makers.filling import TYPED, Form, Page
from makers.serving import FORM, Answer, Browser
from methods.pictures.making import a_zip, drawn, packed, segment

ROOM = "people:"
CODE = re.compile(r"\bSR-[2-9A-HJ-NP-Z]{5}\b")
SENT_ON, BROKEN, FIRST_REFUSAL = 302, 500, 400
NAME_KINDS = ("legal", "nickname", "alias", "earlier")
PAPERS = ("national-id", "passport", "border-pass", "work-permit", "birth-certificate", "stateless-card", "other")
WAYS = ("phone", "line", "email", "visit", "letter", "through-person", "other")

KEEPS_TO = ("-country", "-area", "-first", "-last")
"""Fields that take no word of one's own, or hours that belong to another answer."""

PRESSED = frozenset({"hidden", "button"})
"""What a form has that is only pressed: sent full of markers it would do what its button does."""

type Values = Mapping[str, str | Sequence[str]]


@dataclass(slots=True)
class Errands:
    """Whoever goes on errands in one house; it is remembered what was written where, and which addresses answered."""

    browser: Browser
    cookies: Mapping[str, dict[str, str]]
    drawn: Iterator[str]
    written: dict[str, str] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    stuffed: set[tuple[str, ...]] = field(default_factory=set)
    who: str = ""

    def write(self, where: str) -> str:
        """A fresh marker."""
        marker = next(self.drawn)
        self.written[marker] = where
        return marker

    def comes(self, who: str) -> None:
        """Somebody else goes on."""
        self.who = who
        self.browser.cookies = dict(self.cookies[who])

    def open(self, path: str) -> Answer:
        """A page, with a marker in its address; each of its forms is once sent full of markers."""
        answer = self._noted(path, self.browser.get(f"{path}{'&' if '?' in path else '?'}q={quote(self.write(path))}"))
        self._stuff(path, answer)
        return answer

    def press(self, page: Answer, view: str, nth: int = 0, **over: str | Sequence[str]) -> Answer:
        """Send a form of a page that leads to a view, as it stands there but for what is said; goes where it leads."""
        forms = [each for each in Page(page.text).forms if view_of(each.action) == view]
        assert len(forms) > nth, f"{view} is not offered to {self.who}:\n{page.text}"
        form = forms[nth]
        buttons = {each.name for each in form.fields if each.kind in {"button", "checkbox"}}
        values: dict[str, str | Sequence[str]] = {
            each.name: each.usual() for each in form.fields if each.name not in buttons
        }
        return self.send(form.action, values | {name.replace("__", "-"): value for name, value in over.items()})

    def fill(self, path: str, page: Answer, **over: str) -> Answer:
        """Send the form of a page that is sent to a path, with a marker in all that can be typed into and was empty."""
        form = next(each for each in Page(page.text).forms if asks(each) and (each.action or path) == path)
        kinds = {"button", "checkbox"}
        values = {
            each.name: self.write(each.name) if each.kind in TYPED and not each.value else each.usual()
            for each in form.fields
            if each.kind not in kinds and not each.name.endswith(KEEPS_TO)
        }
        return self.send(path, values | {name.replace("__", "-"): value for name, value in over.items()})

    def send(self, path: str, values: Values) -> Answer:
        """Send a form, and go where that leads."""
        content = urlencode(values, doseq=True).encode()
        return self._followed(path, self.browser.send_content(path, FORM, content))

    def enter(self, values: Values) -> str:
        """Enter somebody; gives the address of her page."""
        answer = self.browser.get("/people/new/")
        sent = {**values, "csrfmiddlewaretoken": word_of(answer)}
        got = self._noted("/people/new/", self.browser.send("/people/new/", sent))  # type: ignore[arg-type]
        assert got.status == SENT_ON, got.text
        return got.headers["location"]

    def send_photograph(self, path: str, page: Answer) -> Answer:
        """Keep a photograph with markers in its name, beside its pixels, and in a field that nobody asked for."""
        edge, names = uuid4().hex, {"csrfmiddlewaretoken": word_of(page), "kind": "injury"}
        names["caption"] = self.write("caption of a photograph")
        head = f'--{edge}\r\nContent-Disposition: form-data; name="'
        parts = [f'{head}{name}"\r\n\r\n{value}\r\n'.encode() for name, value in names.items()]
        called = f'{head}file"; filename="{self.write("name of a photograph")}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts += [called.encode(), a_marked_photograph(self.write), b"\r\n"]
        parts.append(f'{head}whole"\r\n\r\n1\r\n--{edge}--\r\n'.encode())
        sent = self.browser.send_content(path, f"multipart/form-data; boundary={edge}", b"".join(parts))
        return self._followed(path, sent)

    def _followed(self, path: str, answer: Answer) -> Answer:
        self._noted(path, answer)
        if answer.status != SENT_ON:
            self._stuff(path, answer)
            return answer
        return self.open(answer.headers["location"])

    def _noted(self, path: str, answer: Answer) -> Answer:
        assert answer.status < BROKEN, (path, answer.status, answer.text)
        if answer.status < FIRST_REFUSAL or answer.status in {409, 422}:
            self.reached.add(view_of(path))
        return answer

    def _stuff(self, path: str, answer: Answer) -> None:
        """Each form that this page shows, sent once as a program sends it that keeps to no kind of field."""
        for form in Page(answer.text).forms:
            to = form.action or urlsplit(path).path
            key = (view_of(to), *form.names)
            if asks(form) and view_of(to).startswith(ROOM) and key not in self.stuffed:
                self.stuffed.add(key)
                self._noted(to, self._stuffed(to, form))

    def _stuffed(self, to: str, form: Form) -> Answer:
        values = form.stuffed(lambda name: self.write(f"{name} of {view_of(to)}"))
        if form.is_multipart:
            return self.browser.send_content(to, *form.body(values))
        return self.browser.send(to, values)


def asks(form: Form) -> bool:
    """Whether a form asks for anything, or is only pressed."""
    return any(each.kind not in PRESSED for each in form.fields)


def view_of(path: str) -> str:
    """Which page an address of the house leads to; "" for none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def word_of(page: Answer) -> str:
    """The word against forgery of a page."""
    return next(field.value for form in Page(page.text).forms for field in form.fields if field.name[:4] == "csrf")


def code_of(page: Answer) -> str:
    """The code of a person, on her page."""
    return next(iter(CODE.findall(page.text)))


def a_whole_person(errands: Errands, **over: str) -> dict[str, str]:
    """A form of entering in which every field that can tell who somebody is holds a marker; 45 of them."""
    form = {"names-n": str(len(NAME_KINDS)), "papers-n": str(len(PAPERS)), "ways-n": str(len(WAYS))}
    form |= {"facts-sex": "female", "facts-stateless": "unknown", "facts-level": "audited", "birth-year": "1999"}
    for at, kind in enumerate(NAME_KINDS):
        form |= {f"names-{at}-kind": kind}
        form |= {f"names-{at}-{part}": errands.write(f"{part} of a name") for part in ("text", "given", "family")}
    for at, kind in enumerate(PAPERS):
        form |= {f"papers-{at}-kind": kind, f"papers-{at}-number": errands.write("number of a paper")}
    for at, kind in enumerate(WAYS):
        form |= {f"ways-{at}-kind": kind, f"ways-{at}-safety": "safe"}
        form |= {f"ways-{at}-{part}": errands.write(f"{part} of a way") for part in ("value", "whose", "say")}
    for name in ("where-address", "story-own_words", "story-health", "birth-gender"):
        form[name] = errands.write(name)
    return {**form, "nobody-of-these": "yes", **{name.replace("__", "-"): value for name, value in over.items()}}


def a_marked_photograph(write: Callable[[str], str]) -> bytes:
    """A JPEG with markers in EXIF, in XMP, in words, in a picture behind its end, and behind that."""
    said = Image.Exif()
    said[0x010E], said[0x013B] = write("EXIF: what it shows"), write("EXIF: by whom")
    plain = packed(drawn(), exif=said)
    words = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + write("XMP").encode())
    words += segment(0xFE, write("words of a picture").encode())
    out = io.BytesIO()
    drawn(60, 40).save(out, "JPEG", comment=write("a picture behind a picture").encode())
    return plain[:2] + words + plain[2:] + out.getvalue() + a_zip() + write("behind a picture").encode()


def in_days(n: int) -> str:
    """The day so many days from today, as a form sends it."""
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=n)).isoformat()
