"""Makes a list of areas of a province that is in force, with subdistricts that are no more."""

import datetime as dt
from collections.abc import Iterable, Mapping

from makers.agencies import NOW
from makers.boundary_files import ELSEWHERE
from sarana.basics.actors import Actor
from sarana.basics.progress import Silent
from sarana.ground.accounts.models import Agency
from sarana.ground.codelists.models import Area, Change, Edition
from sarana.ground.jobs.models import Job
from sarana.learning.population.boundaries import actions, queries
from sarana.learning.population.boundaries.looking import look
from sarana.learning.population.boundaries.models import BoundaryFile

GONE, GONE_ON = "TH500190", dt.date(2020, 12, 31)
"""A subdistrict that was divided between the first two of its district."""


def a_list(codes: Iterable[str], *, gone: Mapping[str, tuple[str, ...]] | None = None) -> Edition:
    """A list of areas in force with these subdistricts, one of another province, and those that are no more."""
    edition = Edition.objects.create(
        list_code="areas.TH", version="2026.1", source="x", licence="x", fingerprint="x", state=Edition.State.IN_FORCE,
        begun_at=NOW, in_force_at=NOW, brought_by_ref=Edition._meta.get_field("ref").get_default(),
    )  # fmt: skip
    gone = {GONE: ("TH500101", "TH500102")} if gone is None else gone
    lines = [(code, None) for code in (*codes, ELSEWHERE)] + [(code, GONE_ON) for code in gone]
    Area.objects.bulk_create(
        Area(
            edition=edition, line=n, level=3, code=code, parent=code[:6], name_local=f"ที่ {code}",
            name_latin=f"Area {code}", valid_until=until, search=code,
        )
        for n, (code, until) in enumerate(lines)
    )  # fmt: skip
    changes = [(before, after) for before, became in gone.items() for after in became]
    Change.objects.bulk_create(
        Change(edition=edition, line=n, before=before, before_until=GONE_ON, after=after)
        for n, (before, after) in enumerate(changes)
    )
    return edition


def brought(actor: Actor, content: bytes, *, agency: Agency, area: str = "TH50") -> BoundaryFile:
    """A boundary file that was brought and looked through, as its work does it; no work waits behind it."""
    made, _is_new = actions.bring(
        actor, actions.Said("Survey of trials", actor.today), content, agency=agency, area=area
    )
    actions.keep_found(actor, made, look(queries.asked_of(actor, made), Silent()))
    # Work is never deleted: PostgreSQL refuses that without a word, and the next worker would take it.
    n = Job.objects.filter(ref=made.job_ref).update(state=Job.State.DONE, ended_at=actor.now)
    assert n == 1, "its work waits still"
    return queries.get_boundary(actor, made.ref)
