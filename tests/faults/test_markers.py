"""K-01, law 11: what people type and hand over is found nowhere but where the house keeps it on purpose.

The web runs as its operator starts it. Markers of their own are written into every field of every form that any role
is shown, into addresses and headers, and into the files of sectors of a sealed run; then every file of data, logs,
caches, temporary files, the key folder and a backup is gone through, while the web runs and after it was killed.
Names and words of those who work in the system may stand in the database, in columns that say so (grades `staff`,
`official`, `public`); of whom these registers speak, nothing stands anywhere in clear.
"""

import gzip
import itertools
import re
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.apps import apps
from django.urls import Resolver404, resolve

from makers.addresses import WORDS, addresses
from makers.agencies import PASSPHRASE
from makers.canary import N_MARKERS, THAI, forms, marks, read_in, seen_in
from makers.cluster import Cluster
from makers.counted import SCALE, Counted
from makers.filling import Form, Page
from makers.installed import Installed
from makers.serving import Answer, Browser, served
from methods.population.little_province import SOURCES, make_province, read_csv, write_csv
from sarana.basics.privacy import Privacy

ROLES = (
    *("organisation-administrator", "data-protection-officer", "data-custodian", "supervisor", "system-operator"),
    "data-specialist",
)
NOBODY = ""
MOST_OF_ONE_VIEW = 2
"""So many pages of a view that takes arguments are looked at by each role, and one of any other."""
IN_CLEAR = frozenset({Privacy.STAFF, Privacy.OFFICIAL, Privacy.PUBLIC})
OK, SENT_ON = 200, 302
OWN_PAGE = "/me/"
FITS: dict[str, Callable[[dict[str, str]], str]] = {
    "areas": lambda _: "TH50",
    "country": lambda _: "TH",
    "code": lambda _: "police",
    "as_of": lambda _: "2026-09-30",
    "agreement_until": lambda _: "2036-09-30",
    "passphrase": lambda values: f"{values['passphrase']} and {values['passphrase']}",
    "again": lambda values: values["passphrase"],
}
"""What a person writes where a field takes no word of its own, or one that is long enough, or the same once more."""

AGAIN, COMING = "/sign-in/again/", "/invitation/"
INVITATION = re.compile(r"/invitation/[A-Za-z0-9_-]{20,}/")

SITTINGS = "3"

SEARCHED = ("home", "keys", "logs", "temp", "cache", "state", "backup")
WORKED_ON = ("home/.backup-", "home/.restore-")
DATABASE_FILES = ("home/sarana.sqlite3", *WORKED_ON, "server/data/base/", "server/data/pg_wal/")
"""Where columns of the database may be read: the file, what is beside it while it is open or a backup of it is made or
tried (a copy in the same folder, gone afterwards), and the server's own."""

REPLACED = frozenset(
    f"{name} of population:register" for name in ("name", "custodian", "legal_basis", "agreement", "impact_assessment")
)
"""What stood in a column on purpose until it was changed: the database's own files keep the bytes of that a while."""
NOT_REACHED = frozenset(
    {
        # Buttons that nobody pressed because there was nothing to press them for; nothing is written into them.
        *("accounts:end-other-sittings", "accounts:end-sitting", "accounts:here", "accounts:open-agency"),
        *("accounts:withdraw", "desk:edition-in-force", "desk:edition-withdraw", "jobs:go-on", "jobs:stop"),
        "desk:keys-change",
        *("words:agree", "words:carry-out", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        # Pages of what is not there: areas, long work, a thing in the ledger, a service of a ministry.
        *("desk:area", "jobs:job", "desk:looked-thing", "accounts:agency-issuers", "accounts:issuer-back"),
        *("accounts:issuer-sign-in", "accounts:tie", "accounts:untie"),
        # Maps of runs: none was taken in, and those who walk here do not plan help.
        *("population:area", "population:map", "population:runs", "population:changes", "population:updates"),
        "population:back-tests",
        *("population:ask-file", "population:fetch-file", "population:file", "population:files"),
        "population:take-file-away",
        # Handing a run to the nation, and taking in what stations hand over: no officer of either kind walks here.
        *("population:to-nation", "population:country", "population:take-in", "population:stations"),
        *("population:own-key", "population:station-take-back", "population:trust-station"),
        # Pairs to judge: none of them has the role, and no run was taken in.
        *("population:pairs", "population:next-pair", "population:pair", "population:leave-pair"),
        *("population:sure-pairs", "population:take-back-pair", "population:take-back-pairs"),
        # People of a run: none was laid out, and nobody here opens any; tasks wait for nobody.
        *("population:people", "population:person", "population:person-name", "population:person-refer"),
        *("population:person-correct", "population:correction", "population:settle"),
        *("tasks:task", "tasks:take", "tasks:give-back", "tasks:end"),
        # What is done with files of sources that are kept: those that are sent here are no tables, and are refused.
        *("population:point", "population:let-go", "population:look-through", "population:profile"),
        *("population:codes", "population:take-back", "population:columns", "population:point-at-columns"),
        # The year of a province: those who walk here answer for none.
        *("population:boundaries", "population:boundary"),
        *("population:put-boundary-in-force", "population:put-boundary-aside"),
        *("population:year", "population:year-manual", "population:holdings", "population:holding"),
        # Indicator sets: no run of those who walk here can be asked, and a note is taken back by one's own button.
        *("population:sets", "population:our-set", "population:own-set", "population:set-file", "population:copy-set"),
        *("population:change-set", "population:change-indicator", "population:set-effect", "population:propose-set"),
        *("population:agree-set", "population:put-set-aside", "population:take-note-back"),
        *("population:write-holding", "population:activities", "population:write-activity"),
        "population:take-activity-back",
        # An emergency and a conflict of interest; their own tests look for what was typed.
        *(f"people:{name}" for name in ("emergency-begin", "emergency", "emergency-confirm", "emergency-end")),
        *(f"people:{name}" for name in ("conflict", "conflict-agency", "conflict-colleague", "conflict-lift")),
        # The second step of signing in, which these people took before.
        "mfa_authenticate",
    }
)
"""Addresses that this walk neither shows nor sends to; whatever is new has to be reached, or named here."""


@dataclass(slots=True)
class Walk:
    """Goes through all pages, fills every form once in each way, and remembers what was written where."""

    browser: Browser
    sittings: dict[str, list[dict[str, str]]]
    drawn: Iterator[str]
    invited: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    filled: set[tuple[str, ...]] = field(default_factory=set)

    def write(self, where: str) -> str:
        """A fresh marker, of which is remembered where it was written."""
        marker = next(self.drawn)
        self.written[marker] = where
        return marker

    def go(self) -> None:
        """As nobody, and then as each role."""
        for role in (NOBODY, *self.sittings):
            self._come_in(role)
            seen: Counter[str] = Counter()
            waiting = list(self._known_paths())
            while waiting:
                path = waiting.pop(0)
                view = _view_of(path)
                if view and seen[view] < (MOST_OF_ONE_VIEW if resolve(urlsplit(path).path).kwargs else 1):
                    seen[view] += 1
                    waiting += self._open(role, view, path)
        self._come_in(NOBODY)
        for path in self.invited:
            self._open(NOBODY, _view_of(path), path)
        self._open(NOBODY, _view_of(COMING), COMING)

    def _known_paths(self) -> Iterator[str]:
        for address in addresses():
            if not address.arguments:
                yield from address.paths([])
            elif address.name in WORDS:
                (path,) = address.paths([])
                for word in map(str, WORDS[address.name].values()):
                    path = path.replace(word, quote(self.write(f"address of {address.name}")))
                yield path

    def _come_in(self, role: str) -> None:
        self.browser.cookies = dict(self.sittings[role].pop()) if role else {}
        if role:
            self.browser.post(AGAIN, {"password": PASSPHRASE})

    def _open(self, role: str, view: str, path: str) -> list[str]:
        """Look at a page and fill its forms; gives where it leads."""
        asked = f"{path}{'&' if '?' in path else '?'}q={quote(self.write(f'question to {view}'))}"
        said = self.browser.get(asked)
        if role and said.status == SENT_ON and self.browser.get(OWN_PAGE).status != OK:
            self._come_in(role)
            said = self.browser.get(asked)
        if said.status == OK:
            self.opened.add(view)
        page = Page(said.text)
        for number, form in enumerate(page.forms):
            if (key := (_view_of(form.action or path), *form.names)) not in self.filled and form.names:
                self.filled.add(key)
                page.links += self._fill(view, path, number, form)
        return [*page.links, said.headers.get("location", "/")]

    def _fill(self, view: str, path: str, number: int, form: Form) -> list[str]:
        """As a program sends it, and then as a person does, each on a fresh page; gives where that leads."""
        links = []
        for way in ("stuffed", "filled") if form.is_typed_into else ("stuffed",):
            forms_now = Page(self.browser.get(path).text).forms
            fresh = forms_now[number] if number < len(forms_now) else form
            values = getattr(fresh, way)(lambda name: self.write(f"{name} of {view}"))
            if way == "filled":
                values |= {name: fits(values) for name, fits in FITS.items() if name in values}
            said = self._send(fresh, urlsplit(form.action or path).path, values)
            self.invited += INVITATION.findall(said.text)
            links += [*Page(said.text).links, said.headers.get("location", "/")]
        return links

    def _send(self, form: Form, path: str, values: dict[str, str]) -> Answer:
        if form.method == "get":
            return self.browser.get(f"{path}?{urlencode(values)}")
        if form.is_multipart:
            return self.browser.send_content(path, *form.body(values))
        return self.browser.send(path, values)


def _view_of(path: str) -> str:
    """Which page an address of the house leads to; "" for files and for no page at all."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def strange_requests(walk: Walk) -> None:
    """Markers in headers, in cookies, in addresses of nothing, and in content that is none."""
    for name in ("User-Agent", "Referer", "Cookie", "Host", "Accept-Language", "X-Forwarded-For", "X-Request-Id"):
        walk.browser.ask_with("/sign-in/", {name: walk.write(f"header {name}").encode("utf-8").decode("latin-1")})
    for path in ("/{}/", "/sign-in/?next=/{}/", "/invitation/{}/", "/settings/agencies/{}/"):
        walk.browser.get(path.format(quote(walk.write(path))))
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml"):
        walk.browser.send_content("/sign-in/", kind, f'{{"login": "{walk.write(kind)}\0"}}'.encode())


def a_sealed_run(installed: Installed, folder: Path, drawn: Iterator[str]) -> set[str]:
    """A sealed run of a province in whose files of sectors 200 people have marked names."""
    names = list(itertools.islice(drawn, N_MARKERS))
    make_province(folder / "sectors", people=N_MARKERS + 40)
    head, *rows = read_csv(folder / "sectors/health.csv")
    at = next(number for number, name in enumerate(head) if "NAME" in name.upper())
    for row, name in zip(rows[5:], names, strict=False):  # the first rows are set aside
        row[at] = name
    write_csv(folder / "sectors/health.csv", [head, *rows])
    run = ("population", "run", str(SOURCES), "--data", str(folder / "sectors"), "--threads", "1", "--memory", "2GB")
    installed.sarana(*run, "--out", str(installed.home / "runs" / "first"))
    return set(names)


def columns_showing(installed: Installed, wanted: set[str]) -> dict[str, set[str]]:
    """Which markers can be read in which column of the database, read without the house."""
    columns = (
        "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"
        if installed.vendor == "sqlite"
        else "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )
    found = {}
    as_text = 'CAST("{}" AS TEXT)' if installed.vendor == "postgresql" else '"{}"'
    for table, column in installed.rows(columns):
        rows = installed.rows(f'SELECT DISTINCT {as_text.format(column)} FROM "{table}"')
        held = b"\0".join(value if isinstance(value, bytes) else str(value).encode() for (value,) in rows)
        words = read_in(held, wanted)
        if words:
            found[f"{table}.{column}"] = words
    return found


def graded() -> dict[str, Privacy]:
    """The grade of each column of the rooms."""
    return {
        f"{model._meta.db_table}.{each.column}": model.PRIVACY[each.name]  # type: ignore[attr-defined]
        for model in apps.get_models()
        if hasattr(model, "PRIVACY")
        for each in model._meta.concrete_fields
    }


def in_folders_of_its_own(installed: Installed, folder: Path) -> Installed:
    """The same installation, with everything that a process may write to in folders beside its data."""
    for name in (*SEARCHED, "logs"):
        (folder / name).mkdir(exist_ok=True)
    (installed.home / "runs").mkdir()
    more = {"TMPDIR": "temp", "XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state", "HOME": "state"}
    paths = {name: str(folder / part) for name, part in more.items()}
    return Installed(installed.home, installed.keys, installed.database_url, paths)


def files_showing(
    request: pytest.FixtureRequest, folder: Path, wanted: set[str], *, since: float
) -> dict[str, set[str]]:
    """In which files of an installation and of its database server which markers can be read."""
    found = {f"{name}/{path}": words for name in SEARCHED for path, words in seen_in(folder / name, wanted).items()}
    if request.node.callspec.params["installed"] == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        server = seen_in(cluster.folder.parent, wanted, since=since - 1)
        found |= {f"server/{path}": words for path, words in server.items()}
    return found


def test_the_search_finds_every_marker_in_every_form(tmp_path: Path) -> None:
    """The control: what would be there in any of the forms is found, at every alignment."""
    drawn = marks()
    wanted = list(itertools.islice(drawn, N_MARKERS))
    assert len(set(wanted)) == N_MARKERS
    assert len({*THAI}) == len(THAI)
    for form in forms(wanted[0]):
        text = b" the one \x00 and the other ".join(forms(word)[form] for word in wanted)
        (tmp_path / f"{form}.log").write_bytes(text)
    text = " the one and the other ".join(wanted).encode()
    (tmp_path / "zlib.log").write_bytes(b"before" + zlib.compress(text))
    (tmp_path / "gzip.log").write_bytes(b"before" + gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "zip.log", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("words.txt", text)
    found = seen_in(tmp_path, wanted)
    assert set(found) == {f"{form}.log" for form in (*forms(wanted[0]), "zlib", "gzip", "zip")}
    assert all(words == set(wanted) for words in found.values())


@pytest.mark.check("K-01")
@pytest.mark.check("D-09")
def test_k_01_what_is_typed_or_handed_over_is_readable_only_where_it_is_kept_on_purpose(
    installed: Installed, request: pytest.FixtureRequest, tmp_path: Path, counted: Counted
) -> None:
    if request.node.callspec.params["installed"] == "postgresql" and SCALE < 1:
        pytest.skip("on PostgreSQL by ./dev scale checks K-01")
    began, drawn, house = time.time(), marks(), in_folders_of_its_own(installed, tmp_path)
    house.sarana("keys", "make", "--name", "The house")
    people = a_sealed_run(house, tmp_path, drawn) if house.vendor == "sqlite" else set()
    roles = ROLES if people else ROLES[:1]
    with served(house, told=tmp_path / "logs" / "served.log") as (browser, _process):
        walk = Walk(browser, house.script("coming_in", SITTINGS, *roles), drawn)
        walk.go()
        strange_requests(walk)
        wanted = people | set(walk.written)
        in_columns, while_served = columns_showing(house, wanted), files_showing(request, tmp_path, wanted, since=began)
        backup = house.sarana("backup", "--to", str(tmp_path / "backup"), check=house.vendor == "sqlite")
    killed = files_showing(request, tmp_path, wanted, since=began)
    counted("markers in forms, addresses and headers", len(walk.written), exact=True)
    assert len(walk.written) >= N_MARKERS
    if people:
        reached = walk.opened | {key[0] for key in walk.filled}
        # Of people who are helped all errands are gone on in test_markers_of_people: nobody who walks here helps.
        walked = {address.name for address in addresses() if not address.name.startswith("people:")}
        assert walked - reached - NOT_REACHED == set()

    grades = graded()
    assert {column: grades.get(column) for column in in_columns if grades.get(column) not in IN_CLEAR} == {}
    on_purpose = {walk.written[marker] for column in in_columns for marker in in_columns[column] - people}
    assert {"name of accounts:make-agency", "name of accounts:invite"} <= on_purpose, "the search finds what is there"
    for found in (while_served, killed):
        assert [(name, where) for name, where in found.items() if not name.startswith(DATABASE_FILES)] == []
        shown = set().union(*found.values())
        assert shown & people == set()
        assert {walk.written[marker] for marker in shown} - on_purpose - REPLACED == set()
    if backup.returncode == 0:
        assert list((tmp_path / "backup").glob("*.backup"))
    if people:
        assert set().union(*seen_in(tmp_path / "sectors", people).values()) == people, (
            "they are found where they come from"
        )
