"""K-01 in the people's room: who is helped stands nowhere in clear, and opens with nobody else's keys.

Those who help go on every errand that the room has, over HTTP, while the web is served as its operator serves it:
entering with every kind of name, paper and way, photographs, consents, searching, asking another agency, records of
one person, emergencies, conflicts of interest, what was there before a change, a table by command. Whatever they type
is a marker, and every form is once sent full of them. Then every file is gone through as in `test_markers`: here
nothing may stand in any column either.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from faults.coming_to_people import OURS
from faults.conftest import copied
from faults.test_markers import columns_showing, files_showing, in_folders_of_its_own
from makers.addresses import addresses
from makers.agencies import PASSPHRASE
from makers.canary import N_MARKERS, marks, seen_in
from makers.cluster import Cluster
from makers.counted import SCALE, Counted
from makers.errands import ROOM, Errands, a_whole_person, code_of, in_days, word_of
from makers.installed import COMMAND, Installed
from makers.rare_errands import change_while_held, keep_out, open_in_an_emergency
from makers.serving import Browser, served

PERSON = r'href="(/people/[-0-9a-f]{36}/)"'
IDENTITY = ("of a name", "of a paper", "of a way", "where-address", "story-", "birth-gender", "line of a table")
"""How what tells who somebody is was remembered as written."""

TABLE_ROWS = 12

type TwoAgencies = tuple[Installed, str, str]
"""A house, and the references of two agencies in it."""


def enter_everybody(errands: Errands) -> tuple[list[str], dict[str, str]]:
    """Five people of ours, two of them one person; and what is common to those two."""
    errands.comes("worker")
    errands.open("/people/new/")
    first = a_whole_person(errands)
    pages = [errands.enter(first)]
    both = {name: first[name] for name in ("names-0-text", "names-0-given", "names-0-family", "papers-1-number")}
    again = {**a_whole_person(errands), **both}
    word = {"nobody-of-these": "", "csrfmiddlewaretoken": word_of(errands.browser.get("/people/new/"))}
    asked = errands.send("/people/new/", again | word)
    assert 'name="nobody-of-these"' in asked.text, "who is here already is shown before somebody is entered twice"
    pages.append(errands.enter(again))
    pages += [errands.enter(a_whole_person(errands)) for _ in range(3)]
    return pages, both


def change(errands: Errands, page: str, other: str) -> None:
    """Everything of one person is opened, and written anew; others work with her, and she stands to others."""
    shown = errands.open(page)
    for part in ("name", "contact", "story"):
        errands.press(shown, f"people:{part}")
    for part in ("names", "contact", "story"):
        form = errands.press(shown, f"people:change-{part}")
        assert errands.fill(f"{page}change/{part}/", form).status == 200
    errands.fill(f"{page}change/facts/", errands.open(f"{page}change/facts/"), facts__nationalities="TH")
    shown = errands.press(errands.open(page), "people:assign")
    shown = errands.press(shown, "people:end-assigned", nth=1)
    shown = errands.press(shown, "people:relate", other=code_of(errands.open(other)), kind="friend")
    errands.press(shown, "people:unrelate")


def photograph_and_agree(errands: Errands, page: str, theirs: str) -> None:
    """A photograph is kept, masked, given on and taken away; somebody agrees, takes back, and a law is followed."""
    agreed = {"recipient": theirs, "tiers": ["names", "contact", "story", "masked"], "purpose": "help"}
    kept = errands.send_photograph(f"{page}photographs/add/", errands.open(f"{page}photographs/"))
    errands.press(kept, "people:photograph-show")
    masking = errands.press(kept, "people:photograph-mask")
    box = {f"boxes__0__{name}": "40" for name in ("left", "top", "width", "height")}
    errands.press(masking, "people:photograph-mask", do="look", **box)
    errands.press(masking, "people:photograph-mask", do="keep", **box)
    consents = errands.open(f"{page}consents/")
    consents = errands.press(consents, "people:consent-give", **agreed, until=in_days(30), language="th")
    photographs = errands.open(f"{page}photographs/")
    for act in ("masked-show", "masked-take", "masked-hand"):
        errands.press(photographs, f"people:{act}")
    errands.comes("chief")
    errands.open("/people/given/")
    errands.press(errands.open(page), "people:name")
    errands.press(errands.open(f"{page}photographs/"), "people:masked-show")
    errands.comes("lead")
    consents = errands.open(f"{page}consents/")
    consents = errands.press(consents, "people:share-by-law", **agreed, until=in_days(30), ground="danger")
    errands.press(consents, "people:share-end")
    errands.press(errands.open(f"{page}consents/"), "people:consent-take-back", how="spoken")
    kept = errands.send_photograph(f"{page}photographs/add/", errands.open(f"{page}photographs/"))
    errands.press(kept, "people:photograph-remove")


def agree_and_ask(errands: Errands, page: str, both: dict[str, str], theirs: str, machine: Any) -> dict[str, Any]:
    """A record lures; two agencies agree, each has somebody of one name, who says yes; one asks; the machine looks."""
    errands.comes("lead")
    errands.fill("/people/lures/", errands.open("/people/lures/"), sex="female", year="1990")
    errands.press(errands.open(re.findall(PERSON, errands.open("/people/?of=newest").text)[0]), "people:name")
    terms = {"partner": theirs, "until": in_days(200), "a_day": "5"}
    errands.fill("/people/agreements/", errands.open("/people/agreements/"), **terms)
    errands.comes("chief")
    errands.press(errands.open("/people/agreements/"), "people:agreement-sign")
    elsewhere = errands.enter({**a_whole_person(errands), **both})
    yes = {"until": in_days(60), "is_explained": "on"}
    errands.press(errands.open(f"{elsewhere}question/"), "people:say-yes", **yes)
    errands.comes("worker")
    asking = errands.press(errands.open(f"{page}question/"), "people:say-yes", **yes)
    errands.press(asking, "people:ask")
    found: dict[str, Any] = machine()
    errands.comes("chief")
    (reached,) = set(re.findall(r"/people/asked/[-0-9a-f]{36}/", errands.open("/people/asked/").text))
    errands.fill(reached, errands.open(reached), outcome="calls")
    errands.comes("worker")
    errands.press(errands.open(f"{page}question/"), "people:take-yes-back")
    errands.comes("lead")
    errands.press(errands.open("/people/agreements/"), "people:agreement-end")
    return found


def search(errands: Errands, both: dict[str, str]) -> None:
    """By name, number and telephone, of somebody who is there and of nobody; and with words where none belong."""
    errands.comes("worker")
    form, nobody = errands.open("/people/search/"), errands.write("words of a search")
    for asked in (
        *({"words": words} for words in (both["names-0-text"], nobody, f"{nobody} born:1999")),
        {"number": both["papers-1-number"], "phone": errands.write("telephone of a search")},
        {"words": both["names-0-text"], "place": errands.write("place of a search")},
    ):
        told = errands.send("/people/search/", {**asked, "csrfmiddlewaretoken": word_of(form)})
        assert told.status == (422 if "place" in asked else 200)
    errands.open(f"/people/search/?words={quote(errands.write('words in an address'))}&place=Zq")


def judge_and_end(errands: Errands, pages: list[str], alarms: Iterable[str]) -> None:
    """Two records are judged; an alarm is read; one person is held, and another erased."""
    errands.comes("lead")
    (pair, *_) = re.findall(r"/people/alike/[-0-9a-f]{36}/", errands.open("/people/alike/").text)
    shown = errands.press(errands.open(pair), "people:pair")
    judged = errands.press(shown, "people:judge", verdict="same")
    errands.open(f"{pages[0]}records/")
    errands.press(judged, "people:take-judgement-back")
    errands.send("/people/ending/", {"code": "x", "csrfmiddlewaretoken": word_of(errands.open("/people/ending/"))})
    holding, erasing = f"{pages[3]}hold/", f"{pages[4]}erase/"
    held = errands.fill(holding, errands.open(holding), reason="court", review_on=in_days(30))
    errands.press(held, "people:let-go")
    code = code_of(errands.open(pages[4]))
    errands.fill(erasing, errands.fill(erasing, errands.open(erasing), reason="mistake"), code=code)
    assert errands.browser.get(pages[4]).status == 404
    errands.comes("officer")
    for ref in alarms:
        errands.open(f"/people/alarms/{UUID(ref)}/")


def by_command(house: Installed, errands: Errands, told: dict[str, Any], folder: Path) -> None:
    """A table is taken in, some of its lines are set aside, and somebody is searched."""
    folder.mkdir()
    write = errands.write
    lines = [
        ",".join((*(write("line of a table") for _ in range(4)), "x" if number % 4 == 3 else "1"))
        for number in range(TABLE_ROWS)
    ]
    (folder / "people.csv").write_text("\n".join(["NAME,NICK,CID,TEL,SEX", *lines, ""]), "utf-8")
    (folder / "map.toml").write_text(
        '[table]\nlevel = "audited"\ncountry = "TH"\n[fields]\ngiven = "NAME"\nnickname = "NICK"\n'
        'national_id = "CID"\nphone = "TEL"\nsex = { column = "SEX", codes = { 1 = "male" } }\n',
        "utf-8",
    )
    aside = house.home.parent / "logs" / "set-aside.csv"
    table = ("import", str(folder / "people.csv"), "--map", str(folder / "map.toml"), "--aside", str(aside))
    said = [_command(house, told, *table), _command(house, told, "search", "-", typed=write("search by command"))]
    assert "3 lines set aside" in said[0].stdout
    (house.home.parent / "logs" / "commands.log").write_text("".join(f"{each.stdout}{each.stderr}" for each in said))


def _command(
    house: Installed, told: dict[str, Any], *words: str, typed: str = ""
) -> "subprocess.CompletedProcess[str]":
    secret = house.keys.parent / "secret"
    secret.write_text(f"{PASSPHRASE}\n{told['codes'].pop()}\n")
    own = ["--agency", OURS, "--as", told["user"], "--purpose", "help", "--passphrase-fd"]
    with secret.open() as opened:
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, "people", *words, *own, str(opened.fileno())],
            env=house.environment, input=typed, capture_output=True, text=True, check=False,
            pass_fds=[opened.fileno()],
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def go(house: Installed, browser: Browser, folder: Path) -> Errands:
    """All errands, in an order in which each finds what it needs."""
    told = house.script("coming_to_people")
    errands = Errands(browser, told["cookies"], marks("Yj", "ญ"))
    pages, both = enter_everybody(errands)
    change(errands, pages[2], pages[3])
    photograph_and_agree(errands, pages[0], told["theirs"])
    found = agree_and_ask(errands, pages[0], both, told["theirs"], lambda: house.script("people_meanwhile"))
    assert found["alike"] > 0
    assert found["alarms"] > 0
    assert (found["asked"], found["reached"]) == (1, 1)
    search(errands, both)
    judge_and_end(errands, pages, house.refs("SELECT ref FROM people_alarm"))
    for of in ("mine", "newest", "given"):
        errands.open(f"/people/?of={of}")
    open_in_an_emergency(errands)
    keep_out(errands, pages[1], agency=told["theirs"], colleague=told["colleague"])
    change_while_held(errands)
    by_command(house, errands, told, folder / "tables")
    return errands


@pytest.mark.check("K-01")
@pytest.mark.check("D-09")
def test_k_01_what_is_typed_of_people_is_readable_nowhere_at_all(
    installed: Installed, request: pytest.FixtureRequest, tmp_path: Path, counted: Counted
) -> None:
    if request.node.callspec.params["installed"] == "postgresql" and SCALE < 1:
        pytest.skip("on PostgreSQL by ./dev scale checks K-01")
    began, house = time.time(), in_folders_of_its_own(installed, tmp_path)
    house.sarana("keys", "make", "--name", "The house")
    with served(house, told=tmp_path / "logs" / "served.log") as (browser, _process):
        errands = go(house, browser, tmp_path)
        wanted = set(errands.written)
        in_columns, while_served = columns_showing(house, wanted), files_showing(request, tmp_path, wanted, since=began)
        backup = house.sarana("backup", "--to", str(tmp_path / "backup"), check=house.vendor == "sqlite")
    killed = files_showing(request, tmp_path, wanted, since=began)
    of_people = {marker for marker, where in errands.written.items() if any(each in where for each in IDENTITY)}
    counted("markers that tell who somebody is", len(of_people), exact=True)
    counted("markers in forms, photographs, searches, a table and addresses of people", len(wanted), exact=True)
    assert len(of_people) >= N_MARKERS
    rooms = {address.name for address in addresses() if address.name.startswith(ROOM)}
    assert rooms - errands.reached == set(), "every address of the room was answered to somebody"
    for found in (in_columns, while_served, killed):
        assert {name: {errands.written[word] for word in words} for name, words in found.items()} == {}
    assert list((tmp_path / "home" / "search").iterdir()), "what finds people was there"
    assert backup.returncode != 0 or list((tmp_path / "backup").glob("*.backup"))
    assert len(seen_in(tmp_path / "tables", wanted)["people.csv"]) == 4 * TABLE_ROWS, "the search finds what is there"


def everything(house: Installed) -> dict[str, dict[str, Any]]:
    """What opens of each agency, by its reference, for those who may."""
    found: dict[str, dict[str, Any]] = house.script("people_opened")
    return found


NOTHING = {"tiers": 0, "photographs": 0, "search files": 0}
ALL = {"tiers": 4, "photographs": 1, "search files": 1}
"""Names, contact, story and the key of a photograph; the photograph; and what finds her."""


def opened(said: dict[str, Any]) -> dict[str, int]:
    """The same without the codes; what did not open has one."""
    opens = {name: n for name, n in said.items() if name != "codes"}
    assert bool(said["codes"]) == (opens != ALL)
    return opens


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two_agencies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TwoAgencies:
    """A house that was served and stopped, in which two agencies have one person each, with a photograph."""
    if request.param == "postgresql" and SCALE < 1:
        pytest.skip("on PostgreSQL by ./dev scale checks K-01")
    made: Installed = request.getfixturevalue(f"set_up_on_{request.param}")
    url = ""
    if made.database_url:
        cluster: Cluster = request.getfixturevalue("cluster")
        url = cluster.address(cluster.new_database(like=made.database_url.rpartition("/")[2]))
    house = copied(made, tmp_path_factory.mktemp("two-agencies"), url)
    house.sarana("keys", "make", "--name", "The house")
    told = house.script("coming_to_people")
    with served(house) as (browser, _process):
        errands = Errands(browser, told["cookies"], marks())
        for who in ("worker", "chief"):
            errands.comes(who)
            page = errands.enter(a_whole_person(errands))
            errands.send_photograph(f"{page}photographs/add/", errands.browser.get(f"{page}photographs/"))
    return house, told["ours"], told["theirs"]


@pytest.fixture
def keys(two_agencies: TwoAgencies) -> Iterator[Path]:
    """The folder of keys of that house; whatever a test does with it, the next one finds it as it was."""
    folder = two_agencies[0].keys / "vault"
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    kept.rename(folder)


@pytest.mark.check("K-01")
def test_with_the_keys_taken_away_nothing_of_anybody_opens(
    two_agencies: TwoAgencies, keys: Path, tmp_path: Path
) -> None:
    house, ours, theirs = two_agencies
    for taken in (keys / "open.key", keys / "keyset.json", keys / "agencies", keys):
        taken.rename(tmp_path / "away")
        found = everything(house)
        assert {agency: opened(found[agency]) for agency in (ours, theirs)} == {ours: NOTHING, theirs: NOTHING}, taken
        if taken.is_dir():  # with a lock at most: whoever tries makes the folder, and no key
            assert [path.name for path in taken.rglob("*") if path.suffix == ".json"] == []
            shutil.rmtree(taken)
        (tmp_path / "away").rename(taken)
    found = everything(house)
    assert {agency: opened(found[agency]) for agency in (ours, theirs)} == {ours: ALL, theirs: ALL}


@pytest.mark.check("K-01")
@pytest.mark.check("K-06")
def test_with_the_keys_of_one_agency_nothing_of_another_opens(two_agencies: TwoAgencies, keys: Path) -> None:
    house, ours, theirs = two_agencies
    of_theirs = keys / "agencies" / f"{theirs}.json"
    of_theirs.unlink()
    found = everything(house)
    assert (opened(found[ours]), opened(found[theirs])) == (ALL, NOTHING)
    shutil.copy(keys / "agencies" / f"{ours}.json", of_theirs)
    found = everything(house)
    assert (opened(found[ours]), opened(found[theirs])) == (ALL, NOTHING)


@pytest.mark.check("K-01")
@pytest.mark.check("K-06")
def test_with_the_keys_of_another_house_nothing_of_this_one_opens(
    two_agencies: TwoAgencies, keys: Path, set_up_on_sqlite: Installed, tmp_path: Path
) -> None:
    house, ours, theirs = two_agencies
    other = copied(set_up_on_sqlite, tmp_path)
    other.sarana("keys", "make", "--name", "Another house")
    shutil.rmtree(keys)
    shutil.copytree(other.keys / "vault", keys)
    found = everything(house)
    assert (opened(found[ours]), opened(found[theirs])) == (NOTHING, NOTHING)
