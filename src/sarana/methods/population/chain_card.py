"""The card of a run, `run.toml`: what it was made from and how it may be used; no time, no path, no thread count."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from sarana.methods.areas.layer import CELLS, FROM_FILE
from sarana.methods.population.sources import Sources
from sarana.methods.runs.folder import KIND, WORK
from sarana.methods.runs.receipts import Receipt, own_version, text_hash

STATUS = "unvalidated, for planning only"
"""What every map, table, print and file says until a back-test is passed."""

DRAWN_LEVEL = "subdistrict"
"""Boundaries of another level are not drawn."""

Plain = str | int | float | bool | dt.date


def run_card(sources: Sources, indicators: Mapping[str, Plain], receipts: Sequence[Receipt] = ()) -> bytes:
    """The card's bytes; without receipts it is the card of a run that is not complete.

    Args:
        sources: what SOURCES.toml says.
        indicators: id, version and whatever else names the indicator set.
        receipts: of all steps, once they are done.
    """
    run = sources.run
    head: dict[str, Plain] = {
        "kind": KIND,
        "status": STATUS,
        "complete": bool(receipts),
        "erased": False,
        "version": own_version(),
        "name": run.name,
        "province": run.province,
        "as_of": run.as_of,
        "invented": run.invented,
    }
    if run.impact_assessment:
        head["impact_assessment"] = run.impact_assessment
    if receipts:
        head["fingerprint"] = fingerprint(receipts)
    parts = [_lines(head), "[indicators]\n" + _lines(indicators)]
    for decision in run.ethics:
        said = {"indicators": ", ".join(decision.indicators), "reference": decision.reference}
        parts.append("[[ethics]]\n" + _lines(said))
    parts += ["[[sources]]\n" + _lines(_source(sources, name, receipts)) for name in sources.sources]
    parts.append("[boundaries]\n" + _lines(_boundaries(sources, receipts)))
    judged = _judged(receipts)
    parts += ["[judged]\n" + _lines(judged)] if judged else []
    return "\n".join(parts).encode()


def fingerprint(receipts: Sequence[Receipt]) -> str:
    """One hash over the hashes of every file of the contract: equal runs have equal fingerprints."""
    files = sorted(
        (name, found)
        for receipt in receipts
        for name, found in receipt.outputs.items()
        if not name.startswith(f"{WORK}/")
    )
    return text_hash("".join(f"{name}\0{found}\n" for name, found in files).encode())


def _boundaries(sources: Sources, receipts: Sequence[Receipt]) -> dict[str, Plain]:
    """By which lines the map is drawn: whose they are, from which day, and the hash of their file."""
    said = sources.boundaries
    if said is None or said.level != DRAWN_LEVEL:
        return {"outlines": CELLS}
    read = next((receipt.inputs.get(said.path, "") for receipt in receipts if said.path in receipt.inputs), "")
    told: dict[str, Plain] = {"outlines": FROM_FILE, "level": said.level, "code": said.code}
    told |= {"drawn_by": said.drawn_by} if said.drawn_by else {}
    told |= {"as_of": said.as_of} if said.as_of else {}
    found = said.sha256 or read
    return {**told, "sha256": found} if found else told


def _judged(receipts: Sequence[Receipt]) -> dict[str, Plain]:
    """How many judgements of pairs the run was given, and what became of them."""
    begin = "judged_"
    linked = next((receipt.counts for receipt in receipts if receipt.step == "link"), {})
    return {key.removeprefix(begin): n for key, n in linked.items() if key.startswith(begin)}


def _source(sources: Sources, name: str, receipts: Sequence[Receipt]) -> dict[str, Plain]:
    """What the card says of one source: whose it is, under which right, how old, and how many rows."""
    source = sources.sources[name]
    said: dict[str, Plain] = {"name": name, "as_of": sources.as_of(name)}
    for key in ("custodian", "legal_basis", "agreement"):
        if getattr(source, key):
            said[key] = getattr(source, key)
    if source.agreement_until:
        said["agreement_until"] = source.agreement_until
    counts = receipts[0].counts if receipts else {}
    if counts:
        said["rows"] = counts.get(f"rows {name}", 0)
        said["set_aside"] = counts.get(f"set aside {name}", 0)
    return said


def _lines(values: Mapping[str, Plain]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Plain) -> str:
    """A value as TOML; JSON quotes a text as TOML does, but for the one control sign that it leaves as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return repr(value)
