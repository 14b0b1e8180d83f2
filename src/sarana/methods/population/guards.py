"""Lets a run on real people start only where right, purpose and date have been settled."""

import datetime as dt

from sarana.basics.errors import BadSetting, NotYet
from sarana.methods.population.sources import Sources

NEEDED = ("custodian", "legal_basis", "agreement", "agreement_until")


def check_guards(sources: Sources, today: dt.date | None = None) -> None:
    """Refuse to start on data not marked invented unless every paper is there and holds.

    Args:
        sources: as `load_sources` gave it.
        today: the day the run is made, if it is not the day it looks from; an agreement must hold on both.

    Raises:
        NotYet: SOURCES-011 the run names no impact assessment; SOURCES-012 a source lacks custodian, legal basis,
            agreement or its end; SOURCES-013 an agreement has lapsed.
        BadSetting: SOURCES-015 a day lies ahead of the day on which the run is made.
    """
    if sources.run.invented:
        return
    if today is not None:
        _check_not_ahead(sources, today)
    if not sources.run.impact_assessment.strip():
        raise NotYet(
            "SOURCES-011",
            "The data are not marked invented, and the run names no impact assessment.",
            where="[run]",
            cure="Make the assessment and name it in `impact_assessment`.",
        )
    for name, source in sources.sources.items():
        missing = [key for key in NEEDED if not str(getattr(source, key) or "").strip()]
        if missing:
            raise NotYet(
                "SOURCES-012",
                f"The data are not marked invented, and the source does not name: {', '.join(missing)}.",
                where=f"[sources.{name}]",
                cure="Settle it with the sector and write it down.",
            )
        last_needed = max(sources.run.as_of, today or sources.run.as_of)
        if source.agreement_until is not None and source.agreement_until < last_needed:
            raise NotYet(
                "SOURCES-013",
                f"The agreement ended on {source.agreement_until.isoformat()}, before {last_needed.isoformat()}.",
                where=f"[sources.{name}]",
                cure="Have it renewed, then write the new end.",
            )


def _check_not_ahead(sources: Sources, today: dt.date) -> None:
    """Refuse to look from a day that has not come: everybody would be older than she is, and no answer too old."""
    days = {"[run]": sources.run.as_of} | {f"[sources.{name}]": sources.as_of(name) for name in sources.sources}
    for where, day in days.items():
        if day > today:
            raise BadSetting(
                "SOURCES-015",
                f"The day `as_of` = {day.isoformat()} lies ahead of today, {today.isoformat()}.",
                where=where,
                cure="Write the day from which the files date.",
            )
