"""What is said at the end of a run: rows read, set aside, made missing by flag, people, and pairs left for review."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from sarana.methods.reference import reference_folder
from sarana.methods.runs.receipts import Receipt

LINKED = (
    ("people", "people"),
    ("pairs_for_review", "pairs left for a person to review"),
    ("judged_same", "pairs that people judged to be one person"),
    ("judged_not_same", "pairs that people judged to be two"),
    ("judged_cannot_say", "pairs of which nobody could say"),
    ("judged_rows_gone", "judgements of rows that are no longer there"),
    ("judged_contradicted", "judgements that others contradict, and that did not hold"),
)
"""What is said of linking, by its names in the receipt."""

FLAG = re.compile(r"flag (\S+)")
STRAYS = re.compile(r"facts without a person (\S+) (\d+)")


@cache
def code_says() -> Mapping[str, str]:
    """What each code says, from `reference/codes`."""
    files = sorted((reference_folder() / "codes").glob("*.toml"))
    return {
        code: said["says"] for file in files for code, said in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


def counts_told(receipts: Sequence[Receipt]) -> tuple[tuple[str, int], ...]:
    """The counts that are said at the end, each with its words; who is to be referred now is counted nowhere.

    Args:
        receipts: of all steps; those of steps that a shorter chain lacks are left out.
    """
    done = {receipt.step: receipt for receipt in receipts}
    told: list[tuple[str, int]] = []
    read = done.get("read")
    if read:
        told.append(("rows in the files", read.rows_in))
        told += [(f"set aside: {_said(code)}", n) for code, n in read.set_aside.items()]
        told.append(("rows went on", read.rows_out))
        told += _strays(read)
    flags: Counter[str] = Counter()
    for receipt in (done[step] for step in ("standardise",) if step in done):
        for key, n in receipt.counts.items():
            found = FLAG.match(key)
            if found and isinstance(n, int):
                flags[found[1]] += n
    told += [(f"rows flagged {_said(code)}", n) for code, n in sorted(flags.items())]
    link = done.get("link")
    if link:
        told += [(words, int(link.counts[key])) for key, words in LINKED if key in link.counts]
    return tuple(told)


def _strays(read: Receipt) -> list[tuple[str, int]]:
    """Rows of fact tables that belong to nobody: what they hold is lost, and `absent` is taken in its place."""
    found = ((STRAYS.match(key), n) for key, n in read.counts.items())
    return [(f"rows of fact table {m[2]} of {m[1]} belong to nobody", int(n)) for m, n in found if m and int(n)]


def _said(code: str) -> str:
    says = code_says().get(code, "")
    return f"{code} {says}".strip()
