"""This system: what it does, taken from what it does; and what it costs."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sarana.basics import matrix
from sarana.gates.desk.kinds import kind_words
from sarana.gates.desk.system import costs
from sarana.ground import rules
from sarana.ground.accounts import queries
from sarana.ground.accounts.keeping import ROOM, Kept
from sarana.ground.accounts.limits import limits
from sarana.ground.lengths import length_words
from sarana.ground.vault import thinning
from sarana.ground.walls import postgres
from sarana.ground.words import ruling
from sarana.ground.words.actions import ACTS
from sarana.learning.population.files.folder import KEPT
from sarana.methods.reference import read_reference

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
BETWEEN = "; without a second factor: "


@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """Who may what, limits, walls and second words, as they are at this moment. Not written down: it shows nobody."""
    names = {role.code: role.called(get_language() or "en") for role in queries.roles()}
    table = rules.tables()
    shown = [
        (
            kind_words(kind),
            [
                (_roles(row.roles, names), list(zip(_standings(), map(_cell, row.cells), strict=True)))
                for row in matrix.rows(table, kind, names)
            ],
        )
        for kind in matrix.kinds(table)
    ]
    words: dict[str, Any] = {
        "kinds": shown,
        "standings": _standings(),
        "limits": _limits(),
        "kept": [(each.what, length_words(each.longest), each.then) for each in _keeping()],
        "is_guarded": postgres.is_guarded(),
        "database": connection.display_name,
        "loopholes": postgres.loopholes(),
        "acts": [act.words for act in ACTS.values()],
        "enough": ruling.ENOUGH_PEOPLE,
        "hours": int(ruling.WAIT.total_seconds() // 3600),
        "keys_apart": not Path(settings.SARANA_KEYS).is_relative_to(settings.SARANA_HOME),
    }
    return render(request, "desk/system/system.html", words)


def _roles(codes: tuple[str, ...], names: dict[str, str]) -> str:
    return ", ".join(names[code] if code else _("signed in, no role") for code in codes)


def _standings() -> list[str]:
    return [
        _("her own"),
        _("given to her"),
        _("of her agency"),
        _("of an agency below"),
        _("of the agency above"),
        _("in her agency's area"),
        _("elsewhere"),
    ]


def _cell(text: str) -> str:
    """A cell of the layout in the language of the page."""
    strong, _sign, weak = text.partition(BETWEEN)
    if not weak:
        return _answers(strong)
    told = {"strong": _answers(strong), "weak": _answers(weak)}
    return _("%(strong)s; without a second factor: %(weak)s") % told


def _answers(text: str) -> str:
    """What a cell allows: one answer, or one for each of some purposes."""
    if not text.startswith("for "):
        return _access(text)
    said = []
    for part in text.split("; "):
        purposes, _sign, access = part.removeprefix("for ").rpartition(": ")
        named = ", ".join(_purpose(each) for each in purposes.split(", "))
        said.append(_("for %(purposes)s: %(access)s") % {"purposes": named, "access": _access(access)})
    return "; ".join(said)


def _access(text: str) -> str:
    """How far one may go, or how far at each level at which a thing is kept."""
    words = {"nothing": _("nothing"), "masked": _("masked"), "open": _("open"), "change": _("change")}
    levels = {"open": _("open"), "audited": _("audited"), "protected": _("protected"), "closed": _("closed")}
    said = []
    for part in text.split(", "):
        access, _sign, at = part.removesuffix(")").partition(" (")
        named = " ".join(levels.get(each, each) for each in at.split())
        said.append(f"{words.get(access, access)} ({named})" if at else words.get(access, access))
    return ", ".join(said)


def _purpose(code: str) -> str:
    """A purpose in the language of the page."""
    words = {"no purpose": _("no purpose"), matrix.ANOTHER_PURPOSE: _("another purpose")}
    known = read_reference("purposes.toml").get(code, {})
    return words.get(code) or str(known.get("name_th" if get_language() == "th" else "name", code))


def _limits() -> list[tuple[str, str]]:
    """Limits of sittings and of sign-in, and how long things are kept, as code and settings have them now."""
    now = limits()
    return [
        (_("A sitting ends at the latest after"), _("%(hours)g hours") % {"hours": now.longest / HOUR}),
        (_("A sitting ends without a request after"), _("%(minutes)g minutes") % {"minutes": now.idle / MINUTE}),
        (_("A sitting ends when the browser is closed"), _yes(said=settings.SESSION_EXPIRE_AT_BROWSER_CLOSE)),
        (_("Only over HTTPS"), _yes(said=settings.SESSION_COOKIE_SECURE)),
        (_("The link of an invitation is good for"), _("%(minutes)g minutes") % {"minutes": now.invitation / MINUTE}),
        (_("Tries of a passphrase in a minute"), str(now.tries_a_minute)),
        (_("A browser is known for"), _("%(days)g days") % {"days": now.browser / DAY}),
        (_("What was done is kept"), _("for ever; nobody deletes it")),
    ]


def _keeping() -> list[Kept]:
    """How long each kind of thing is kept, as its room says; the ledger has no end, whoever asks."""
    forever = Kept(("Entry",), _("what was done and what was opened"), None, _("Nobody deletes it."))
    copies = Kept(
        (),
        _("backups that are made by themselves"),
        thinning.STAY[-1][0],
        _("Their files go; that they were made stays."),
    )
    files = Kept(
        ("MapFile",), _("files of maps that somebody asked for"), KEPT, _("The file goes; that it was made stays.")
    )
    return [*ROOM, copies, files, forever]


def _yes(*, said: bool) -> str:
    return _("yes") if said else _("no")


@require_safe
def cost(request: HttpRequest) -> HttpResponse:
    """What a year costs, with where each figure is from. Not written down: it shows nobody."""
    found = costs.read_costs(Path(settings.SARANA_HOME))
    thai = get_language() == "th"
    names = {
        "electricity": _("Electricity"),
        "machine": _("Machine, over %(years)d years") % {"years": found["prices"]["machine_years"]},
        "backups": _("Backups"),
        "operator": _("Hours of an operator"),
        "domain": _("Name on the network"),
    }
    shown = [
        (
            bill.words_th if thai else bill.words,
            [(names[line.name], line, costs.sources_in(line, found, is_thai=thai)) for line in bill.lines],
            bill.total,
        )
        for bill in costs.bills(found)
    ]
    return render(request, "desk/system/cost.html", {"bills": shown, "currency": found["currency"], "file": costs.NAME})
