"""The back-test: does the index find people whose case became known later, and does it fail some groups more?"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sarana.basics.progress import Progress
from sarana.methods.disclosure.rule import DisclosureSettings
from sarana.methods.engine import Engine
from sarana.methods.population.chain_card import STATUS
from sarana.methods.questions.asked_run import AskedRun
from sarana.methods.questions.validate_groups import LEGAL_STATUS, SEX, divisions
from sarana.methods.questions.validate_index import Reckoned, overlapping, reckon_without
from sarana.methods.questions.validate_known import Known, join_known
from sarana.methods.questions.validate_lines import (
    BEYOND,
    CaseLine,
    Cast,
    ErrorLine,
    band_lines,
    error_lines,
    tenth_lines,
)
from sarana.methods.risk.shapes import BANDS

TENTHS = 10
PASSED, NOT_PASSED, NOT_JUDGED = "passed", "not passed", "not judged"


@dataclass(frozen=True, slots=True)
class ValidateSettings:
    """How a back-test is judged.

    Attributes:
        today: a case cannot have become known later.
        drop: the indicators that overlap with the outcome; None for all of the registers the cases come from.
        least_cases: fewest people with a known case for any verdict, as the issue has it.
        most_ratio: the most by which a group's miss rate may exceed that of all cases. 1.25 is four fifths turned
            round (US Uniform Guidelines on Employee Selection Procedures 1978, 29 CFR 1607.4 D): a convention.
        disclosure: what may be let out.
    """

    today: dt.date
    drop: tuple[str, ...] | None = None
    least_cases: int = 50
    most_ratio: float = 1.25
    disclosure: DisclosureSettings = field(default_factory=DisclosureSettings)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people the known cases led to; None where it is 1 to the threshold less 1.

    Attributes:
        joined: people whose case is used.
        without_day: of these, people whose case has no day: it may have been known before the run.
        known_before: people whose case was known on the run's day or before; not used.
        left_out: people of whom the set computes no index; not used.
    """

    joined: int | None
    without_day: int | None
    known_before: int | None
    left_out: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the verdict is what it is: a row of `reference/words/validate.toml` and what stands in its places."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Validation:
    """What a back-test gives out: protected aggregates, and a verdict."""

    run: str
    fingerprint: str
    set: str
    version: str
    as_of: dt.date
    is_invented: bool
    verdict: str
    reasons: tuple[Reason, ...]
    dropped: tuple[str, ...]
    kept: tuple[str, ...]
    counted: Counted
    tenths: tuple[CaseLine, ...]
    bands: tuple[CaseLine, ...]
    errors: tuple[ErrorLine, ...]
    most_ratio: float
    least_cases: int
    threshold: int
    status: str = STATUS


def validate_run(
    engine: Engine, run: AskedRun, known: Known, settings: ValidateSettings, progress: Progress, *, where: str = ""
) -> Validation:
    """Try the index of a run on known cases that were not used to score.

    The people of the cases are known to this function only while it runs; nothing of them is written.

    Args:
        engine: that may see the run's folder; it is given views on the run's files.
        run: the run.
        known: the cases.
        settings: how to judge.
        progress: told of four parts.
        where: what the cases are called in an error.

    Returns:
        Verdict and protected tables. *Passed* means: at least `least_cases` people, the top tenth's lift interval above
        1, and no group whose miss rate exceeds that of all by more than `most_ratio` and by more than chance.

    Raises:
        BadTable: VALIDATE-006. BadSetting: VALIDATE-007, VALIDATE-008.

    Source: docs/how-to/validate-an-index.md says every choice and why.
    """
    progress.report(0, 4, "index without what overlaps")
    dropped = overlapping(run.settings, settings.drop, set(known.source.to_pylist()))
    run.view(engine, "people", "scores", "persons", "areas", "area_names", "villages")
    ids = engine.read("scores", ["person_id"])["person_id"]
    reckoned = reckon_without(engine, run.settings, dropped)
    progress.report(1, 4, "known cases")
    joined = join_known(engine, known, _one(ids), tuple(run.settings.sources), where)
    as_of = (run.as_of - dt.date(1970, 1, 1)).days
    is_before = (joined.day >= 0) & (joined.day <= as_of)
    is_out = (joined.person < 0) & ~is_before
    is_used = ~is_before & ~is_out
    is_case = np.zeros(len(ids), bool)
    is_case[joined.person[is_used]] = True
    progress.report(2, 4, "tables")
    cast = Cast(is_case, _tenths(reckoned), reckoned.band, settings.disclosure)
    bands = band_lines(cast, _moved(engine, reckoned))
    tenths = tenth_lines(cast, bands)
    found = {
        division.name: error_lines(cast, division, settings.most_ratio, is_top_shown=tenths[0].n_cases is not None)
        for division in divisions(engine, run.settings, reckoned.status)
    }
    errors = tuple(line for lines, _ in found.values() for line in lines)
    progress.report(3, 4, "verdict")
    verdict, reasons = _judge(cast, errors, {kind: n for kind, (_, n) in found.items()}, settings)
    few = settings.disclosure.threshold
    counts = [int(n.sum()) for n in (is_used, is_used & (joined.day < 0), is_before, is_out)]
    progress.report(4, 4, "done")
    return Validation(
        run=run.name,
        fingerprint=run.fingerprint,
        set=run.settings.set.id,
        version=run.settings.set.version,
        as_of=run.as_of,
        is_invented=run.is_invented,
        verdict=verdict,
        reasons=reasons,
        dropped=dropped,
        kept=tuple(name for name in run.indicators if name not in dropped),
        counted=Counted(*(None if 0 < n < few else n for n in counts)),
        tenths=tenths,
        bands=bands,
        errors=errors,
        most_ratio=settings.most_ratio,
        least_cases=settings.least_cases,
        threshold=few,
    )


def _one(ids: pa.ChunkedArray) -> pa.Array:
    return ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids


def _tenths(reckoned: Reckoned) -> NDArray[np.int8]:
    """The tenth of everyone who is in a band with a colour, 0 the highest; -1 for grey.

    People of one index are put in the order of their person_id, which is a hash: a tenth's edge that runs through them
    divides them as by lot, and the same way every time.
    """
    scored = np.flatnonzero((reckoned.band != BANDS.index("grey")) & (reckoned.index > 0))
    order = scored[np.argsort(-reckoned.index[scored], kind="stable")]
    tenth = np.full(len(reckoned.index), -1, np.int8)
    tenth[order] = np.arange(len(order)) * TENTHS // max(len(order), 1)
    return tenth


def _moved(engine: Engine, reckoned: Reckoned) -> NDArray[np.int64]:
    """Shape (bands, bands): how many people go from the band of the run to the band without what was dropped."""
    band = engine.read("scores", ["band"], ["band"])["band"]
    coded = _one(band)
    places = np.array([BANDS.index(word) for word in coded.dictionary.to_pylist()])[coded.indices.to_numpy()]
    found = np.zeros((len(BANDS), len(BANDS)), np.int64)
    np.add.at(found, (places, reckoned.band), 1)
    return found


def _judge(
    cast: Cast, errors: tuple[ErrorLine, ...], n_within: Mapping[str, int], settings: ValidateSettings
) -> tuple[str, tuple[Reason, ...]]:
    """The verdict and why."""
    if cast.n_cases < settings.least_cases:
        return NOT_JUDGED, (Reason("reason-few", {"least": settings.least_cases}),)
    reasons = [Reason("reason-lift")] if cast.lift(0)[1] <= 1 else []
    beyond = [line for line in errors if line.judged == BEYOND]
    reasons += [Reason("reason-beyond", {"kind": line.division, "group": line.key}) for line in beyond]
    if reasons:
        return NOT_PASSED, tuple(reasons)
    if max(n_within[SEX], n_within[LEGAL_STATUS]) < 2:
        return NOT_JUDGED, (Reason("reason-groups"),)
    return PASSED, (Reason("reason-passed", {"groups": sum(n_within.values())}),)
