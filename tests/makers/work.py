"""Makes long work of which every part can be counted, and stops, breaks or hangs where a test says so."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from makers.agencies import NOW
from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.work import Args, Kind, Receipt, Step, Work
from sarana.ground.codelists.models import Edition, Word
from sarana.ground.jobs import kinds, working

PARTS = 5


@dataclass
class Trial:
    """A kind of work with two steps, each of five parts; each part writes one row that may stand there once."""

    at: Callable[[int, int], None] = lambda _step, _part: None
    may: bool = True
    began: list[int] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """The kind as the house knows it."""
        return Kind(
            code="trial.count",
            words="Count",
            check=self._check,
            thing=lambda args: f"trial:{args.get('thing', '')}",
            steps=lambda _args: (Step("first", self._step(0)), Step("second", self._step(1))),
        )

    def _check(self, _actor: Actor, _args: Args) -> None:
        if not self.may:
            raise Refused("POLICY-005", "No more.")

    def _step(self, number: int) -> Callable[[Work], Receipt]:
        def do(work: Work) -> Receipt:
            self.began.append(number)
            edition, _ = Edition.objects.get_or_create(
                list_code=f"trial.{number}", defaults={"begun_at": NOW, "brought_by_ref": NOBODY}
            )
            for part in range(Word.objects.filter(edition=edition).count(), PARTS):
                self.at(number, part)
                with work.saving(part + 1, PARTS):
                    Word.objects.create(edition=edition, line=part, code=str(part), labels={})
            return {"parts": PARTS}

        return do


def counted() -> list[int]:
    """How many parts of each step stand there."""
    return [Word.objects.filter(edition__list_code=f"trial.{number}").count() for number in (0, 1)]


def put_up(patch: pytest.MonkeyPatch, trial: Trial) -> None:
    """Make the house know this kind, and no other."""
    patch.setattr(kinds, "kinds", lambda: {trial.kind.code: trial.kind})


def work() -> bool:
    """A worker that takes one piece of work."""
    return working.work_once(threading.Event(), "one")


def not_yet(code: str) -> NotYet:
    """An error of a step."""
    return NotYet(code, "The step cannot.", cure="Do otherwise.")
