"""The reading doors, one idea a file: lists page by page, reports, and what is worth a question."""

from sarana.ground.ledger.queries.lists import Looks, Page, entries_for, get_entry, own_entries
from sarana.ground.ledger.queries.questions import Pattern, Question, worth_a_question
from sarana.ground.ledger.queries.reports import (
    AccessRow,
    Standing,
    WorkerCount,
    access_report,
    counts_of_workers,
    standing_of_the_chain,
)
from sarana.ground.ledger.queries.tallies import acts_per_day, count_of_today, things_of_today

__all__ = [
    "AccessRow",
    "Looks",
    "Page",
    "Pattern",
    "Question",
    "Standing",
    "WorkerCount",
    "access_report",
    "acts_per_day",
    "count_of_today",
    "counts_of_workers",
    "entries_for",
    "get_entry",
    "own_entries",
    "standing_of_the_chain",
    "things_of_today",
    "worth_a_question",
]
