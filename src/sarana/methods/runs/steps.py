"""What a step of a run is: its work, what it reads and writes, and the settings that count for its result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine
from sarana.methods.runs.receipts import Receipt

Work = Callable[[Engine, Progress], StepReport]
"""A pure function: it reads the relations it was promised and leaves those it promised."""


@dataclass(frozen=True, slots=True)
class Output:
    """A relation that a step leaves behind, the file it goes to, and the query with a total ORDER BY that writes it."""

    relation: str
    file: str
    query: str


@dataclass(frozen=True, slots=True)
class Product:
    """A file that is no table, made from the step's relations: a map layer, a report."""

    file: str
    make: Callable[[Engine], bytes]


def from_temp(name: str) -> Callable[[Engine], bytes]:
    """Take a product from the engine's temporary folder, where the step's work wrote it."""

    def taken(engine: Engine) -> bytes:
        return (engine.temp / name).read_bytes()

    return taken


def no_work(_engine: Engine, _progress: Progress) -> StepReport:
    """The work of a step that is not bound yet."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Bound:
    """The work and the settings of a step that can be known only from the receipts of those before it."""

    work: Work
    settings: object


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    `settings` is whatever counts for the result, as plain values or frozen dataclasses: never a thread count, a memory
    limit, a path or a time. `files` are the inputs from outside the run, by a name that is no path. A step with `bind`
    has its work and settings made from the receipts of the steps before it.
    """

    number: int
    name: str
    work: Work
    settings: object = None
    files: Mapping[str, Path] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    writes: tuple[Output, ...] = ()
    products: tuple[Product, ...] = ()
    bind: Callable[[Sequence[Receipt]], Bound] | None = None

    def bound(self, receipts: Sequence[Receipt]) -> Self:
        """The step as it will be done after those whose receipts are given."""
        if self.bind is None:
            return self
        made = self.bind(receipts)
        return replace(self, work=made.work, settings=made.settings, bind=None)

    @property
    def label(self) -> str:
        """The step's name with its number, as its receipt is called."""
        return f"{self.number:02d}-{self.name}"

    @property
    def output_files(self) -> tuple[str, ...]:
        """Every file the step writes into the run folder."""
        return (*(output.file for output in self.writes), *(product.file for product in self.products))
