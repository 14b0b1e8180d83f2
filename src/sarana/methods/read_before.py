"""Words that an earlier run read already: the same code would read them to the same again, so they are not read."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

WORD = "raw"
"""The column of the words as they are written."""


def read_once(words: pa.Array, before: pa.Table | None, read: Callable[[list[str]], pa.Table]) -> pa.Table:
    """What there is to say of each of some words; only those are read that were not read before.

    Args:
        words: distinct, none missing.
        before: what was said of words, each once, in the column `raw`; None where nothing was read.
        read: says the same of a list of words, a line each, in their order.

    Returns:
        A line for each word, ordered by word.
    """
    if before is None or before.num_rows == 0:
        return read(words.to_pylist()).sort_by(WORD)
    known = before.column(WORD)
    is_new = pc.invert(pc.is_in(words, value_set=known.combine_chunks()))
    new = read(words.filter(is_new).to_pylist())
    taken = before.filter(pc.is_in(known, value_set=words)).select(new.column_names).cast(new.schema)
    return pa.concat_tables([taken, new]).sort_by(WORD)
