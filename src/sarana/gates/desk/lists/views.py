"""Reading words and areas: what is there, one area, one edition, one list of words. It tells of nobody."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from sarana.basics.actors import Actor
from sarana.gates.desk.lists.forms import AreasForm, Languages
from sarana.ground.accounts.asking import as_asked
from sarana.ground.codelists import actions, policy, queries, sources
from sarana.ground.codelists.models import Area, Edition

SHOWN, MOST_WITHIN, LAST = 50, 100, 8
FIRST = next(iter(sources.countries()))


def language() -> str:
    """The language of the page."""
    return get_language() or "en"


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Every list: countries with what is in force and what is not to be had, words, and the last editions.

    Not written down: it shows nobody.
    """
    actor = as_asked(request).actor
    words = {
        "countries": [_country(actor, each) for each in sources.countries().values()],
        "lists": [_list(actor, each) for each in sources.word_lists().values()],
        "editions": [_edition(each) for each in queries.editions_for(actor)[:LAST]],
        "may_change": policy.may_change(actor),
    }
    return render(request, "desk/lists/lists.html", words)


def _country(actor: Actor, country: sources.Country) -> dict[str, Any]:
    edition = queries.find_in_force(actor, country.list_code)
    levels = queries.counts_by_level(edition) if edition else {}
    told = [(country.level_words(level, language()), n) for level, n in levels.items()]
    n_ended = queries.count_ended(edition) if edition else 0
    names = {"name": country.called(language()), "gaps": country.gap_words(language())}
    return {"country": country, "edition": edition, "levels": told, "n_ended": n_ended, **names}


def _list(actor: Actor, source: sources.WordSource) -> dict[str, Any]:
    edition = queries.find_in_force(actor, source.list_code)
    origin, licence = source.told(language())
    return {
        "source": source,
        "name": source.called(language()),
        "edition": edition,
        "origin": origin,
        "licence": licence,
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {"edition": edition, "name": called(edition.list_code)}


def called(list_code: str) -> str:
    """The name of a list in the language of the page."""
    kind, _, name = list_code.partition(".")
    found = sources.countries().get(name) if kind == "areas" else sources.word_lists().get(name)
    return found.called(language()) if found else list_code


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The areas of a country: searched, by level, as they were on a day; fifty on a page.

    Not written down: it shows nobody.
    """
    actor = as_asked(request).actor
    form = AreasForm({"country": FIRST, **request.GET.dict()})
    rows = _asked_for(actor, form) if form.is_valid() else queries.no_areas()
    shown, last = queries.page_of(rows, request.GET.get("after", "")[:40], SHOWN)
    country = sources.countries().get(form.data["country"], sources.country_of(FIRST))
    ways = request.GET.copy()
    ways["after"] = last
    words = {
        "form": form,
        "rows": [(area, country.level_words(area.level, language())) for area in shown],
        "older": f"?{ways.urlencode()}" if last else "",
        "is_loaded": queries.find_in_force(actor, country.list_code) is not None,
        "gaps": country.gap_words(language()),
    }
    return render(request, "desk/lists/areas.html", words)


def _asked_for(actor: Actor, form: AreasForm) -> QuerySet[Area]:
    given = form.cleaned_data
    day = given["on"] or (None if given["ended"] else actor.today)
    rows = queries.areas_for(actor, given["country"], on=day)
    rows = rows.filter(level=given["level"]) if given["level"] else rows
    return queries.search_areas(rows, given["q"])


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """All that a code ever meant: where it lies, what lies in it, what it came from and what it became.

    Not written down: it shows nobody.
    """
    actor = as_asked(request).actor
    stretches = queries.stretches_of(actor, code)
    if not stretches:
        raise Http404
    newest = stretches[0]
    country = sources.country_of(code[:2])
    came, became = queries.changes_of(actor, code)
    within = queries.areas_within(actor, newest)
    words = {
        "area": newest,
        "level": country.level_words(newest.level, language()),
        "country": country.called(language()),
        "stretches": stretches,
        "above": queries.above(actor, newest),
        "within": within[:MOST_WITHIN],
        "n_within": within.count(),
        "came": came,
        "became": became,
        "today": queries.successors(actor, code, newest.valid_until) if newest.valid_until else (),
    }
    return render(request, "desk/lists/area.html", words)


@require_safe
def words(request: HttpRequest, name: str) -> HttpResponse:
    """The words of a list in one language, with what is not translated yet.

    Not written down: it shows nobody.
    """
    actor = as_asked(request).actor
    source = sources.word_lists().get(name)
    if source is None:
        raise Http404
    asked = request.GET.get("language", "")
    chosen = asked if asked in actions.LANGUAGES else language()
    told = queries.words_for(actor, name, chosen)
    origin, licence = source.told(language())
    found = {
        "origin": origin,
        "licence": licence,
        "source": source,
        "name": source.called(language()),
        "rows": told,
        "chosen": chosen,
        "languages": Languages().choices,
        "n_missing": sum(1 for word in told if not word.is_translated),
        "may_change": policy.may_change(actor),
    }
    return render(request, "desk/lists/words.html", found)


@require_safe
def edition(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One edition: where it comes from, and what it changes against the one in force, or changed when it came.

    Not written down: it shows nobody.
    """
    actor = as_asked(request).actor
    found = edition_or_404(actor, ref)
    waits = found.state == Edition.State.READY
    source, licence = _origin(found)
    words: dict[str, Any] = {"edition": found, "name": called(found.list_code), "waits": waits}
    words |= {"source": source, "licence": licence}
    if waits:
        now = queries.find_in_force(actor, found.list_code)
        new, gone, renamed = queries.changes_between(now, found)
        words["parts"] = [(rows.count(), rows[:MOST_WITHIN]) for rows in (new, gone, renamed)]
    words["may_change"] = policy.may_change(actor)
    return render(request, "desk/lists/edition.html", words)


def _origin(edition: Edition) -> tuple[str, str]:
    """Where an edition comes from and its licence, in words; what an older version wrote stays as it was written."""
    kind, _, name = edition.list_code.partition(".")
    own = sources.word_lists().get(name) if f"{kind}." == sources.WORDS else None
    if own is not None and (own.source, own.licence) == (edition.source, edition.licence):
        return own.told(language())
    return gettext(edition.source), gettext(edition.licence)


def edition_or_404(actor: Actor, ref: UUID) -> Edition:
    """One edition, or the page that says there is none."""
    try:
        return queries.get_edition(actor, ref)
    except Edition.DoesNotExist as err:
        raise Http404 from err
