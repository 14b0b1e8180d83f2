"""What SOURCES.toml means for each step of the chain: the settings that count for its result."""

from typing import Any

from sarana.methods.dates.reading import Era
from sarana.methods.linkage import LinkSettings
from sarana.methods.names.parts import Order
from sarana.methods.population.sources import Field, Source, Sources
from sarana.methods.population.standardise import SourceSettings, StandardiseSettings
from sarana.methods.population.standardise_rows import Fact
from sarana.methods.reference import read_reference

ERAS: dict[str, Era | None] = {"any": None, "buddhist": "be", "common": "ce"}
ORDERS: dict[str, Order] = {"any": "either", "given-first": "given-first", "family-first": "family-first"}
RIGHTS = ("custodian", "legal_basis", "agreement", "agreement_until")
"""What SOURCES.toml says of a source that does not change how it is read."""


def read_settings(sources: Sources) -> dict[str, Any]:
    """What counts for reading: the areas and the sources, without the papers that allow their use."""
    said = sources.settings()
    named = {
        name: {key: value for key, value in source.items() if key not in RIGHTS}
        for name, source in said["sources"].items()
    }
    return {"areas": said["areas"], "sources": named, "order": list(sources.sources)}


def standardise_settings(sources: Sources) -> StandardiseSettings:
    """What standardising must know of each source, and the facts that any of them declares."""
    declared = {field for name in sources.sources for field in sources.standard_fields(name)}
    known = read_reference("fields.toml")
    facts = tuple(
        Fact(name, said["type"], tuple(said.get("values", ())), tuple(said["range"]) if "range" in said else None)
        for name, said in sorted(known.items())
        if said["kind"] == "fact" and name in declared
    )
    return StandardiseSettings(tuple(_source(sources, name, source) for name, source in sources.sources.items()), facts)


def link_settings(sources: Sources) -> LinkSettings:
    """How widely to look and how sure to be; provinces do not set this."""
    return LinkSettings(sources=tuple(sources.sources))


def indicator_facts(sources: Sources) -> dict[str, str]:
    """The set of indicators as the card of a run names it."""
    return {"set": sources.run.indicators}


def _source(sources: Sources, name: str, source: Source) -> SourceSettings:
    birth: Field | None = source.fields.get("birth")
    whole: Field | None = source.fields.get("full_name")
    return SourceSettings(
        name=name,
        as_of=sources.as_of(name),
        era=ERAS[birth.era] if birth else None,
        name_order=ORDERS[whole.order] if whole else "either",
        area_level=source.area.level if source.area else None,
        has_crosswalk=source.area is not None,
    )
