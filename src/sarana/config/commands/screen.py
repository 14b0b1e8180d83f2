"""What a run shows while it goes: a bar on a terminal, plain lines elsewhere; step, count, percent, elapsed, left."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from sarana.methods.runs.receipts import Receipt

LINE_EVERY_SECONDS = 10.0
SETTLED = 0.1
"""The part of a run after which its own speed, rather than the forecast alone, says what is left."""


def spoken(seconds: float) -> str:
    """Seconds as people say them: `42 s`, `3 min 20 s`, `1 h 5 min`.

    Hours come with minutes and minutes with seconds; what is below a second is `under 1 s`.
    """
    if seconds < 1:
        return "under 1 s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


@dataclass(slots=True)
class Course:
    """How far work is, by the seconds that each step was forecast to take.

    With `is_weight` the forecast only says how steps compare: nothing is said of what is left before a tenth is done.
    """

    forecast: Mapping[str, float]
    is_weight: bool = False
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)
    present: str = ""
    share: float = 0.0
    past: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Start the clock."""
        self.started = self.clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.clock() - self.started

    @property
    def done(self) -> float:
        """The part of the run's work that is done, 0 to 1; skipped steps are no work."""
        work = {step: seconds for step, seconds in self.forecast.items() if step not in self.skipped}
        whole = sum(work.values())
        if whole <= 0:
            return 0.0
        reached = sum(work.get(step, 0.0) for step in self.past) + work.get(self.present, 0.0) * self.share
        return min(reached / whole, 1.0)

    @property
    def left(self) -> float | None:
        """Seconds that are left: the forecast, drawn towards what the run's own speed says the further it is."""
        work = sum(seconds for step, seconds in self.forecast.items() if step not in self.skipped)
        forecast = work * (1 - self.done)
        if self.done < SETTLED:
            return None if self.is_weight else forecast
        measured = self.elapsed * (1 - self.done) / self.done
        if self.is_weight:
            return measured
        return forecast * (1 - self.done) + measured * self.done

    def began(self, step: str) -> None:
        """A step begins."""
        self.present, self.share = step, 0.0

    def ended(self, step: str, *, skipped: bool) -> None:
        """A step ended or was skipped."""
        (self.skipped if skipped else self.past).add(step)
        self.present, self.share = "", 0.0


class Screen:
    """Shows a run while it goes; a context, so that the bar is gone afterwards."""

    def __init__(self, console: Console, forecast: Mapping[str, float], *, is_weight: bool = False) -> None:
        """Watch a run on a console; a bar if it is a terminal, else a line a step and every ten seconds."""
        self._console = console
        self._course = Course(forecast, is_weight)
        self._what = ""
        self._last_line = self._course.started
        self._bar: Progress | None = None
        self._task = TaskID(0)
        if console.is_terminal:
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
                BarColumn(bar_width=16),
                TextColumn("{task.percentage:>3.0f} %"),
                _Times(self._course),
                console=console,
                transient=True,
            )

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("begins", total=1.0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no bar behind."""
        if self._bar:
            self._bar.stop()

    def began(self, step: str, number: int, n_steps: int) -> None:
        """A step begins."""
        self._course.began(step)
        self._what = f"{number} of {n_steps}, {step}"
        self._show(self._what)

    def report(self, done: int, total: int, what: str) -> None:
        """Part of a step is done."""
        if total > 0:  # parts of parts begin at nothing again; the bar does not go back
            self._course.share = max(self._course.share, min(done / total, 1.0))
        late = time.monotonic() - self._last_line >= LINE_EVERY_SECONDS
        if self._bar or late:
            self._show(f"{self._what}: {what} ({done:,} of {total:,})", with_times=True)

    def ended(self, receipt: Receipt, *, skipped: bool) -> None:
        """A step ended."""
        self._course.ended(receipt.step, skipped=skipped)
        told = "was done before" if skipped else f"{receipt.rows_out:,} rows out, {spoken(receipt.seconds)}"
        if self._bar:
            self._bar.update(self._task, completed=self._course.done)
            self._bar.console.print(f"{self._what}: {told}", markup=False, highlight=False, soft_wrap=True)
        else:
            self._show(f"{self._what}: {told}", with_times=True)

    def _show(self, text: str, *, with_times: bool = False) -> None:
        if self._bar:
            self._bar.update(self._task, description=text, completed=self._course.done)
        elif with_times:
            self._last_line = time.monotonic()
            self._console.print(f"{text} [{_times(self._course)}]", markup=False, highlight=False, soft_wrap=True)


class _Times(ProgressColumn):
    """Elapsed and left."""

    def __init__(self, course: Course) -> None:
        super().__init__(table_column=Column(no_wrap=True))
        self._course = course

    def render(self, task: object) -> Text:
        """The two times as text."""
        return Text(_clock(self._course))


def _times(course: Course) -> str:
    return f"{course.done:.0%} done, {_clock(course)}"


def _clock(course: Course) -> str:
    left = course.left
    told = "" if left is None else f", {spoken(left)} left"
    return f"{spoken(course.elapsed)} gone{told}"
