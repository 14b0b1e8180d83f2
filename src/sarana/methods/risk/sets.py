"""Loads an indicator set and makes sure that every name, code and rule in it can be understood."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile, BadSetting
from sarana.methods.doors import file_hash
from sarana.methods.reference import reference_folder
from sarana.methods.risk.banding import check_banding
from sarana.methods.risk.compiling import FORBIDDEN, FUNCTIONS
from sarana.methods.risk.fields import standard_fields
from sarana.methods.risk.language import Tree, read_rule
from sarana.methods.risk.scopes import DERIVED, OF_PERSONS, Columns
from sarana.methods.risk.shapes import PERSONS, Indicator, IndicatorSet

_OTHERWISE = "otherwise"
_ALWAYS = "always"

COPY = "indicator-set.toml"
"""Where a run keeps a copy of the set that it used, if that is a province's own."""

OURS, OWN = "reference/indicators/", "indicators/"
"""How the name of a set's file begins among the inputs of a run's receipts."""


_NO_NAME = re.compile(r"^(sex|ethnic|race|religi|hiv|aids|gender|hill|highland|tribe|faith)|hiv|religi|ethnic|sexual")
"""How a part of a name may not begin, or what it may not hold: standing in such a register would say it of a person."""
_OF_OTHERS = re.compile(r"\b(any_member|any_other|members_at_least|father|mother)\s*\(")
"""Functions of the rule language that look at somebody else."""


def list_sets() -> list[str]:
    """The names of the indicator sets that come with Sarana."""
    return sorted(path.stem for path in (reference_folder() / "indicators").glob("*.toml"))


@cache
def our_sets() -> tuple[IndicatorSet, ...]:
    """The sets that come with Sarana."""
    return tuple(load_set(name) for name in list_sets())


def load_set(name: str | Path) -> IndicatorSet:
    """Load a set that comes with Sarana by its name, or a province's own by its path; checked throughout.

    Raises:
        BadFile: RISK-001 there is no such set, or its file cannot be read.
        BadSetting: RISK-002 the file does not have the shape of a set; RISK-003 to RISK-008 a rule cannot be read;
            RISK-007 also fields that no rule uses; RISK-009 absence is not told for every register, or contradicts
            itself; RISK-012 a banding is not whole.
    """
    path = name if isinstance(name, Path) else reference_folder() / "indicators" / f"{name}.toml"
    if not path.is_file():
        cure = f"The sets that come with Sarana are {', '.join(list_sets())}."
        raise BadFile("RISK-001", "There is no such indicator set.", where=str(name), cure=cure)
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        what = f"The indicator set cannot be read: {err}."
        raise BadFile("RISK-001", what, where=str(name), cure="Mend the file.") from err
    try:
        found = msgspec.convert(raw, IndicatorSet)
    except msgspec.ValidationError as err:
        raise BadSetting("RISK-002", f"{err}.", where=_place(raw, path.stem, str(err)), cure="See the manual.") from err
    check_set(found)
    return found


def find_used(run: Path, name: str, inputs: Mapping[str, str]) -> Path | None:
    """The file of the set that a run used, if it is still what it was; an own one lies in the run's folder.

    Args:
        run: its folder.
        name: the id of the set, as the receipt tells it.
        inputs: the inputs of a step that used the set, with their hashes.
    """
    own = inputs.get(f"{OWN}{name}.toml")
    path = reference_folder() / "indicators" / f"{name}.toml" if own is None else run / COPY
    said = inputs.get(f"{OURS}{name}.toml") if own is None else own
    return path if path.is_file() and file_hash(path) == said else None


def is_a_set(name: str) -> bool:
    """Whether an input of a receipt, by its name, is an indicator set."""
    return name.startswith((OURS, OWN))


def check_set(of: IndicatorSet) -> None:
    """Make sure that a set can be computed: every name known, every rule readable, every register told.

    Raises:
        BadSetting: as `load_set`.
    """
    ids = [indicator.id for indicator in of.indicators]
    if len(set(ids)) < len(ids):
        raise BadSetting("RISK-002", "Two indicators have one id.", where=of.id, cure="Give each its own.")
    if of.legal_status not in ids:
        raise BadSetting("RISK-002", f"'{of.legal_status}' is no indicator.", where=of.id, cure="Name one.")
    if of.refer_now and of.refer_now not in standard_fields():
        raise BadSetting("RISK-004", f"refer_now: '{of.refer_now}' is no field.", where=of.id, cure="See fields.toml.")
    _check_names(of)
    columns = Columns(dict.fromkeys(of.registers, 1), date(2000, 1, 1), {n: p.value for n, p in of.parameters.items()})
    if of.leave_out:
        columns.of_set(of, "leave_out", of.leave_out)
    for indicator in of.indicators:
        _check_indicator(of, indicator, columns)
    for name, banding in of.bandings.items():
        check_banding(banding, f"{of.id}, banding {name}")
    if of.banding not in of.bandings:
        raise BadSetting("RISK-012", f"There is no banding '{of.banding}'.", where=of.id, cure="Name one of bandings.")


def rules_of(indicator: Indicator) -> list[tuple[int, str]]:
    """The rules of an indicator that say something, the highest score first; the last may be `otherwise`."""
    return [(score, indicator.score[key]) for score, key in ((3, "3"), (2, "2"), (1, "1")) if key in indicator.score]


def looks_at_others(indicator: Indicator) -> bool:
    """Does a rule of it ask after a parent or another member of the household?"""
    return any(_OF_OTHERS.search(rule) for rule in (indicator.applies, *indicator.score.values()))


def trees_of(indicator: Indicator) -> list[Tree]:
    """What its rules say: for whom it makes sense, and every score that is written out."""
    rules = [indicator.applies, *(rule for _score, rule in rules_of(indicator))]
    return [read_rule(rule, indicator.id) for rule in rules if not is_always(rule) and not is_otherwise(rule)]


def is_otherwise(rule: str) -> bool:
    """Does this rule stand for all that the ones before it leave over?"""
    return rule.strip() == _OTHERWISE


def is_always(rule: str) -> bool:
    """Does an indicator make sense for everyone?"""
    return rule.strip() == _ALWAYS


def _check_names(of: IndicatorSet) -> None:
    """Parameters may not hide fields, derived values or functions."""
    taken = {*standard_fields(), *DERIVED, *FUNCTIONS, *FORBIDDEN, PERSONS}
    for name in (*of.parameters, *of.registers):
        is_bad = not re.fullmatch(r"[a-z][a-z0-9_]*", name) or any(_NO_NAME.search(part) for part in name.split("_"))
        if is_bad or name in taken:
            raise BadSetting("RISK-002", f"'{name}' cannot be a name here.", where=of.id, cure="Choose another.")


def _check_indicator(of: IndicatorSet, indicator: Indicator, columns: Columns) -> None:
    where = f"{of.id}, {indicator.id}"
    if indicator.sector not in of.sectors:
        raise BadSetting("RISK-002", f"'{indicator.sector}' is no sector of the set.", where=where, cure="Name one.")
    if set(indicator.score) - {"1", "2", "3"} or set(indicator.sources) - set(of.literature):
        raise BadSetting(
            "RISK-002", "A score is not 1 to 3, or a source is not in literature.", where=where, cure="Mend."
        )
    _check_fields(of, indicator, where)
    _check_absence(indicator, where)
    used: set[str] = set()
    if not is_always(indicator.applies):
        used |= columns.of_indicator(of, indicator, "applies", indicator.applies)[1]
    rules = rules_of(indicator)
    for score, rule in rules:
        if is_otherwise(rule) and score != rules[-1][0]:
            raise BadSetting("RISK-002", "'otherwise' comes before other rules.", where=where, cure="Put it last.")
        if not is_otherwise(rule):
            used |= columns.of_indicator(of, indicator, f"score {score}", rule)[1]
    for name in (name for fields in indicator.fields.values() for name in fields):
        if not used & (OF_PERSONS.get(name, frozenset()) | {name}):
            raise BadSetting("RISK-007", f"No rule uses the field '{name}'.", where=where, cure="Take it out.")


def _check_fields(of: IndicatorSet, indicator: Indicator, where: str) -> None:
    """Every register is one of the set's, every field a fact, under one register."""
    seen: set[str] = set()
    for register, fields in indicator.fields.items():
        if register != PERSONS and register not in of.registers:
            raise BadSetting("RISK-004", f"'{register}' is no register of the set.", where=where, cure="Name it there.")
        for name in fields:
            said = standard_fields().get(name)
            if name in FORBIDDEN:
                raise BadSetting("RISK-008", f"'{name}' is never scored.", where=where, cure="Take it out.")
            if name not in OF_PERSONS if register == PERSONS else not (said and said.is_fact):
                raise BadSetting("RISK-004", f"'{name}' is no fact.", where=where, cure="See reference/fields.toml.")
            if name == of.refer_now:
                raise BadSetting("RISK-008", f"'{name}' means refer now.", where=where, cure="It is never scored.")
            if name in seen:
                raise BadSetting("RISK-007", f"'{name}' stands twice.", where=where, cure="Name it under one register.")
            seen.add(name)


def _check_absence(indicator: Indicator, where: str) -> None:
    """Each register tells what absence means; where it means none, each field says which value that is."""
    registers = set(indicator.fields) - {PERSONS}
    if set(indicator.absence) != registers:
        raise BadSetting(
            "RISK-009",
            "absence must tell none or unknown for each register of its fields, and no other.",
            where=where,
            cure=f"Tell it for {', '.join(sorted(registers)) or 'no register'}.",
        )
    filled = {name for r in registers if indicator.absence[r] == "none" for name in indicator.fields[r]}
    if set(indicator.none) != filled:
        raise BadSetting(
            "RISK-009",
            "none must name exactly the fields of the registers absence from which means none.",
            where=where,
            cure=f"Name {', '.join(sorted(filled)) or 'nothing'}.",
        )
    for name, value in indicator.none.items():
        said = standard_fields()[name]
        if (said.kind == "text") != isinstance(value, str) or (said.codes and str(value) not in said.codes):
            raise BadSetting("RISK-006", f"{value!r} is no value of '{name}'.", where=where, cure="See fields.toml.")


def _place(raw: dict[str, object], name: str, message: str) -> str:
    """The indicator that a message about the shape of a file is about."""
    found = re.search(r"\$\.indicators\[(\d+)\]", message)
    indicators = raw.get("indicators")
    if not found or not isinstance(indicators, list):
        return name
    said = indicators[int(found[1])]
    return f"{name}, {said.get('id', f'indicator {found[1]}')}" if isinstance(said, dict) else name
