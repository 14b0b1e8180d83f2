"""An invented province of four sectors, of which villages and health were handed over on the web."""

import csv
from pathlib import Path

import pytest

from makers.agencies import a_person, acting, an_agency
from makers.handed import a_source, keep
from sarana.basics.progress import Silent
from sarana.ground.accounts.models import Account, Agency
from sarana.learning.population.sources.models import Source
from sarana.methods.invented.province import invent_province
from sarana.methods.invented.settings import ProvinceSettings

PEOPLE = 300


def invented(factory: pytest.TempPathFactory, *, people: int = PEOPLE) -> Path:
    """A folder of invented people, to be read only."""
    folder = factory.mktemp("invented") / "province"
    invent_province(ProvinceSettings(people=people, seed=1), folder, Silent())
    return folder


def with_strange_sex(health: Path, folder: Path, *, own_words: tuple[str, ...] = ("Somchai",)) -> Path:
    """The same file, twelve rows of which say 9 for the sex, and some of which say a person's own word."""
    header, *rows = health.read_text("utf-8").splitlines()
    at = header.split(",").index("SEX")
    for n, word in enumerate(["9"] * 12 + [*own_words]):
        cells = rows[n].split(",")
        rows[n] = ",".join([*cells[:at], word, *cells[at + 1 :]])
    target = folder / "health.csv"
    target.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return target


def with_formulas(health: Path, folder: Path, formulas: tuple[str, ...]) -> Path:
    """The same file, the first rows of which bear a formula for a given name."""
    with health.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    at = rows[0].index("NAME")
    for row, formula in zip(rows[1:], formulas, strict=False):
        row[at] = formula
    target = folder / "health.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return target


def an_office() -> tuple[Agency, Account]:
    """The centre of the province with somebody who hands files over."""
    centre = an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)
    return centre, a_person(centre, "data-specialist")


def handed_over(account: Account, agency: Agency, province: Path, layout: str, **instead: Path) -> Source:
    """A source all of whose files were handed over; `instead` gives another file for the table of people."""
    source = a_source(account, agency, layout)
    for number, part in enumerate(source.laid_out().parts):
        path = instead.get("people", province / part.name) if number == 0 else province / part.name
        keep(acting(account), source, path, part.name)
    return source
