"""What people judged of pairs: rows that are one person, rows that are not, and which judgements contradict others.

A judgement names two rows as `source:row_id`, so that it holds for every later run that has both rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import csv

from sarana.basics.errors import BadTable
from sarana.methods.doors import Door
from sarana.methods.engine import Engine
from sarana.methods.linkage.blocks import Numbers, Truths
from sarana.methods.linkage.clusters import Bound, join_components
from sarana.methods.linkage.rows import Rows

RELATION = "judged"
"""The relation of judgements that a run is given: left, right, verdict."""

SAME, NOT_SAME, CANNOT_SAY = "same", "not-same", "cannot-say"
VERDICTS = (SAME, NOT_SAME, CANNOT_SAY)
COLUMNS = ("left", "right", "verdict")
PARQUET, AREA = b"PAR1", b"area"
"""How a Parquet file begins, and under which key it may say of which province (TH50) its judgements are."""

COUNTRY = 2
"""So many letters of a province's code name its country."""

SURE = 3000
"""The points of a judged pair: a probability of 1 or of 0."""

_FOUND = """WITH told AS (
    SELECT row_number() OVER (ORDER BY "left", "right", verdict) AS n, *
    FROM (SELECT DISTINCT "left", "right", verdict FROM judged)),
ends AS (SELECT n, 'x' AS side, "left" AS ref FROM told UNION ALL SELECT n, 'y', "right" FROM told),
placed AS (
    SELECT n, side, place FROM ends JOIN lk_rows
    ON source = split_part(ref, ':', 1) AND row_id = substr(ref, strpos(ref, ':') + 1))
SELECT verdict, coalesce(x.place, -1) AS x, coalesce(y.place, -1) AS y FROM told
LEFT JOIN placed AS x ON x.n = told.n AND x.side = 'x'
LEFT JOIN placed AS y ON y.n = told.n AND y.side = 'y' ORDER BY told.n"""


@dataclass(frozen=True, slots=True)
class Judged:
    """Judgements of rows that this run has, each pair once a verdict, ordered by a, b.

    Args:
        a, b: rows, from 0, a < b.
        is_same, is_other: whether they are one person, or two; neither where nobody could say.
        n: how many judgements there were, by verdict.
        n_gone: how many of them name a row that is no longer there.
    """

    a: Numbers
    b: Numbers
    is_same: Truths
    is_other: Truths
    n: dict[str, int]
    n_gone: int

    @property
    def key(self) -> Numbers:
        """Each pair as one number."""
        key: Numbers = self.a << 32 | self.b
        return key

    def counts(self, bound: Bound) -> dict[str, int]:
        """What a receipt tells of them."""
        return {
            **{f"judged_{verdict.replace('-', '_')}": n for verdict, n in self.n.items()},
            "judged_rows_gone": self.n_gone,
            "judged_contradicted": int(np.count_nonzero(self.is_same & ~bound.is_kept)),
        }


def check_judged(path: Path, door: Door, province: str) -> None:
    """Make sure that judgements are not of another province, where their file says of which they are.

    Rows are named by source and number alone: those of another province would bear the same names.

    Raises:
        BadTable: LINK-003 they are of another province; LINK-002 the file cannot be read.
    """
    with door.opened(path).open("rb") as file:
        if file.read(len(PARQUET)) != PARQUET:
            return
        try:
            said = (pq.read_schema(file).metadata or {}).get(AREA, b"").decode()
        except (pa.ArrowInvalid, UnicodeDecodeError) as err:
            raise _no_judgements("it cannot be read as Parquet") from err
    if said and said[COUNTRY:] != province:
        raise BadTable(
            "LINK-003",
            "These judgements are of another province, and would part or join people of this one.",
            where=said,
            cure="Name the file that was written for this province: sarana population judgements PROVINCE --out FILE.",
        )


def load_judged(engine: Engine, path: Path) -> None:
    """Let judgements be read as `judged`: from a Parquet file whatever its name, or from a CSV file with a header.

    Raises:
        BadTable: LINK-002 it is no table of judgements.
    """
    with engine.door.opened(path).open("rb") as file:
        is_parquet = file.read(len(PARQUET)) == PARQUET
    if is_parquet:
        engine.view(RELATION, path)
        return
    try:
        kinds = csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
        engine.lend(RELATION, csv.read_csv(engine.door.opened(path), convert_options=kinds))
    except pa.ArrowInvalid as err:
        raise _no_judgements("it cannot be read as CSV") from err


def find_judged(engine: Engine, rows: Rows) -> Judged | None:
    """The judgements that the run was given, if it was, at the rows that they name.

    Raises:
        BadTable: LINK-002 a verdict is none of the three, or a pair is not two rows.

    Cost: 0.7 CPU seconds for 20,000 judgements among 2,279,000 rows.
    """
    if RELATION not in engine.tables():
        return None
    _check(engine)
    at = pa.array(np.arange(len(rows), dtype=np.int64))
    engine.lend("lk_rows", pa.table({"source": rows.source, "row_id": rows.row_id, "place": at}))
    found = engine.arrow(_FOUND)
    engine.give_back("lk_rows")
    verdict = np.asarray(found["verdict"].to_pylist(), dtype=object)
    x, y = found["x"].to_numpy(), found["y"].to_numpy()
    is_here = (x >= 0) & (y >= 0)
    a, b = np.minimum(x, y)[is_here], np.maximum(x, y)[is_here]
    told = np.array([VERDICTS.index(each) for each in verdict[is_here]], dtype=np.int64)
    [a, b, told] = np.unique(np.stack([a, b, told]), axis=1) if len(a) else np.empty((3, 0), dtype=np.int64)
    n = {name: int(np.count_nonzero(verdict == name)) for name in VERDICTS}
    return Judged(a, b, told == 0, told == 1, n, int(np.count_nonzero(~is_here)))


def places_of(judged: Judged, key: Numbers) -> Numbers:
    """Where each judged pair stands among pairs (each as one number) that hold all of them."""
    place: Numbers = np.searchsorted(key, judged.key).astype(np.int64)
    return place


def bind_rows(judged: Judged, points: Numbers, ids: NDArray[np.int64]) -> Bound:
    """Which rows are held together and apart; where judgements contradict, the weakest *same* gives way.

    *Not same*, and two unlike valid IDs, always hold: to keep two people apart who are one tells less that is wrong
    than to make one of two.

    Args:
        judged: the judgements.
        points: of each of them, without the judgement.
        ids: shape (rows,); the number of the row's valid ID, 0 for none.
    """
    foes = judged.a[judged.is_other], judged.b[judged.is_other]
    is_kept = judged.is_same.copy()
    at = np.flatnonzero(is_kept)
    whole = join_components(judged.a[at], judged.b[at], len(ids))
    doubtful = at[np.isin(whole[judged.a[at]], _contradicting(whole, foes, ids))]
    if len(doubtful):
        lines = zip(judged.a[doubtful].tolist(), judged.b[doubtful].tolist(), doubtful.tolist(), strict=True)
        strongest = sorted(lines, key=lambda line: (-int(points[line[2]]), line[0], line[1]))
        is_kept[doubtful] = False
        is_kept[_held(strongest, _by_row(foes), ids)] = True
        whole = join_components(judged.a[is_kept], judged.b[is_kept], len(ids))
    return Bound(whole=whole, foes=(whole[foes[0]], whole[foes[1]]), is_kept=is_kept)


def _contradicting(whole: Numbers, foes: tuple[Numbers, Numbers], ids: NDArray[np.int64]) -> Numbers:
    """The groups in which two rows stand that must not, or two IDs."""
    x, y = whole[foes[0]], whole[foes[1]]
    known = np.flatnonzero(ids)
    lowest = np.full(len(ids), np.iinfo(np.int64).max)
    highest = np.full(len(ids), np.iinfo(np.int64).min)
    np.minimum.at(lowest, whole[known], ids[known])
    np.maximum.at(highest, whole[known], ids[known])
    unlike = np.unique(whole[known])
    return np.concatenate([x[x == y], unlike[lowest[unlike] < highest[unlike]]])


def _by_row(foes: tuple[Numbers, Numbers]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for x, y in zip(foes[0].tolist(), foes[1].tolist(), strict=True):
        found.setdefault(x, set()).add(y)
        found.setdefault(y, set()).add(x)
    return found


def _held(strongest: Iterable[tuple[int, int, int]], foes: dict[int, set[int]], ids: NDArray[np.int64]) -> list[int]:
    """The judgements that hold when each is taken in turn, unless it would bring together what must stay apart."""
    group_of: dict[int, set[int]] = {}
    held: list[int] = []
    for x, y, at in strongest:
        one, other = (group_of.setdefault(row, {row}) for row in (x, y))
        if one is not other:
            known = {int(ids[row]) for row in one | other} - {0}
            if len(known) > 1 or any(foes.get(row, set()) & other for row in one):
                continue
            one |= other
            group_of |= dict.fromkeys(other, one)
        held.append(at)
    return held


def _check(engine: Engine) -> None:
    """Refuse what is no table of judgements."""
    names = {name for (name,) in engine.rows(f"SELECT column_name FROM (DESCRIBE {RELATION})")}
    if not names.issuperset(COLUMNS):
        raise _no_judgements(f"it lacks {', '.join(sorted(set(COLUMNS) - names))}")
    known = ", ".join(f"'{verdict}'" for verdict in VERDICTS)
    [n_bad] = engine.row(
        f"""SELECT count(*) FROM {RELATION} WHERE verdict IS NULL OR verdict NOT IN ({known})
        OR "left" IS NULL OR "right" IS NULL OR "left" = "right"
        OR NOT contains("left", ':') OR NOT contains("right", ':')"""
    )
    if n_bad:
        raise _no_judgements(f"{n_bad} of its lines are none")


def _no_judgements(why: str) -> BadTable:
    return BadTable(
        "LINK-002",
        f"The file of judgements is not as it must be: {why}.",
        where="judged",
        cure="Give a table with left, right (source:row_id, two rows) and verdict: same, not-same or cannot-say.",
    )
