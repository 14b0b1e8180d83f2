"""Columns of words kept as numbers: each word once, and for every row the place of its word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

type Places = NDArray[np.signedinteger[Any]]
type Rows = NDArray[np.int64]

FEW = 4
"""A column with more than a quarter as many words as rows is kept as plain text: numbers would save nothing."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: `places` gives, for every row, where its value stands among `words`; -1 where it is missing.

    Words are of any Arrow type and never missing; one may stand there twice. Places are whole numbers of the smallest
    type that holds them: a column of few words costs one byte a row.
    """

    places: Places
    words: pa.Array

    @classmethod
    def of(cls, values: pa.Array | pa.ChunkedArray) -> Self:
        """A column out of Arrow values, plain or as a dictionary."""
        chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
        if not chunks:
            return cls.missing(0, getattr(values.type, "value_type", values.type))
        if not pa.types.is_dictionary(values.type):
            chunks = [pa.concat_arrays(chunks).dictionary_encode()]
        elif len(chunks) > 1:
            chunks = pa.chunked_array(chunks).unify_dictionaries().chunks
        words = chunks[0].dictionary
        kind = pa.from_numpy_dtype(fitting(len(words)))
        places = np.empty(sum(map(len, chunks)), kind.to_pandas_dtype())
        begin = 0
        for chunk in chunks:
            indices = pc.fill_null(chunk.indices.cast(kind), -1)
            places[begin : begin + len(chunk)] = indices.to_numpy(zero_copy_only=False)
            begin += len(chunk)
        return cls(places, words)

    @classmethod
    def each(cls, values: pa.Array | pa.ChunkedArray) -> Self:
        """A column of plain values, each a word of its own, for where hardly two rows share one."""
        plain = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        kind = fitting(len(plain))
        if not plain.null_count:
            return cls(np.arange(len(plain), dtype=kind), plain)
        is_there = plain.is_valid().to_numpy(zero_copy_only=False)
        places = np.where(is_there, np.cumsum(is_there) - 1, -1).astype(kind)
        return cls(places, plain.drop_null())

    @classmethod
    def missing(cls, n_rows: int, kind: pa.DataType | None = None) -> Self:
        """A column without a value."""
        return cls(np.full(n_rows, -1, np.int8), pa.array([], kind or pa.string()))

    @classmethod
    def same(cls, n_rows: int, value: object, kind: pa.DataType | None = None) -> Self:
        """A column with one value everywhere."""
        return cls(np.zeros(n_rows, np.int8), pa.array([value], kind))

    def __len__(self) -> int:
        """How many rows the column has."""
        return len(self.places)

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Where the column has no value."""
        return self.places < 0

    def counts(self) -> Rows:
        """On how many rows each word stands."""
        return np.bincount(self.places + 1, minlength=len(self.words) + 1)[1:]

    def at(self, rows: NDArray[Any]) -> Self:
        """The same column for some rows, in the order given."""
        return type(self)(self.places[rows], self.words)

    def reworded(self, values: pa.Array | pa.ChunkedArray) -> "Coded":
        """The column in which each word is replaced by the value that stands in its place; values may be missing."""
        new = Coded.of(values)
        return Coded(self.gathered(new.places, -1), new.words)

    def gathered(self, values: NDArray[Any], missing: object) -> NDArray[Any]:
        """For every row what stands at its word's place among some values, `missing` where it has none."""
        return np.append(values, np.array([missing], values.dtype))[self.places]

    def marked(self, is_so: pa.Array | NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For every row whether something holds of its word; it never does of a missing one."""
        held = (
            is_so
            if isinstance(is_so, np.ndarray)
            else pc.fill_null(is_so, fill_value=False).to_numpy(zero_copy_only=False)
        )
        return self.gathered(held.astype(np.bool_), missing=False)

    def where(self, is_own: NDArray[np.bool_], other: "Coded") -> "Coded":
        """This column where `is_own`, the other elsewhere."""
        words = pa.concat_arrays([self.words, other.words.cast(self.words.type)])
        places = other.places.astype(fitting(len(words)))
        places[places >= 0] += places.dtype.type(len(self.words) if len(other.words) else 0)
        np.copyto(places, self.places, where=is_own, casting="same_kind")
        return Coded(places, words)

    def only(self, is_kept: NDArray[np.bool_]) -> "Coded":
        """This column where `is_kept`, missing elsewhere."""
        return Coded(np.where(is_kept, self.places, self.places.dtype.type(-1)), self.words)

    def plain(self) -> pa.Array:
        """The column as plain Arrow values."""
        return self.words.take(pa.array(self.places, mask=self.is_missing))

    def to_arrow(self) -> pa.Array:
        """The column as it may be kept: few words as a dictionary, sorted, each once, none unused; many as plain text.

        Equal columns give equal arrays, however their words came to be numbered.
        """
        if len(self.words) > len(self) // FEW + 64:
            return self.plain()
        is_used = np.zeros(len(self.words) + 1, np.bool_)
        is_used[self.places] = True  # the last stands for a missing word; to mark is half of what counting costs
        used = np.flatnonzero(is_used[:-1])
        encoded = self.words.take(pa.array(used)).dictionary_encode()
        order = pc.sort_indices(encoded.dictionary).to_numpy()
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        small = np.int8 if len(order) < 128 else np.int16 if len(order) < 32_768 else np.int32
        place = np.zeros(len(self.words), small)
        place[used] = rank[encoded.indices.to_numpy()]
        codes = pa.array(self.gathered(place, 0), mask=self.is_missing)
        return pa.DictionaryArray.from_arrays(codes, encoded.dictionary.take(pa.array(order)))


def fitting(n_words: int) -> type[np.signedinteger[Any]]:
    """The smallest type of places among so many words, with one to spare."""
    return next(kind for kind in (np.int8, np.int16, np.int32) if n_words <= np.iinfo(kind).max)


def first_of(columns: Sequence[Coded]) -> Coded:
    """For every row the first value that is not missing."""
    found = columns[0]
    for column in columns[1:]:
        if (found.places < 0).any():
            found = found.where(found.places >= 0, column)
    return found


def stacked(columns: Sequence[Coded]) -> Coded:
    """Columns of one type one under another."""
    ends = np.cumsum([len(column) for column in columns])
    kind = fitting(sum(len(column.words) for column in columns))
    places = np.full(ends[-1], -1, kind)
    n_words = 0
    for column, end in zip(columns, ends, strict=True):
        if len(column.words):
            own = places[end - len(column) : end]
            np.add(column.places, kind(n_words), out=own, casting="same_kind")
            own[column.places < 0] = -1
            n_words += len(column.words)
    return Coded(places, pa.concat_arrays([column.words for column in columns]))


def fixed_bytes(words: pa.Array, length: int) -> NDArray[np.uint8]:
    """The bytes of words of one length, a line each."""
    data = words.cast(pa.binary()).cast(pa.binary(length)).buffers()[1]
    if len(words) == 0 or data is None:
        return np.zeros((0, length), np.uint8)
    return np.frombuffer(data, np.uint8)[: len(words) * length].reshape(-1, length)
