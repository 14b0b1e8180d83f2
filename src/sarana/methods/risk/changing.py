"""Changes a set as somebody asks in words of a form, and says beside which field a fault stands."""

import re
from typing import Any

import msgspec

from sarana.basics.errors import BadSetting
from sarana.methods.risk.scopes import OF_PERSONS
from sarana.methods.risk.sets import check_set
from sarana.methods.risk.shapes import Indicator, IndicatorSet

_WORD = re.compile(r"[a-z][a-z0-9_]*")


def changed_set(of: IndicatorSet, **parts: Any) -> IndicatorSet:
    """The set with other parts, checked throughout.

    Raises:
        BadSetting: as `check_set`; RISK-002 a part has not the shape of one.
    """
    plain = {**msgspec.to_builtins(of), **parts}
    try:
        found = msgspec.convert(plain, IndicatorSet)
    except msgspec.ValidationError as err:
        raise BadSetting("RISK-002", f"{err}.", where=of.id, cure="See the manual.") from err
    check_set(found)
    return found


def with_indicator(of: IndicatorSet, key: str, **parts: Any) -> IndicatorSet:
    """The set with another form of one indicator; fields that no rule of it uses any more are taken out of it.

    Raises:
        BadSetting: as `changed_set`.
    """
    plain: list[dict[str, Any]] = msgspec.to_builtins(of.indicators)
    every = [_tidied({**each, **parts}) if each["id"] == key else each for each in plain]
    return changed_set(of, indicators=every)


def without_indicator(of: IndicatorSet, key: str) -> IndicatorSet:
    """The set without one indicator.

    Raises:
        BadSetting: as `changed_set`: the set would be empty, or the indicator is the one for legal status.
    """
    plain: list[dict[str, Any]] = msgspec.to_builtins(of.indicators)
    return changed_set(of, indicators=[each for each in plain if each["id"] != key])


def find_indicator(of: IndicatorSet, key: str) -> Indicator | None:
    """One indicator of a set, by its id."""
    return next((each for each in of.indicators if each.id == key), None)


def _tidied(said: dict[str, Any]) -> dict[str, Any]:
    """An indicator without the fields, and the registers, of which its rules say nothing."""
    words = set(_WORD.findall(" ".join((said["applies"], *said["score"].values()))))
    words |= {f"{word}_id" for word in words & {"father", "mother"}}
    fields = {
        register: [name for name in names if words & (OF_PERSONS.get(name, frozenset()) | {name})]
        for register, names in said["fields"].items()
    }
    fields = {register: names for register, names in fields.items() if names}
    kept = {name for names in fields.values() for name in names}
    absence = {register: means for register, means in said["absence"].items() if register in fields}
    none = {name: value for name, value in said["none"].items() if name in kept}
    return {**said, "fields": fields, "absence": absence, "none": none}
