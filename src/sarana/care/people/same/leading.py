"""Who leads a group of records of one person: told anew from the judgements that stand, the oldest first."""

from collections.abc import Iterable

type Joins = list[tuple[int, int]]
"""Which record was chosen to lead which, as it was judged, the oldest judgement first."""


def heads_of(joins: Joins) -> dict[int, int]:
    """The record that leads each that was judged: what leads the chosen one leads what led the other.

    The same judgements always give the same answer, however many others stood between them and were taken back.
    """
    group: dict[int, list[int]] = {}
    head: dict[int, int] = {}
    for chosen, other in joins:
        first, second = (head.setdefault(pk, pk) for pk in (chosen, other))
        if first == second:
            continue
        moved = group.pop(second, [second])
        group.setdefault(first, [first]).extend(moved)
        head |= dict.fromkeys(moved, first)
    return head


def without(joins: Joins, gone: Iterable[int]) -> Joins:
    """Those judgements that say nothing of some records."""
    left = set(gone)
    return [join for join in joins if not left.intersection(join)]
