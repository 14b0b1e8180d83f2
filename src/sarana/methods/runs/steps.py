"""What a step of a run is: its work, what it reads and writes, and the settings that count for its result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sarana.basics.progress import Progress
from sarana.basics.reports import StepReport
from sarana.methods.engine import Engine

Work = Callable[[Engine, Progress], StepReport]
"""A pure function: it reads the relations it was promised and leaves those it promised."""


@dataclass(frozen=True, slots=True)
class Output:
    """A relation that a step leaves behind, the file it goes to, and the query with a total ORDER BY that writes it.

    Without a query the step lends the engine an Arrow table of that name, in its final order.
    """

    relation: str
    file: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """A file that is no table, made from the step's relations: a map layer, a report."""

    file: str
    make: Callable[[Engine], bytes]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    `settings` is whatever counts for the result, as plain values or frozen dataclasses: never a thread count, a memory
    limit, a path or a time. `files` are the inputs from outside the run, by a name that is no path.
    """

    number: int
    name: str
    work: Work
    settings: object = None
    files: Mapping[str, Path] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    writes: tuple[Output, ...] = ()
    products: tuple[Product, ...] = ()

    @property
    def label(self) -> str:
        """The step's name with its number, as its receipt is called."""
        return f"{self.number:02d}-{self.name}"

    @property
    def output_files(self) -> tuple[str, ...]:
        """Every file the step writes into the run folder."""
        return (*(output.file for output in self.writes), *(product.file for product in self.products))
