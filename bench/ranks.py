"""`python -m bench ranks RUN`: of what is told of areas that change rank under another set, how much is so.

Drafts as people argue over them are held against a finished run of invented people: exactly, and with noise again and
again. Counted are areas that change rank, those of which it is told, and those told wrongly.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sarana.methods.areas.placed import places_of
from sarana.methods.engine import Engine
from sarana.methods.questions.asked_run import AskedRun, asked
from sarana.methods.questions.blurred import Blur
from sarana.methods.questions.blurred_ranks import clear_moves, hear
from sarana.methods.questions.ranks import Published, Tally, rank, read_published
from sarana.methods.questions.reckoned import DISTRICT, settle_people
from sarana.methods.questions.sets_diff import _settings, _states, _tallies
from sarana.methods.risk.changing import changed_set, with_indicator, without_indicator
from sarana.methods.risk.scoring import compile_set
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.means import Means

FAR = 3
"""So many places are far enough for a plan to change."""


@dataclass(slots=True)
class Counted:
    """Sums over answers about the areas of one level."""

    areas: int = 0
    moved: int = 0
    far: int = 0
    told: int = 0
    told_far: int = 0
    wrong: int = 0
    outside: int = 0

    def line(self, level: str, answers: int) -> str:
        """In one line, of an answer on the average."""
        each = {name: getattr(self, name) / answers for name in self.__slots__}
        share = self.told_far / self.far if self.far else 0
        return (
            f"  {level}: of {each['areas']:.0f} areas {each['moved']:.0f} change rank, {each['far']:.0f} by {FAR} "
            f"places or more; told {each['told']:.1f}, of those far {share:.0%}; "
            f"wrong {each['wrong']:.3f} an answer ({self.wrong} of {self.told}), "
            f"true rank outside what is told {self.outside} of {self.told}"
        )


def drafts(own: IndicatorSet) -> Iterator[tuple[str, IndicatorSet]]:
    """Changes as people argue over them."""
    plain = own.bandings[own.banding]
    yield "one weight doubled (e01)", with_indicator(own, "e01", weight=2)
    yield "one weight doubled (f01)", with_indicator(own, "f01", weight=2)
    yield "one question left out (h01)", without_indicator(own, "h01")
    yield "four questions left out", _without(own, "h01", "h03", "e01", "e02")
    for says, red in (
        ("a high band from five grave findings", "threes >= 5 or index >= 1.50 and low >= 1.25"),
        ("a high band from an index of 1.4", "threes >= 4 or index >= 1.40 and low >= 1.25"),
        ("a high band by grave findings alone", "threes >= 4"),
    ):
        rules = {**plain.rules, "red": red}
        banding = {"says": plain.says, "order": plain.order, "rules": rules}
        yield says, changed_set(own, bandings={**own.bandings, own.banding: banding})


def _without(own: IndicatorSet, *ids: str) -> IndicatorSet:
    for each in ids:
        own = without_indicator(own, each)
    return own


def main(arguments: Sequence[str]) -> int:
    """Hold the drafts against one run and print what is told."""
    parser = argparse.ArgumentParser(prog="bench ranks")
    parser.add_argument("run", type=Path)
    parser.add_argument("--answers", type=int, default=200, help="of each draft, each with noise of its own")
    said = parser.parse_args(arguments)
    with asked(said.run, Means(threads=2, memory_mib=3000)) as (engine, run):
        print(f"{run.name}, as of {run.as_of}, {said.answers} answers of each draft")
        for name, draft in drafts(run.settings.set):
            print(name)
            for level, counted in _of_one(engine, run, draft, said.answers, name).items():
                print(counted.line(level, said.answers))
    return 0


def _of_one(engine: Engine, run: AskedRun, draft: IndicatorSet, answers: int, name: str) -> dict[str, Counted]:
    both = [_settings(run, of) for of in (run.settings.set, draft)]
    rows, persons = settle_people(engine, run.settings)
    states = [_states(engine, settings, compile_set(settings), rows, persons) for settings in both]
    places = places_of(engine, persons.areas)
    published, (_before, after) = read_published(engine, places), _tallies(places, *states)
    return {level: _counted(published[level], after, answers, name) for level in (DISTRICT,)}


def _counted(here: Published, after: Tally, answers: int, name: str) -> Counted:
    first = rank(here.n_red, here.n_scored)
    second = rank(after.red[here.level][here.at], after.scored[here.level][here.at])
    true = {code: (int(a), int(b)) for code, a, b in zip(here.code, first, second, strict=True)}
    found = Counted()
    for number in range(answers):
        moves = clear_moves(here, hear(here, after, Blur(f"{name} {number}".encode())))
        told = {move.code: move for move in moves}
        found.areas += len(true)
        found.moved += sum(a != b for a, b in true.values())
        found.far += sum(abs(a - b) >= FAR for a, b in true.values())
        found.told += len(told)
        found.told_far += sum(abs(true[code][0] - true[code][1]) >= FAR for code in told)
        for code, move in told.items():
            a, b = true[code]
            rises = move.rank_until is not None and move.rank_until < a
            found.wrong += not (b < a if rises else b > a)
            found.outside += not move.rank_after <= b <= (move.rank_until or b)
    return found
