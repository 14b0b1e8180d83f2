"""Pages of alarms: one of them for the officer, and entering a record that lures for a supervisor."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.people.actions import Facts
from sarana.care.people.alarms import actions, policy, queries
from sarana.care.people.alarms.forms import LureForm
from sarana.care.people.alarms.models import Alarm
from sarana.care.people.consents.showing import purpose_names
from sarana.care.people.models import Person
from sarana.care.people.purpose import ask_purpose
from sarana.care.people.values import BirthOf, Names, checked_name
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.queries import agency_names, memberships_for
from sarana.ground.ledger.actions import record_opening
from sarana.ground.ledger.refusals import noted
from sarana.ground.pages.calendars import common_year
from sarana.methods.reference import read_reference

UNREADY = 422
FIRST_BUDDHIST = 2400


@require_safe
def alarm(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One alarm: who, when, how often, for what, by which act; never what was looked for or seen."""
    actor = as_asked(request).actor
    try:
        found = queries.get_alarm(actor, ref)
    except Alarm.DoesNotExist as err:
        raise Http404 from err
    record_opening(actor, policy.ALARM, ref, action="people.alarm-opened", owner_agency_ref=found.agency_ref)
    words = {"alarm": found, "who": _who(actor, found.account_ref), "what": _what(found.what)}
    words["purpose"] = purpose_names(actor).get(found.purpose, found.purpose)
    return render(request, "people/alarms/alarm.html", words)


@require_http_methods(["GET", "HEAD", "POST"])
def lure(request: HttpRequest) -> HttpResponse:
    """Enter a record that lures. Not written down before it is sent: an empty form shows nobody."""
    actor, language = as_asked(request).actor, get_language() or "en"
    if asked := ask_purpose(request, actor):
        return asked
    names = agency_names(actor, language)
    mine = [(str(ref), names.get(ref, "")) for ref in sorted(actor.agency_refs) if policy.may_lay(actor, ref)]
    if not mine:
        policy.check_may_lay(actor, min(actor.agency_refs))
    form = LureForm(mine, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = _lay(actor, form)
        except NotYet as err:
            form.add_error("name", noted(request, err))
        else:
            messages.success(request, _("Entered as %(code)s. Keep the code: no page tells it from others.")
                             % {"code": made.code})  # fmt: skip
            return redirect("people:lure")
    return render(request, "people/alarms/lure.html", {"form": form}, status=UNREADY if form.is_bound else 200)


def _lay(actor: Actor, form: LureForm) -> Person:
    told = form.cleaned_data
    year = told["year"]
    if year and year >= FIRST_BUDDHIST:
        year = common_year(year, None)
    birth = BirthOf(year) if year else None
    names = Names(names=(checked_name(told["name"]),), birth=birth)
    return actions.lay(actor, UUID(told["agency"]), Facts(sex=Person.Sex(told["sex"])), names)


def _who(actor: Actor, account: UUID) -> str:
    """The name of whoever it was, where the officer may know her; "" where she is of another agency."""
    row = memberships_for(actor).filter(account__ref=account).first()
    return row.account.name if row else ""


def _what(code: str) -> str:
    """What was done, in the language of the page; a refusal by its code, which the manual explains."""
    told = read_reference("acts.toml").get(code)
    return told[get_language() or "en"] if told and (get_language() or "en") in told else code
