"""By what a person is known again who objected: keyed marks of her rows, from which nothing can be read."""

from sarana.ground.accounts import keyed

CHECK_SIGNS = 8


def key_check() -> str:
    """Tells the key apart with which marks are made now: under another one nobody is known again."""
    return keyed.mark("population key of objections")[:CHECK_SIGNS]


def mark_of(source: str, row_id: str) -> str:
    """The mark of a row of a source."""
    return keyed.mark("population row", source, row_id)
