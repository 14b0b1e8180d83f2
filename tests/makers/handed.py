"""Makes sources, and hands files over for them as a browser does."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from makers.agencies import acting
from sarana.basics.actors import Actor
from sarana.ground.accounts.models import Account, Agency
from sarana.learning.population.sources import actions, incoming
from sarana.learning.population.sources.models import Profile, Source

SAID = actions.Said(
    name="Health register",
    sector="health",
    custodian="Public Health Office",
    legal_basis="Public Health Act s. 9",
    as_of=dt.date(2026, 6, 30),
    is_invented=True,
)
ROWS = b"row_id,NAME\n1,Somchai Jaidee\n2,=HYPERLINK(1)\n"
"""A file of two invented people, one of them called by a formula."""


def a_source(account: Account, agency: Agency, layout: str = "health", **more: Any) -> Source:
    """A source of Chiang Mai that somebody registered."""
    said = actions.Said(**{**{name: getattr(SAID, name) for name in SAID.__slots__}, **more})
    return actions.register(acting(account), said, agency=agency, area="TH50", layout=layout)


def hand_over(client: Client, source: Source, content: bytes = ROWS, part: str = "health.csv", **more: Any) -> Any:
    """Send a file with the form of the page of a source; gives the answer."""
    file = SimpleUploadedFile("names of people.csv", content)
    form = {"part": part, "file": file, "whole": "1", **more}
    return client.post(reverse("population:hand-over", args=[source.ref]), form)


def keep(actor: Actor, source: Source, path: Path, part: str) -> None:
    """Hand a file over without a browser."""
    came = incoming.Incoming()
    try:
        came.take(path.read_bytes())
        came.end()
        actions.keep_file(actor, source, part, came)
    finally:
        came.let_go()


def a_profile(source: Source) -> Profile:
    """A profile that found one code of the sex that nobody knows, on twelve rows."""
    unknown = {"column": "SEX", "is_stopping": True, "n_codes": 1, "n_rows": 12}
    file = {
        **dict.fromkeys(("n_rows", "n_ids_again", "n_old"), 12),
        **{name: {} for name in ("set_aside", "ids", "flags", "calendars", "scripts")},
        "source": "health",
        "path": "health/health.csv",
        "fields": [],
        "declared": "2026-06-30",
        "oldest": None,
        "newest": None,
        "unknown": [{**unknown, "codes": [{"code": "9", "n_rows": 12, "suggestion": ""}]}],
    }
    return Profile.objects.create(
        source=source, made_at=source.registered_at, made_by_ref=source.ref, told=file, would_stop=True
    )
