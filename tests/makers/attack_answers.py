"""An attack on answers by area beside the protected table of areas: what linear programming works out of both.

It reads published lines only: the table of areas, and of each indicator how many people are in need and how many not.
It knows that both speak of the same people, that parts add up to wholes, and how legal status and the second map hang
together. A stronger attacker also knows to which ages a question is put, and so reads the lines by age too. Of sectors
it knows which questions make them up: who has the gravest answer to one is in need by it, and who is counted is known
by one of them.
"""

from collections.abc import Mapping, Sequence

from makers.attack import HANGS, SUMS, Attack, Found, Line, Wanted
from sarana.methods.areas.answers import LEVELS, Counts, Tree
from sarana.methods.disclosure.answers import Told
from sarana.methods.disclosure.sectors import ToldSector
from sarana.methods.engine import Engine

KINDS = ("need", "good", "unsaid", "outside")
BANDS = ("n_red", "n_yellow", "n_green", "n_grey")


class AttackOnAnswers(Attack):
    """Knows the table of areas and the answers to some indicators."""

    def __init__(
        self,
        engine: Engine,
        told: Sequence[Told],
        indicators: Sequence[str],
        *,
        ages: Mapping[str, frozenset[str]],
        status: str = "",
        sectors: Mapping[str, Sequence[str]] | None = None,
        told_of_sectors: Sequence[ToldSector] = (),
    ) -> None:
        """Lay out all that must add up.

        Args:
            engine: holds `areas`.
            told: the published lines of answers.
            indicators: of which the attacker makes use, all at once.
            ages: for a stronger attacker, by indicator the ages to which it surely does not apply.
            status: the indicator on legal status, if the second map is to be known too.
            sectors: of which sectors the attacker makes use, with the questions of each.
            told_of_sectors: the published lines of sectors.
        """
        every = [*indicators, *(sectors or {})]
        figures = [*BANDS, *SUMS, "n_red_without_status", "n_scored_without_status", "rate", "class_without_status"]
        only = "\"group\" = 'all'" + (" OR starts_with(\"group\", 'age=')" if ages else "")
        rows = engine.rows(
            f"""SELECT level, code, parent, "group", {", ".join(figures)} FROM areas
            WHERE ({only}) AND level <> 'village' ORDER BY level, code, "group\""""
        )
        self.lines = {(r[0], r[1], r[3]): place for place, r in enumerate(rows)}
        self.shown = [dict(zip(figures, r[4:], strict=True)) for r in rows]
        second = ("n_red_without_status", "n_rest_without_status") if status else ()
        moves = tuple(sorted({name for left, right in HANGS for name in (*left, *right)} - {*BANDS, *second}))
        self.names = (
            *BANDS,
            *second,
            *(moves if status else ()),
            *(f"{one}:{kind}" for one in every for kind in KINDS),
        )
        self.equations = []
        self.slacks = 0
        self._know_lines()
        self._know_sums({place: row[2] for place, row in enumerate(rows)})
        if status:
            self._know_classes(self._limits(), 11)
        self._know_answers(told, every, status)
        self._know_sectors(sectors or {}, told_of_sectors)
        self._know_ages(ages)
        self._simplify()

    def _know_ages(self, ages: Mapping[str, frozenset[str]]) -> None:
        """To these ages a question does not apply; of the others it may not apply to more."""
        at = {name: place for place, name in enumerate(self.names)}
        for (_level, _code, group), place in self.lines.items():
            base = place * len(self.names)
            for indicator, never in ages.items():
                if group in never:
                    for kind in KINDS[:3]:
                        self._equal([base + at[f"{indicator}:{kind}"]], [1.0], 0)
                elif group != "all":
                    self._equal([base + at[f"{indicator}:outside"]], [1.0], 0)

    def _know_sectors(self, sectors: Mapping[str, Sequence[str]], told: Sequence[ToldSector]) -> None:
        at = {name: place for place, name in enumerate(self.names)}
        known_by = {line.sector: line.known_by for line in told}
        for place in range(len(self.shown)):
            base = place * len(self.names)
            for sector, questions in sectors.items():
                self._not_below([base + at[f"{one}:need"] for one in questions], [base + at[f"{sector}:need"]])
                for kinds in (("need", "good"), ("unsaid",), ("outside",)):
                    both = [base + at[f"{one}:{kind}"] for one in (sector, known_by[sector]) for kind in kinds]
                    self._equal(both, [*[1.0] * len(kinds), *[-1.0] * len(kinds)], 0)
        for line in told:
            if line.sector in sectors:
                base = self.lines[line.level, line.code, "all"] * len(self.names)
                self._equal([base + at[f"{line.sector}:need"]], [1.0], line.n_gravest)
                self._equal([base + at[f"{line.sector}:good"]], [1.0], line.n_known - line.n_gravest)

    def _not_below(self, more: Sequence[int], less: Sequence[int]) -> None:
        """One sum of counts is never below another."""
        self.slacks += 1
        slack = len(self.shown) * len(self.names) + self.slacks - 1
        self._equal([*more, *less, slack], [*[1.0] * len(more), *[-1.0] * len(less), -1.0], 0)

    def _know_answers(self, told: Sequence[Told], indicators: Sequence[str], status: str) -> None:
        at = {name: place for place, name in enumerate(self.names)}
        for place in range(len(self.shown)):
            base = place * len(self.names)
            for indicator in indicators:
                answers = [base + at[f"{indicator}:{kind}"] for kind in KINDS]
                self._equal([*answers, *(base + at[band] for band in BANDS)], [1.0] * 4 + [-1.0] * 4, 0)
            if status:
                # Who leaves the high band had an answer above the mean, who joins it one below.
                for name, parts in {
                    "n_red_left": ("need",),
                    "n_red_joined": ("need", "good"),
                    "n_scored_left": ("need", "good"),
                }.items():
                    self.slacks += 1
                    slack = len(self.shown) * len(self.names) + self.slacks - 1
                    known = [base + at[f"{status}:{part}"] for part in parts]
                    self._equal([base + at[name], slack, *known], [1.0, 1.0, *[-1.0] * len(known)], 0)
        for line in told:
            if line.indicator in indicators:
                base = self.lines[line.level, line.code, "all"] * len(self.names)
                self._equal([base + at[f"{line.indicator}:need"]], [1.0], line.n_need)
                self._equal([base + at[f"{line.indicator}:good"]], [1.0], line.n_known - line.n_need)


def disclosed_by_answers(
    engine: Engine,
    tree: Tree,
    counts: dict[str, Counts],
    told: Sequence[Told],
    *,
    ages: Mapping[str, frozenset[str]] | None = None,
    status: str = "",
    sectors: Mapping[str, Sequence[str]] | None = None,
    told_of_sectors: Sequence[ToldSector] = (),
    threshold: int = 11,
) -> list[Found]:
    """Small counts that the attack pins down too nearly: answers, bands, and with legal status who moves between maps.

    Args:
        engine: holds `areas` and, for the truth, `areas_internal`.
        tree: the areas of the answers.
        counts: by indicator, and by sector, the truth, shape (areas, 4).
        told: the published lines.
        ages: as `AttackOnAnswers`.
        status: as `AttackOnAnswers`.
        sectors: as `AttackOnAnswers`; then also what is left of its questions less the sector.
        told_of_sectors: the published lines of sectors.
        threshold: a range narrower than this is a disclosure.
    """
    lines: dict[Line, int] = {
        (LEVELS[level], code, "all"): place
        for place, (level, code) in enumerate(zip(tree.level, tree.code, strict=True))
    }
    sectors = sectors or {}
    asked = [name for name in counts if name not in sectors]
    attack = AttackOnAnswers(
        engine, told, asked, ages=ages or {}, status=status, sectors=sectors, told_of_sectors=told_of_sectors
    )
    wanted: list[Wanted] = []
    for line, place in lines.items():
        if line in attack.lines:
            for indicator, of in counts.items():
                wanted += [
                    (line, name, (name,), (), int(n))
                    for name, n in zip((f"{indicator}:{kind}" for kind in KINDS), of[place], strict=True)
                ]
            for sector, questions in sectors.items():
                wanted += _left_of(line, sector, questions, {name: of[place] for name, of in counts.items()})
    columns = [*BANDS, *(("n_red_left", "n_red_joined", "n_scored_left", "n_scored_joined") if status else ())]
    for level, code, *truth in engine.rows(
        f"""SELECT level, code, {", ".join(columns)} FROM areas_internal WHERE "group" = 'all' AND level <> 'village'"""
    ):
        wanted += [((level, code, "all"), name, (name,), (), n) for name, n in zip(columns, truth, strict=True)]
    found = []
    for line, name, names, less, truth in wanted:
        if not 0 < truth < threshold:
            continue
        low, high = attack.range_of(line, names, less)
        assert low - 1e-3 <= truth <= high + 1e-3, "the attack itself is wrong"
        if high - low < threshold - 1e-3:
            found.append(Found(line, name, low, high, truth))
    return found


def _left_of(line: Line, sector: str, questions: Sequence[str], of: Mapping[str, Counts]) -> list[Wanted]:
    """Answers in need that are more than one for each person with a gravest one."""
    left = sum(int(of[one][0]) for one in questions) - int(of[sector][0])
    names = tuple(f"{one}:need" for one in questions)
    return [(line, f"{sector}:in need beside", names, (f"{sector}:need",), left)]
