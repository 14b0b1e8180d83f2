"""Which indicator set a run uses: one that comes with Sarana, or a province's own file, of which it keeps a copy."""

from collections.abc import Collection, Mapping
from pathlib import Path

from sarana.basics.errors import BadSetting
from sarana.methods.population.sources import Sources
from sarana.methods.reference import reference_folder
from sarana.methods.risk.language import Among, Chain, Name, Tree, parts_of, shape_of
from sarana.methods.risk.sets import COPY, OURS, OWN, load_set, looks_at_others, our_sets, trees_of
from sarana.methods.risk.shapes import PERSONS, Indicator, IndicatorSet
from sarana.methods.runs.steps import Product

NARROW = frozenset({"mental_diagnosis", "marital_status"})
"""Fields with codes that must never be scored among those that may: who is a monk, what tells of HIV or of sex."""
OF_IDENTITY = ("id_valid", "father_id", "mother_id")
"""Whether these are known or valid tells of legal status, also where the field for it is not asked."""


def set_of(sources: Sources) -> IndicatorSet:
    """The set that SOURCES.toml names, by its name or by a file beside it; checked throughout.

    Raises:
        BadFile, BadSetting: as `load_set`; RISK-015 to RISK-019 as `check_own`.
    """
    path = sources.own_set
    if path is None:
        return load_set(sources.run.indicators)
    found = load_set(path)
    check_own(found, path.name)
    return found


def check_own(own: IndicatorSet, where: str) -> None:
    """Make sure that a province's own set is not taken for one of ours, and keeps apart what ours keep apart.

    Raises:
        BadSetting: RISK-015 it bears the id of a set that comes with Sarana, and is another; RISK-016 what harms a
            person if it is known would be told of small areas; RISK-017 what waits for an ethics decision is on;
            RISK-019 it leaves out or refers otherwise than ours, or asks in its own way after what ours ask narrowly.
    """
    ours = our_sets()
    if any(own.id == each.id and own != each for each in ours):
        raise BadSetting(
            "RISK-015",
            f"This set calls itself '{own.id}', as one that comes with Sarana, and it is another.",
            where=where,
            cure="Give it an id of its own, with the name of the province in it.",
        )
    _check_held(own, ours, where)
    of_status = {field for each in ours for i in each.indicators if i.id == each.legal_status for field in _fields(i)}
    harms = {field for each in ours for i in each.indicators if i.sensitivity == "high" for field in _fields(i)}
    is_on = {field for each in ours for i in each.indicators if i.status == "on" for field in _fields(i)}
    waits = {field for each in ours for i in each.indicators if i.status == "ethics" for field in _fields(i)} - is_on
    for indicator in own.indicators:
        if indicator.status == "on" and _fields(indicator) & waits:
            raise _needs_a_decision(f"{where}, {indicator.id}")
        if indicator.id == own.legal_status:
            _check_harmless(indicator, harms - of_status, where)
            _check_of_status(indicator, of_status, where)
        elif indicator.sensitivity != "high":
            _check_harmless(indicator, harms | _ids_not_asked_by(ours, indicator.id), where)


def _check_held(own: IndicatorSet, ours: Collection[IndicatorSet], where: str) -> None:
    """Who is left out, what means refer now, and what is asked narrowly is not a province's to change."""
    if (own.leave_out, own.refer_now) not in {(each.leave_out, each.refer_now) for each in ours}:
        what, cure = "Who is left out, or what means refer now, is not as in our sets.", "Copy both from one of ours."
        raise BadSetting("RISK-019", what, where=where, cure=cure)
    never = {each.refer_now for each in ours}
    asked = {shape_of(each) for one in ours for i in one.indicators for each in _narrow(i)}
    for indicator in own.indicators:
        place, found = f"{where}, {indicator.id}", sorted(_fields(indicator) & never)
        if found:
            raise BadSetting("RISK-019", f"'{found[0]}' means refer now.", where=place, cure="It is never scored.")
        if any(shape_of(each) not in asked for each in _narrow(indicator)):
            said = " and ".join(sorted(NARROW))
            what = f"{said} are compared as our sets do, or not at all: other codes tell of faith, HIV or sex."
            raise BadSetting("RISK-019", what, where=place, cure="Write the comparison as it stands in our set.")


def _narrow(indicator: Indicator) -> list[Tree]:
    """Its comparisons that look at what holds more than may be scored."""
    every = (part for tree in trees_of(indicator) for part in parts_of(tree) if isinstance(part, Chain | Among))
    return [part for part in every if NARROW & _names(part)]


def _names(tree: Tree) -> set[str]:
    return {part.name for part in parts_of(tree) if isinstance(part, Name)}


def _ids_not_asked_by(ours: Collection[IndicatorSet], key: str) -> set[str]:
    """The fields of identity of which this indicator of ours says nothing: whether they are there tells of status."""
    same = (each for one in ours for each in one.indicators if each.id == key and each.sensitivity != "high")
    return set(OF_IDENTITY) - {name for each in same for tree in trees_of(each) for name in _names(tree)}


def _check_of_status(indicator: Indicator, of_status: set[str], where: str) -> None:
    """What is told everywhere as legal status asks after that, and after nobody else."""
    if not _fields(indicator) & of_status or looks_at_others(indicator):
        what, cure = "This does not ask after a person's legal status alone.", "Name the indicator for it as ours do."
        raise BadSetting("RISK-016", what, where=f"{where}, {indicator.id}", cure=cure)


def _needs_a_decision(where: str) -> BadSetting:
    return BadSetting(
        "RISK-017",
        "This indicator waits for an ethics decision, and a set is not where one is recorded.",
        where=where,
        cure="Leave it off in the set; the decision is recorded in SOURCES.toml, with its reference.",
    )


def _check_harmless(indicator: Indicator, harms: set[str], where: str) -> None:
    named = {name for tree in trees_of(indicator) for name in _names(tree)}
    found = sorted((_fields(indicator) | named & set(OF_IDENTITY)) & harms)
    if found:
        raise BadSetting(
            "RISK-016",
            f"'{found[0]}' harms a person if it is known, and would be told of small areas.",
            where=f"{where}, {indicator.id}",
            cure='Say sensitivity = "high" for this indicator, and do not name it as the one for legal status.',
        )


def _fields(indicator: Indicator) -> set[str]:
    """What it asks registers after; who a person is apart."""
    return {field for register, fields in indicator.fields.items() if register != PERSONS for field in fields}


def set_files(sources: Sources) -> Mapping[str, Path]:
    """The file of the set, by the name under which a receipt tells its hash."""
    path = sources.own_set
    if path is None:
        name = sources.run.indicators
        return {f"{OURS}{name}.toml": reference_folder() / "indicators" / f"{name}.toml"}
    return {f"{OWN}{set_of(sources).id}.toml": path}


def set_copies(sources: Sources) -> tuple[Product, ...]:
    """An own set goes into the run folder as it is, for whoever asks the run later; it is about no person."""
    path = sources.own_set
    return () if path is None else (Product(COPY, lambda _engine: path.read_bytes()),)
