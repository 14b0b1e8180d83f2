"""An indicator set as the text of its file, in one order: the same set gives the same bytes."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from sarana.methods.risk.shapes import Indicator, IndicatorSet

TABLES = ("registers", "sectors", "literature", "parameters")


def write_set(of: IndicatorSet) -> bytes:
    """The file of a set; read back it is the same set."""
    plain: dict[str, Any] = msgspec.to_builtins(of)
    head = {
        name: value for name, value in plain.items() if not isinstance(value, dict | list | tuple) and value is not None
    }
    parts = [_lines(head)]
    parts += [f"[{name}]\n{_lines(_sorted(plain[name]))}" for name in TABLES]
    for name, banding in _sorted(plain["bandings"]).items():
        rules = banding.pop("rules")
        parts.append(f"[bandings.{_key(name)}]\n{_lines(banding)}")
        parts.append(f"[bandings.{_key(name)}.rules]\n{_lines({band: rules[band] for band in banding['order']})}")
    parts += [f"[[indicators]]\n{_lines(_said(each))}" for each in of.indicators]
    return "\n".join(parts).encode()


def _said(indicator: Indicator) -> dict[str, Any]:
    """What is said of an indicator, without what every indicator has that says nothing."""
    plain: dict[str, Any] = msgspec.to_builtins(indicator)
    usual = {field.name: field.default for field in msgspec.structs.fields(Indicator)}
    plain["score"] = {score: plain["score"][score] for score in ("3", "2", "1") if score in plain["score"]}
    return {
        name: value
        for name, value in plain.items()
        if value is not None and value != usual[name] and not (name == "none" and not value)
    }


def _sorted(values: Mapping[str, Any]) -> dict[str, Any]:
    """By name: a database gives a mapping back in an order of its own."""
    return dict(sorted(values.items()))


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in values.items())


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    """A value as TOML; JSON quotes a text as TOML does, but for one sign that it leaves as it is."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in _sorted(value).items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return repr(value)
