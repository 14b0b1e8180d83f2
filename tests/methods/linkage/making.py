"""Makes standardised rows for tests of linkage: one by one, or a whole little town with the mistakes of real files."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pyarrow as pa

from sarana.basics.progress import Silent
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.linkage import LinkSettings, link_rows
from sarana.methods.names.keys import sound_key, sounds_of
from sarana.methods.names.scripts import script_of

SOURCES = ("health", "school", "cases")
SETTINGS = LinkSettings(SOURCES)

_SCHEMA = pa.schema(
    [
        ("source", pa.string()), ("row_id", pa.string()), ("given", pa.string()), ("family", pa.string()),
        ("script", pa.string()), ("given_key", pa.string()), ("family_key", pa.string()), ("sex", pa.string()),
        ("birth", pa.date32()), ("birth_precision", pa.string()), ("national_id", pa.string()),
        ("id_state", pa.string()), ("village", pa.string()), ("subdistrict", pa.string()), ("district", pa.string()),
        ("house", pa.string()), ("household", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A standardised row; keys, script and the codes of wider areas follow from the rest."""

    source: str = "health"
    row_id: str = "1"
    given: str | None = "สมชาย"
    family: str | None = "ทองคำ"
    sex: str | None = "male"
    birth: str | None = "1980-05-17"
    precise: str | None = "day"
    id: str | None = None
    id_state: str | None = "valid"
    village: str | None = "50010101"
    house: str | None = "12"
    household: str | None = None


def load_rows(engine: Engine, rows: Iterable[Row]) -> None:
    """Make `standardised`, in the order the rows are given."""
    lines = []
    for row in rows:
        line = asdict(row)
        line["script"] = None if row.given is None else script_of(row.given)
        for name in ("given", "family"):
            line[f"{name}_key"] = None if line[name] is None else sound_key(sounds_of(line[name]))
        line["birth"] = None if row.birth is None else dt.date.fromisoformat(row.birth)
        line["birth_precision"] = row.precise if row.birth else None
        line["national_id"], line["id_state"] = row.id, row.id_state if row.id else None
        line["village"] = row.village if row.village and len(row.village) == 8 else None
        line["subdistrict"] = row.village[:6] if row.village and len(row.village) >= 6 else None
        line["district"] = row.village[:4] if row.village else None
        lines.append({name: line[name] for name in _SCHEMA.names})
    engine.load("standardised", pa.Table.from_pylist(lines, schema=_SCHEMA))


def link(engine: Engine, rows: Iterable[Row], settings: LinkSettings = SETTINGS) -> StepReport:
    """Link rows; `people`, `review` and `links` are in the engine afterwards."""
    load_rows(engine, rows)
    return link_rows(engine, settings, Silent())


def persons(engine: Engine) -> dict[str, str]:
    """The person of each `source:row_id`."""
    return dict(engine.rows("SELECT source || ':' || row_id, person_id FROM people ORDER BY ALL"))


def are_one(engine: Engine, *rows: str) -> bool:
    """Whether rows, given as `source:row_id`, are one person."""
    found = persons(engine)
    return len({found[row] for row in rows}) == 1


_GIVEN = ("สม", "บุญ", "วัน", "ทอง", "คำ", "แสง", "พร", "มณี", "สุ", "อา", "จัน", "เพ็ญ", "กาน", "นิ", "ปา")
_LAST = ("ชาย", "มี", "ดี", "ลี", "ศรี", "ใจ", "พร", "รัตน์", "นา", "ธิดา", "ชัย", "ศักดิ์", "พงษ์", "วรรณ", "มา")


def make_town(n_people: int, seed: int = 1, *, share_with_id: float = 0.8) -> tuple[list[Row], dict[str, int]]:
    """Rows of a little town in three files, and who each row is.

    People live in families of one house, with twins among them. Every person stands in the health file; half
    of them in a second file, where a part of the rows has a slip in the name, a swapped day and month, the year or its
    1 January alone, no ID, the ID of another member of the family, or another village.
    """
    chance = np.random.default_rng(seed)
    rows: list[Row] = []
    truth: dict[str, int] = {}
    home: list[Row] = []
    for person in range(n_people):
        if not home or chance.random() < 0.25:
            home = []
        member = _member(home[-1] if home else _house(chance), person, chance, share_with_id)
        home.append(member)
        mine = [member]
        if chance.random() < 0.5:
            mine.append(_again(member, home, chance))
        for row in mine:
            rows.append(row)
            truth[f"{row.source}:{row.row_id}"] = person
    return rows, truth


def _house(chance: np.random.Generator) -> Row:
    """A house, as a row of nobody: where it is, and the family's name."""
    family = "".join(str(chance.choice(part)) for part in (_GIVEN, _LAST, _LAST))
    place = f"5001{chance.integers(1, 5):02}{chance.integers(1, 6):02}"
    return Row(family=family, village=place, house=str(chance.integers(1, 90)), birth=_day(chance).isoformat())


def _member(kin: Row, person: int, chance: np.random.Generator, share_with_id: float) -> Row:
    """One more of a family; seldom of another family name, at times a twin of the one before."""
    return replace(
        kin,
        row_id=f"{chance.integers(0, 16**10):010x}",
        given=str(chance.choice(_GIVEN)) + str(chance.choice(_LAST)),
        sex=str(chance.choice(["female", "male"])),
        birth=kin.birth if chance.random() < 0.04 else _day(chance).isoformat(),
        id=f"{3_500_000_000_000 + 7 * person}" if chance.random() < share_with_id else None,
    )


def _day(chance: np.random.Generator) -> dt.date:
    return dt.date(1940, 1, 1) + dt.timedelta(days=int(chance.integers(0, 29_000)))


def _again(row: Row, home: Sequence[Row], chance: np.random.Generator) -> Row:
    """The same person in another file, with or without a mistake."""
    again = replace(row, source=str(chance.choice(SOURCES[1:])), row_id=f"{chance.integers(0, 16**10):010x}")
    born = dt.date.fromisoformat(row.birth or "")
    match chance.integers(0, 12):
        case 0 | 1:
            again = replace(again, given=f"{row.given}์")
        case 2 | 3 if born.day <= 12 and born.day != born.month:
            again = replace(again, birth=born.replace(day=born.month, month=born.day).isoformat())
        case 4:
            again = replace(again, birth=f"{born.year}-01-01", precise="year")
        case 5 | 6:
            again = replace(again, id=None)
        case 7 if chance.random() < 0.3:
            again = replace(again, id=home[0].id)
        case 8:
            again = replace(again, village=f"5001{chance.integers(1, 5):02}{chance.integers(1, 6):02}", house=None)
        case 9 if chance.random() < 0.5:
            again = replace(again, birth=f"{born.year}-01-01", precise="first")
        case _:
            pass
    return again


def shuffled(rows: Sequence[Row], seed: int) -> list[Row]:
    """The same rows in another order."""
    return [rows[at] for at in np.random.default_rng(seed).permutation(len(rows))]
