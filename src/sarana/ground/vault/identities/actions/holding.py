"""Holds outlast a restore: each is a line of the list in the key folder, as its end is, and the newest one counts."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities import policy
from sarana.ground.vault.identities.models import Subject
from sarana.methods.sealing.erased import HELD, LET_GO, ErasedLine, Marks, hold_ref, is_of_hold


def reason_of(subject: Subject) -> str:
    """How the list tells of a hold: why, and when somebody looks at it again."""
    return f"{HELD}:{subject.held}:{subject.review_on}"


def held_in(lines: Iterable[ErasedLine], marks: Marks, ref: UUID) -> ErasedLine | None:
    """The newest line that tells of a hold of a person or of its end; of two in one moment that of the hold."""
    told = [line for line in lines if line.mark in marks.all_of(hold_ref(str(ref), line.at, line.reason))]
    return max(told, key=lambda line: (line.at, line.reason != LET_GO), default=None)


def holds_of(lines: Iterable[ErasedLine]) -> list[ErasedLine]:
    """The lines that tell of holds."""
    return [line for line in lines if is_of_hold(line.reason)]


def hold_again(machine: Actor, subjects: Sequence[Subject], lines: Sequence[ErasedLine], marks: Marks) -> None:
    """Bring holds to what the list tells: set after a backup, or ended after it, they are so again."""
    for subject in subjects:
        line = held_in(lines, marks, subject.ref)
        if line is not None and _brought(subject, line):
            record(
                machine,
                "vault.identity-held-again",
                thing_kind=policy.KIND,
                thing_ref=subject.ref,
                owner_agency_ref=subject.agency_ref,
            )


def _brought(subject: Subject, line: ErasedLine) -> bool:
    """Whether a row had to be changed."""
    was = (subject.held, subject.review_on)
    if line.reason == LET_GO:
        subject.held, subject.held_at, subject.review_on = "", None, None
    else:
        with contextlib.suppress(ValueError):  # a version that is newer knows reasons that this one does not
            _head, why, review = line.reason.split(":")
            review_on, held = dt.date.fromisoformat(review), Subject.Held(why)
            subject.held, subject.review_on = held, review_on
            subject.held_at = dt.datetime.fromisoformat(line.at)
    if was == (subject.held, subject.review_on):
        return False
    subject.save(update_fields=["held", "held_at", "review_on"])
    return True
