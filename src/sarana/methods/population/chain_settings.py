"""What SOURCES.toml means for each step of the chain: the settings that count for its result."""

from dataclasses import fields
from typing import Any

from sarana.methods.areas.shapes import LayerSettings
from sarana.methods.linkage import LinkSettings
from sarana.methods.population.chain_sets import set_of
from sarana.methods.population.sources import Sources
from sarana.methods.risk.settings import RiskSettings, check_settings

RIGHTS = ("register", "custodian", "legal_basis", "agreement", "agreement_until")
"""What SOURCES.toml says of a source that does not change how it is read."""


def read_settings(sources: Sources) -> dict[str, Any]:
    """What counts for reading: the areas and the sources, without the papers that allow their use."""
    said = sources.settings()
    named = {
        name: {key: value for key, value in source.items() if key not in RIGHTS}
        for name, source in said["sources"].items()
    }
    return {"areas": said["areas"], "sources": named, "order": list(sources.sources)}


def link_settings(sources: Sources) -> LinkSettings:
    """How widely to look and how sure to be; provinces do not set this."""
    return LinkSettings(sources=tuple(sources.sources))


def risk_settings(sources: Sources) -> RiskSettings:
    """How the index is computed: the set that SOURCES.toml names, and the decisions that it records.

    Raises:
        BadSetting, BadFile: as `set_of` and `check_settings`.
    """
    decisions = {name.lower(): said.reference for said in sources.run.ethics for name in said.indicators}
    settings = RiskSettings(
        set=set_of(sources),
        as_of=sources.run.as_of,
        sources=tuple(sources.sources),
        ethics_decisions=decisions,
        registers={name: source.register for name, source in sources.sources.items() if source.register},
    )
    check_settings(settings)
    return settings


def risk_settings_told(settings: RiskSettings) -> dict[str, Any]:
    """What counts for the index, as a receipt tells it; the set itself stands there by name and by the file's hash."""
    told = {field.name: getattr(settings, field.name) for field in fields(settings) if field.name != "set"}
    return {**told, "set": settings.set.id, "version": settings.set.version}


def layer_settings(sources: Sources) -> LayerSettings:
    """What the map layer shows, and how the boundary file names areas.

    Only boundaries of subdistricts are drawn; of other levels cells around village points take their place.
    """
    said, name = sources.boundaries, set_of(sources).id
    if said is None or said.level != "subdistrict":
        return LayerSettings(indicator_set=name)
    return LayerSettings(level="subdistrict", code_property=said.code, prefix=said.prefix, indicator_set=name)


def indicator_facts(settings: RiskSettings) -> dict[str, str | bool]:
    """The set of indicators as the card of a run names it."""
    return {"set": settings.set.id, "version": settings.set.version, "status": settings.set.status}
