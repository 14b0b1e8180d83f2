"""Files of maps: asking for one on the page of the map, one's own, watching one, fetching it, taking it away."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.learning.population import queries as maps
from sarana.learning.population.files import actions, queries
from sarana.learning.population.files.forms import CHOSEN, TakeForm
from sarana.learning.population.files.writing import FORMATS
from sarana.learning.population.looking import look
from sarana.learning.population.models import AreaLevel, MapFile, Run
from sarana.learning.population.showing import GROUPS, MOST_SECTOR

UNDER_WAY = frozenset({"waiting", "running"})
"""States of work that goes on by itself."""

NOT_TO_THE_END = frozenset({"failed", "stopped"})
"""States of work that somebody has to go on with."""

ZIP = "application/zip"


@require_POST
def ask(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask for the map as it stands; where something is missing, the form again."""
    actor = as_asked(request).actor
    try:
        run = maps.get_run(actor, ref)
    except Run.DoesNotExist as err:
        raise Http404 from err
    asked = {name: request.POST.get(name, "")[:MOST_SECTOR] for name in CHOSEN}
    seen = look(actor, run, asked, get_language() or "en")
    form = TakeForm(seen.choice, request.POST)
    if not form.is_valid():
        return render(request, "population/files/ask.html", {"run": run, "form": form, "choice": seen.choice})
    told = form.cleaned_data
    made = actions.ask_for_file(actor, seen, kind=told["kind"], reason=told.get("reason", ""))
    return redirect("population:file", ref=made.ref)


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """The files that one asked for, the newest first. Not written down: it tells of files, and shows no figure."""
    actor = as_asked(request).actor
    asked = columns.Column("asked", _("Asked for"), "asked_at", natural=True, falling=True)
    page = columns.listing(queries.files_for(actor), [asked], request.GET)
    return render(request, "population/files/files.html", {"page": page, "rows": [_told(actor, r) for r in page.rows]})


@require_safe
def file(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One file: how far it is, and until when it can be fetched. Not written down: it shows no figure."""
    actor = as_asked(request).actor
    return render(request, "population/files/file.html", _told(actor, _file_or_404(actor, ref)))


@require_safe
def fetch(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The file itself."""
    actor = as_asked(request).actor
    found = _file_or_404(actor, ref)
    content = actions.fetch(actor, found)
    name = _name(found)
    told = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    kind = ZIP if found.kind == MapFile.Kind.NATION else FORMATS[found.kind].media_type
    return HttpResponse(content, content_type=kind, headers=told)


@require_POST
def take_away(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take the file away before its day."""
    actor = as_asked(request).actor
    actions.take_away(actor, _file_or_404(actor, ref))
    messages.success(request, _("Taken away. That it was made stays written down."))
    return redirect("population:files")


def _file_or_404(actor: Actor, ref: UUID) -> MapFile:
    """Hidden and absent are the same page."""
    try:
        return queries.get_file(actor, ref)
    except MapFile.DoesNotExist as err:
        raise Http404 from err


def _told(actor: Actor, found: MapFile) -> dict[str, Any]:
    """A file in words."""
    is_gone = found.is_over(actor.now)
    state = found.job.state if found.job else ""
    return {
        "file": found,
        "run": found.run,
        "job": found.job,
        "level": AreaLevel(found.level).label,
        "who": GROUPS[found.group],
        "of": found.indicator or found.sector,
        "name": _name(found),
        "is_gone": is_gone,
        "is_for_nation": found.kind == MapFile.Kind.NATION,
        "is_withdrawn": found.run.withdrawn_at is not None,
        "is_ready": not is_gone and found.until is not None,
        "is_under_way": not is_gone and found.until is None and state in UNDER_WAY,
        "is_stopped": not is_gone and found.until is None and state in NOT_TO_THE_END,
    }


def _name(found: MapFile) -> str:
    """How the file is called where it is saved: the notice stands in its name too."""
    if found.kind == MapFile.Kind.NATION:
        stood = found.which or Run.Status.UNVALIDATED.value
        return f"sarana-{found.run.area}-to-the-nation-{found.run.as_of.isoformat()}-{stood}.zip"
    within = "" if found.within in ("", "all") else found.within
    group = "" if found.group == "all" else found.group.replace("=", "-").replace("+", "-up")
    of = re.sub("[^A-Za-z0-9_]", "-", found.indicator or found.sector)
    parts = [found.run.area, found.level, within, group, found.which, of, found.run.as_of.isoformat(), found.run.status]
    return f"sarana-{'-'.join(filter(None, parts))}.{found.kind}"
