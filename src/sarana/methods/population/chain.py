"""The chain: from a province's files to people, index, areas and report, as the steps of a run."""

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sarana.basics.errors import BadFile
from sarana.methods.doors import PLAIN, Door
from sarana.methods.linkage.judged import check_judged
from sarana.methods.linkage.model import check_model
from sarana.methods.population.chain_card import STATUS, run_card
from sarana.methods.population.chain_rows import count_roughly
from sarana.methods.population.chain_settings import indicator_facts, risk_settings
from sarana.methods.population.chain_steps import MODEL_FILE, STEP_NAMES, chain_steps
from sarana.methods.population.chain_told import counts_told
from sarana.methods.population.earlier_tables import released_tables
from sarana.methods.population.guards import check_guards
from sarana.methods.population.sources import Sources
from sarana.methods.population.sources_file import load_sources
from sarana.methods.runs.earlier import Earlier
from sarana.methods.runs.folder import CARD, RunFolder
from sarana.methods.runs.forecast import Forecast, forecast_run, keep_pace, read_costs, read_paces
from sarana.methods.runs.means import Means
from sarana.methods.runs.receipts import Receipt, versions
from sarana.methods.runs.runner import Watcher, run_steps
from sarana.methods.runs.steps import Step


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that may start: its settings are read, its guards passed, its steps laid out.

    What an `earlier` run made is taken over where nothing would differ.
    """

    sources: Sources
    steps: tuple[Step, ...]
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: its receipts, and the counts that are said at the end, each with its words."""

    receipts: tuple[Receipt, ...]
    counts: tuple[tuple[str, int], ...]
    status: str = STATUS


def plan_population(
    settings: Path,
    data: Path,
    *,
    today: dt.date,
    model_of: Path | None = None,
    after: Sequence[Path] = (),
    takes_over: bool = False,
    judged: Path | None = None,
    door: Door = PLAIN,
) -> Plan:
    """Read SOURCES.toml, pass the guards and lay out the steps; no file of the data folder is read yet.

    Args:
        settings: the SOURCES.toml.
        data: the folder its files lie in.
        today: the day of the run, on which every agreement must still hold.
        model_of: an earlier run folder whose model is used; None: the run learns its own.
        after: run folders whose tables were let out before; nothing small may follow from them and this one together.
        takes_over: whether what that run made is taken over where nothing would differ.
        judged: what people judged of pairs of rows; None: nothing.
        door: the door through which files of earlier runs go.

    Raises:
        NotYet: SOURCES-011 to SOURCES-013 the guards.
        BadFile: RUN-006 a file that SOURCES.toml names is not there.
        BadTable: LINK-002, LINK-003 the judgements cannot be read, or are of another province.
        BadSetting: LINK-004 the model is of another linkage.
        BadFile: RUN-009 no model, RUN-010 no protected table in an earlier run folder.
        BadFile, BadSetting: the faults of `load_sources` and of the indicator set.
    """
    sources = load_sources(settings, data)
    check_guards(sources, today)
    for name, path in sources.files().items():
        if not path.is_file():
            raise BadFile(
                "RUN-006", "The file is not there.", where=name, cure="See that --data names the right folder."
            )
    if judged is not None and not judged.is_file():
        raise BadFile("RUN-006", "The file is not there.", where="--judged", cure="Name the file of judgements.")
    if judged is not None:
        check_judged(judged, door, sources.run.province)
    model = model_of / MODEL_FILE if model_of else None
    if model is not None and not model.is_file():
        raise BadFile(
            "RUN-009",
            "This run folder holds no model: it was erased, not finished, or made by an older version.",
            where=str(model_of),
            cure="Name another run, or leave --model out to learn anew.",
        )
    if model is not None:
        check_model(model, door)
    earlier = Earlier(model_of, {"model": MODEL_FILE}, door) if model_of and takes_over else None
    steps = chain_steps(sources, model, released_tables(after), earlier, judged)
    return Plan(sources=sources, steps=steps, earlier=earlier)


def forecast(plan: Plan, folder: RunFolder, means: Means, *, paces: Path | None) -> Forecast:
    """How long the run will take on this machine, from rows counted cheaply and earlier runs or a probe.

    Steps that have a receipt of the same versions already are taken for done.
    """
    found = {step.name: folder.find_receipt(step.label) for step in plan.steps if step.name in STEP_NAMES}
    to_do = [name for name, receipt in found.items() if receipt is None or receipt.versions != versions()]
    with tempfile.TemporaryDirectory() as temp:
        return forecast_run(
            to_do,
            count_roughly(plan.sources),
            means,
            paces=read_paces(paces),
            costs=read_costs(),
            temp=Path(temp),
        )


def run_population(
    plan: Plan, folder: RunFolder, means: Means, watcher: Watcher, *, paces: Path | None = None
) -> Outcome:
    """Do every step that is not done, and write `run.toml`.

    Args:
        plan: as `plan_population` gave it.
        folder: held open by the caller.
        means: threads and memory; they change no result.
        watcher: told of each step.
        paces: where to remember how long it took; None: nowhere.

    Raises:
        NoRoom, BadFile: the faults of `run_steps`.
        SaranaError: the faults of each step.
    """
    facts = indicator_facts(risk_settings(plan.sources))
    fresh = _Fresh(watcher)
    folder.write(CARD, run_card(plan.sources, facts))
    receipts = run_steps(plan.steps, folder, means, fresh, plan.earlier)
    folder.write(CARD, run_card(plan.sources, facts, receipts))
    if fresh.n_skipped == 0:
        keep_pace(paces, receipts, _rows_read(receipts), means)
    return Outcome(receipts=receipts, counts=counts_told(receipts))


def _rows_read(receipts: Sequence[Receipt]) -> int:
    return receipts[0].rows_in


class _Fresh:
    """A watcher that hands on what it is told, and counts the steps that were skipped."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self.n_skipped = 0

    def report(self, done: int, total: int, what: str) -> None:
        self._watcher.report(done, total, what)

    def began(self, step: str, number: int, n_steps: int) -> None:
        self._watcher.began(step, number, n_steps)

    def ended(self, receipt: Receipt, *, skipped: bool) -> None:
        self.n_skipped += skipped
        self._watcher.ended(receipt, skipped=skipped)
