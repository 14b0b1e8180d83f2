"""What is required of each figure, what is aimed for, and whether it was reached; and the table that shows it.

Sources: issue 2, section 6 (required), and the table of section 1 of the design page on performance (goals).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FULL_ROWS = 2_200_000
"""From here on a run is at full scale: only there are costs judged."""

CPU, WALL, PEAK = "CPU seconds", "wall seconds", "peak memory, MiB"
COSTS = (CPU, WALL, PEAK)
NOT_FOUND = "of the highest band, not found, %"

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of one figure: required (None where beating the anchor is all that is asked), and the goal."""

    required: float | None = None
    goal: float | None = None


BOUNDS = {
    CPU: Bound(120, 80),
    WALL: Bound(goal=60),
    PEAK: Bound(5 * 1024, 3 * 1024),
    "all: precision": Bound(goal=0.993),
    "all: f1": Bound(0.980, 0.990),
    "human security: recall": Bound(goal=0.92),
    "human security: f1": Bound(0.87, 0.94),
    "stateless: f1": Bound(0.88, 0.94),
    "one side without ID: f1": Bound(goal=0.98),
    f"all {NOT_FOUND}": Bound(goal=0.5),
    f"stateless {NOT_FOUND}": Bound(goal=1.0),
}
"""At the usual rate of defects."""

HARD_BOUNDS = {"all: f1": Bound(0.97, 0.985), "human security: f1": Bound(0.76, 0.86)}
"""With twice the defects."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one figure: what it was, what was asked, and what was missed (empty when nothing was)."""

    figure: str
    ours: float
    anchor: float | None
    bound: Bound
    missed: tuple[str, ...]
    is_judged: bool

    @property
    def word(self) -> str:
        """PASS, FALL SHORT with the reason, or nothing where nothing is asked at this scale."""
        if self.missed:
            return f"FALL SHORT of {' and '.join(self.missed)}"
        return "PASS" if self.is_judged else ""


def bounds_for(defects: float) -> Mapping[str, Bound]:
    """What is asked at this rate of defects; nothing is, beyond the anchor, at rates above twice the usual."""
    if defects <= 1:
        return BOUNDS
    return HARD_BOUNDS if defects <= 2 else {}


def is_less_better(figure: str) -> bool:
    """Whether less of this figure is better."""
    return figure in COSTS or figure.endswith(NOT_FOUND)


def judge_figure(figure: str, ours: float, anchor: float | None, bound: Bound, *, at_full_scale: bool) -> Verdict:
    """Hold one figure against what is required and against the anchor; costs count at full scale only."""
    if figure in COSTS and not at_full_scale:
        return Verdict(figure, ours, anchor, bound, (), is_judged=False)
    sign = -1 if is_less_better(figure) else 1
    missed = []
    if bound.required is not None and sign * ours < sign * bound.required:
        missed.append("what is required")
    # A figure that has nothing left to gain cannot be beaten, only equalled.
    # Nor can a peak that lies in the steps whose result Splink is given: it is in both columns.
    is_at_best = ours == (0 if sign < 0 else 1) or (figure in COSTS and ours == anchor)
    if anchor is not None and sign * ours <= sign * anchor and not is_at_best:
        missed.append("plain Splink")
    return Verdict(figure, ours, anchor, bound, tuple(missed), bound.required is not None or anchor is not None)


def judge_run(found: Mapping[str, Values], *, defects: float, n_rows: int) -> list[Verdict]:
    """A verdict for every figure of ours that another is held against, in the order they are printed."""
    bounds = bounds_for(defects)
    anchor = found.get("splink", {})
    return [
        judge_figure(figure, value, anchor.get(figure), bounds.get(figure, Bound()), at_full_scale=n_rows >= FULL_ROWS)
        for figure, value in found["ours"].items()
        if not figure.endswith("true pairs")
    ]


def worst_of(runs: Sequence[Mapping[str, Values]]) -> dict[str, dict[str, float]]:
    """The worst of every figure over runs on several seeds, contender by contender."""
    return {
        name: {
            figure: (max if is_less_better(figure) else min)(run[name][figure] for run in runs)
            for figure in runs[0][name]
        }
        for name in runs[0]
    }


def table(found: Mapping[str, Values], verdicts: Sequence[Verdict]) -> str:
    """All figures as a table in Markdown."""
    names = {"splink": "plain Splink", "exact ID": "exact ID", "ours": "ours"}
    shown = [name for name in names if name in found]
    head = ["figure", *(names[name] for name in shown), "required", "goal", ""]
    lines = [head, ["---"] * len(head)]
    for verdict in verdicts:
        cells = [_number(verdict.figure, found[name].get(verdict.figure)) for name in shown]
        asked = [_number(verdict.figure, verdict.bound.required), _number(verdict.figure, verdict.bound.goal)]
        lines.append([verdict.figure, *cells, *asked, verdict.word])
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    return "\n".join(
        "| "
        + " | ".join(
            cell.ljust(width) if at in (0, len(head) - 1) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )


def _number(figure: str, value: float | None) -> str:
    """A figure as people read it."""
    if value is None:
        return ""
    if figure == PEAK:
        return f"{value:,.0f}"
    if figure in COSTS:
        return f"{value:,.1f}"
    return f"{value:.2f}" if figure.endswith(NOT_FOUND) else f"{value:.4f}"
