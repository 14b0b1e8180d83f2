"""The forms of a page, filled as a person fills them, and as a program would that sends whatever it likes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import uuid4

FORGERY = "csrfmiddlewaretoken"
TYPED = frozenset({"text", "search", "password", "email", "tel", "url", "textarea", "file"})
"""Kinds of fields into which a person may write what she likes."""

CHOSEN = frozenset({"checkbox", "radio"})


@dataclass(slots=True)
class Field:
    """One field: its name, its kind, what stands in it, and what may be chosen."""

    name: str
    kind: str
    value: str
    choices: list[str] = field(default_factory=list)

    def usual(self) -> str:
        """What it holds when nobody touches it, or the first thing that can be chosen."""
        return self.value or next((choice for choice in self.choices if choice), "")


@dataclass(slots=True)
class Form:
    """One form: how and to where it is sent, and its fields."""

    method: str
    action: str
    is_multipart: bool
    fields: list[Field] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields but the word against forgery."""
        return tuple(sorted({each.name for each in self.fields} - {FORGERY}))

    @property
    def is_typed_into(self) -> bool:
        """True where a person can write something."""
        return any(each.kind in TYPED for each in self.fields)

    def filled(self, write: Callable[[str], str]) -> dict[str, str]:
        """As a person fills it: everything written that can be written, the first of what can be chosen."""
        return {each.name: write(each.name) if each.kind in TYPED else each.usual() for each in self.fields}

    def stuffed(self, write: Callable[[str], str]) -> dict[str, str]:
        """As a program fills it that keeps to no kind of field."""
        return {each.name: each.value if each.name == FORGERY else write(each.name) for each in self.fields}

    def body(self, values: dict[str, str]) -> tuple[str, bytes]:
        """The values as a form with a file sends them: the kind of content, and the content."""
        files = {each.name for each in self.fields if each.kind == "file"}
        edge = uuid4().hex
        parts = []
        for name, value in values.items():
            file = f'; filename="{value}.csv"\r\nContent-Type: text/csv' if name in files else ""
            held = f"ADM1_EN,ADM1_PCODE\r\n{value},{value}\r\n" if name in files else value
            parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{held}\r\n')
        return f"multipart/form-data; boundary={edge}", f"{''.join(parts)}--{edge}--\r\n".encode()


class Page(HTMLParser):
    """The forms and the links of a page."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._select: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        """Note what this tag is."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href", "").startswith("/"):
            self.links.append(has["href"])
        elif tag == "form":
            kind = has.get("enctype", "") == "multipart/form-data"
            self.forms.append(Form(has.get("method", "get").lower(), has.get("action", ""), kind))
        elif tag == "option" and self._select is not None:
            self._select.choices.append(has.get("value", ""))
            if "selected" in has:
                self._select.value = has.get("value", "")
        elif self.forms and "name" in has and tag in ("input", "select", "textarea", "button"):
            self._note(tag, has)

    def handle_endtag(self, tag: str) -> None:
        """A list of choices ends."""
        if tag == "select":
            self._select = None

    def _note(self, tag: str, has: dict[str, str]) -> None:
        kind = has.get("type", "text") if tag == "input" else tag
        found = Field(has["name"], kind, has.get("value", "on" if kind in CHOSEN else ""))
        if tag == "select":
            self._select = found
        if found.name not in {each.name for each in self.forms[-1].fields}:
            self.forms[-1].fields.append(found)
