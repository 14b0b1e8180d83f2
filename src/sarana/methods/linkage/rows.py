"""Rows made ready for linkage: numbered in a total order, every word a number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sarana.methods.engine import Engine
from sarana.methods.linkage.settings import LinkSettings

Codes = NDArray[np.int32]
"""One number a row, 0 for missing."""

Levels = NDArray[np.int16]
"""One small number a pair or a name: its level, or its class."""

_WORDS = (
    "source", "given", "family", "script", "given_key", "family_key", "sex", "birth_precision", "id_state",
    "village", "subdistrict", "district", "house", "household",
)  # fmt: skip
_COLUMNS = (*_WORDS, "row_id", "birth", "national_id")

_COMPARED = (
    "given", "family", "given_key", "family_key", "script", "village", "subdistrict", "district", "province", "house",
    "household", "sex", "birth", "precise",
)  # fmt: skip
"""What nobody asks of a row once it was compared."""

DAY, FIRST, YEAR = 1, 2, 3
"""How precise a birth is; 0 where that is not known."""

FEMALE, NOT_FEMALE = 1, 2

_PROVINCE = 2
"""So many letters of a district's code say in which province it lies."""

_ID = """CASE WHEN national_id IS NULL THEN 0
    ELSE coalesce(
        CASE WHEN length(national_id) <= 17
            THEN length(national_id) * 100000000000000000 + try_cast(national_id AS BIGINT) END,
        -1 - (hash(national_id) >> 1)::BIGINT) END"""
"""An ID as a number of its own, leading zeros and all; one too long for that, which is no ID, by its hash."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of all sources, ordered by source position and row id; a row is known by its place in that order.

    Args:
        source, row_id, national_id: words, shape (rows,).
        words, keys: the distinct names (given and family together) and the distinct phonetic keys.
        given, family: number of the name in `words`, from 1.
        given_key, family_key: number of the key in `keys`, from 1; the empty key has a number too.
        place: position of the source, from 1.
        script, village, subdistrict, district, house, household: numbers, equal where the words are.
        province: number of the province that the district lies in.
        sex: FEMALE or NOT_FEMALE.
        birth: number of the birth date; `year`, `month` and `day` of a date stand at its number.
        precise: DAY, FIRST or YEAR.
        id: the ID as a number, 0 for none; an ID on more rows than one person can have is none.
        has_id: whether the ID is valid.
        is_hidden: whether the ID is hidden, to teach.
        is_doubted: whether the ID is valid and yet shown to be no proof, by another row that has it.
    """

    source: pa.Array
    row_id: pa.Array
    national_id: pa.Array
    words: pa.Array
    keys: pa.Array
    given: Codes
    family: Codes
    given_key: Codes
    family_key: Codes
    place: Codes
    script: Codes
    village: Codes
    subdistrict: Codes
    district: Codes
    province: Codes
    house: Codes
    household: Codes
    sex: Codes
    birth: Codes
    year: Codes
    month: Codes
    day: Codes
    precise: Codes
    id: NDArray[np.int64]
    has_id: NDArray[np.bool_]
    is_hidden: NDArray[np.bool_]
    is_doubted: NDArray[np.bool_]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.place)

    def doubting(self, is_doubted: NDArray[np.bool_]) -> "Rows":
        """The same rows, where some IDs prove nothing: their rows are open."""
        return replace(
            self,
            has_id=self.has_id & ~is_doubted,
            is_hidden=self.is_hidden & ~is_doubted,
            is_doubted=self.is_doubted | is_doubted & self.has_id,
        )

    def compared(self) -> "Rows":
        """The rows when they were compared: whose they are and their IDs; the memory of all else can go."""
        blank: dict[str, Any] = dict.fromkeys(_COMPARED, np.zeros(0, np.int32))
        return replace(self, **blank, national_id=self.national_id[:0], words=self.words[:0], keys=self.keys[:0])


def prepare_rows(engine: Engine, settings: LinkSettings, *, is_taught: bool = True) -> Rows:
    """The rows of `standardised`, in order of source position and row id.

    A row is *open* when it has no valid ID; a hash-picked share of the others has its ID *hidden*, so that pairs
    whose answer is known teach the weights exactly what open rows will meet. Where nothing is taught, none is.

    Cost: 3.5 CPU seconds and 750 MiB for 2.3 million rows; each distinct word is looked at once.
    """
    table = engine.read("standardised", _COLUMNS, _WORDS)
    n_with_id = int((_marks(table["id_state"], ("valid",)) > 0).sum())
    table, place = _in_order(table, settings.sources)
    (given, family), words = _numbers(table, "given", "family")
    (given_key, family_key), keys = _numbers(table, "given_key", "family_key")
    state = _marks(table["id_state"], ("valid", "shared"))
    birth, dates = _dates(table["birth"])
    ids, is_hidden = _ids(engine, table, state == 1, every=max(1, n_with_id // settings.taught_rows))
    return Rows(
        source=pa.DictionaryArray.from_arrays(pa.array(place - 1), pa.array(settings.sources, pa.string())),
        row_id=_whole(table["row_id"]),
        national_id=_whole(table["national_id"]),
        words=words,
        keys=keys,
        given=given,
        family=family,
        given_key=given_key,
        family_key=family_key,
        place=place,
        **{
            name: _numbers(table, name)[0][0]
            for name in ("script", "village", "subdistrict", "district", "house", "household")
        },
        province=_first_letters(table["district"], _PROVINCE),
        sex=_marks(table["sex"], ("female",), other=NOT_FEMALE),
        birth=birth,
        **dates,
        precise=_marks(table["birth_precision"], ("day", "first", "year")),
        id=_plausible(
            np.where((state == 2) | (_indices(table["id_state"]) < 0), 0, ids), state == 1, settings.block_rows
        ),
        has_id=state == 1,
        is_hidden=is_hidden & is_taught,
        is_doubted=np.zeros(len(place), dtype=np.bool_),
    )


def _in_order(table: pa.Table, sources: Sequence[str]) -> tuple[pa.Table, Codes]:
    """The rows of the sources that are named, in their total order, with the position of each row's source.

    A saved table stands in its order already; sorting it again would be dear.
    """
    found = _whole(table["source"]).dictionary.to_pylist()
    place = np.array([0, *(sources.index(name) + 1 if name in sources else 0 for name in found)], dtype=np.int32)
    place = place[_indices(table["source"]) + 1]
    if not place.all():
        kept = np.flatnonzero(place)
        table, place = table.take(pa.array(kept)), place[kept]
    row_id = _whole(table["row_id"])
    falls = np.asarray(pc.less(row_id[1:], row_id[: max(0, len(row_id) - 1)]))
    if np.any((place[1:] < place[:-1]) | (place[1:] == place[:-1]) & falls):
        keys = pa.table({"place": place, "row_id": row_id})
        order = pc.sort_indices(keys, sort_keys=[("place", "ascending"), ("row_id", "ascending")])
        table, place = table.take(order), place[np.asarray(order)]
    return table.combine_chunks(), place


def _ids(
    engine: Engine, table: pa.Table, has_id: NDArray[np.bool_], *, every: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Every ID as a number, 0 for none; and whether it is hidden."""
    engine.lend("lk_ids", table.select(["source", "row_id", "national_id"]).append_column("has_id", pa.array(has_id)))
    found = engine.arrow(
        f"""SELECT {_ID}::BIGINT AS id,
            CASE WHEN has_id THEN (hash(source || ':' || row_id) % {every})::INTEGER ELSE 1 END AS turn FROM lk_ids"""
    )
    engine.give_back("lk_ids")
    return found.column("id").to_numpy(), found.column("turn").to_numpy() == 0


def _plausible(ids: NDArray[np.int64], has_id: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
    """The IDs, 0 for one that is not valid and stands on more rows than `most`: typed to fill the field."""
    odd = np.flatnonzero((ids != 0) & ~has_id)
    _, which, n_rows = np.unique(ids[odd], return_inverse=True, return_counts=True)
    ids[odd[n_rows[which] > most]] = 0
    return ids


def _numbers(table: pa.Table, *columns: str) -> tuple[list[Codes], pa.Array]:
    """Columns of words as numbers from 1, 0 for missing, and the words that they share."""
    coded = [_whole(table[column]) for column in columns]
    if len(coded) == 1:
        return [_indices(table[columns[0]]) + 1], coded[0].dictionary
    lists = [column.dictionary.cast(pa.string()) for column in coded]
    shared = pa.concat_arrays(lists).dictionary_encode()
    number = np.asarray(shared.indices).astype(np.int32) + 1
    numbers, begin = [], 0
    for column, words in zip(columns, lists, strict=True):
        mine = np.concatenate([np.zeros(1, dtype=np.int32), number[begin : begin + len(words)]])
        numbers.append(mine[_indices(table[column]) + 1])
        begin += len(words)
    return numbers, shared.dictionary


def _marks(column: pa.ChunkedArray, words: Sequence[str], other: int = 0) -> Codes:
    """The position of each row's word among a few known ones, from 1; `other` for any other word, 0 for missing."""
    found = _whole(column).dictionary.to_pylist()
    mark = [words.index(word) + 1 if word in words else other for word in found]
    return np.array([0, *mark], dtype=np.int32)[_indices(column) + 1]


def _first_letters(column: pa.ChunkedArray, n: int) -> Codes:
    """The first letters of words as numbers from 1, 0 for missing."""
    coded = _whole(column)
    heads = pc.utf8_slice_codeunits(coded.dictionary.cast(pa.string()), 0, n).dictionary_encode()
    number = np.append(0, np.asarray(heads.indices) + 1).astype(np.int32)
    return number[_indices(coded) + 1]


def _dates(column: pa.ChunkedArray) -> tuple[Codes, dict[str, Codes]]:
    """Dates as numbers from 1, and the year, month and day at each number (0 at 0)."""
    coded = _whole(column).dictionary_encode()
    days = np.asarray(coded.dictionary.cast(pa.int32())).astype("datetime64[D]")
    years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
    parts = {
        "year": years.astype(np.int64) + 1970,
        "month": (months - years.astype("datetime64[M]")).astype(np.int64) + 1,
        "day": (days - months.astype("datetime64[D]")).astype(np.int64) + 1,
    }
    return _indices(coded) + 1, {name: np.append(0, part).astype(np.int32) for name, part in parts.items()}


def _indices(column: pa.ChunkedArray | pa.DictionaryArray) -> Codes:
    """Where each row's word stands in the dictionary, from 0; -1 for missing."""
    return np.asarray(pc.fill_null(_whole(column).indices, -1)).astype(np.int32)


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
