"""Pages of conflicts of interest: all that stand, and those about one person, who is shown by her code alone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.care.people import policy as people
from sarana.care.people.conflict import actions, policy
from sarana.care.people.conflict.actions import Flag
from sarana.care.people.conflict.forms import AgencyForm, ColleagueForm
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.conflict.queries import reading
from sarana.care.people.conflict.queries.hiding import agencies_kept_out
from sarana.care.people.forms import CodeForm
from sarana.care.people.models import Person
from sarana.care.people.reasons import read_reason
from sarana.ground import columns
from sarana.ground.accounts.asking import as_asked
from sarana.ground.accounts.queries import agency_names
from sarana.ground.ledger.actions import record_list
from sarana.ground.ledger.refusals import noted

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    """What stands, page after page, and whom to write one down about, by the code."""
    actor = as_asked(request).actor
    policy.check_may_flag(actor)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = reading.find_to_flag(actor, form.cleaned_data["code"])
        if found is not None:
            return redirect("people:conflict", ref=found.ref)
        form.add_error("code", _("Nobody of your agency has this code."))
    page = columns.listing(reading.conflicts_for(actor), _columns(), request.GET)
    record_list(actor, policy.CONFLICT, [row.ref for row in page.rows], action="people.conflicts-listed")
    words = {"page": page, "rows": _lines(actor, page.rows), "form": form, "is_helper": people.has_role(actor)}
    return render(request, "people/conflict/conflicts.html", words, status=UNREADY if form.is_bound else 200)


@require_safe
def conflict(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What stands about one person, and the forms to write one down."""
    actor = as_asked(request).actor
    return _page(request, actor, _person_or_404(actor, ref))


@require_POST
def flag_agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write down that another agency has a conflict of interest."""
    actor = as_asked(request).actor
    person = _person_or_404(actor, ref)
    form = _agency_form(actor, person, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        told = Flag(Conflict.Reason(given["reason"]), given["words"], against=given["who"])
        if _is_flagged(request, actor, person, told, form):
            messages.success(request, _("Written down. From this moment that agency sees nothing of this person."))
            return redirect("people:conflict", ref=ref)
    return _page(request, actor, person, agency_form=form)


@require_POST
def flag_colleague(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write down that somebody of this agency has one."""
    actor = as_asked(request).actor
    person = _person_or_404(actor, ref)
    form = _colleague_form(actor, person, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        reason = Conflict.Reason(given["reason"])
        told = Flag(reason, given["words"], account=given["who"], instead=given["instead"])
        if _is_flagged(request, actor, person, told, form):
            messages.success(request, _("Written down. From this moment this colleague sees nothing of this person."))
            return redirect("people:conflict", ref=ref)
    return _page(request, actor, person, colleague_form=form)


@require_POST
def lift(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Lift one."""
    actor = as_asked(request).actor
    try:
        person = actions.lift(actor, ref)
    except Conflict.DoesNotExist as err:
        raise Http404 from err
    messages.success(request, _("Lifted. What was ended stays ended: it is agreed to, decided or assigned anew."))
    return redirect("people:conflict", ref=person.ref)


def _is_flagged(
    request: HttpRequest, actor: Actor, person: Person, told: Flag, form: AgencyForm | ColleagueForm
) -> bool:
    """Whether it was written down; what was wrong stands in the form."""
    try:
        actions.flag(actor, person.ref, told)
    except (NotYet, Refused) as err:
        form.add_error("instead" if err.code == "PEOPLE-095" else "who", noted(request, err))
        return False
    return True


def _page(request: HttpRequest, actor: Actor, person: Person, **forms: Any) -> HttpResponse:
    rows = reading.conflicts_about(actor, person)
    record_list(
        actor, policy.CONFLICT, [row.ref for row in rows], action="people.conflicts-seen",
        owner_agency_ref=person.agency_ref, thing_ref=person.ref,
    )  # fmt: skip
    words = {
        "person": person,
        "rows": _lines(actor, rows),
        "agency_form": _agency_form(actor, person),
        "colleague_form": _colleague_form(actor, person),
        "is_helper": people.has_role(actor),
        **forms,
    }
    return render(request, "people/conflict/conflict.html", words, status=UNREADY if forms else 200)


def _agency_form(actor: Actor, person: Person, posted: Any = None) -> AgencyForm:
    names = agency_names(actor, get_language() or "en")
    taken = {person.agency_ref, *agencies_kept_out(person)}
    return AgencyForm([each for each in names.items() if each[0] not in taken], posted, auto_id="agency_%s")


def _colleague_form(actor: Actor, person: Person, posted: Any = None) -> ColleagueForm:
    return ColleagueForm(reading.staff_for(actor, person), reading.helpers_for(actor, person), posted)


def _lines(actor: Actor, rows: list[Conflict]) -> list[dict[str, Any]]:
    """Each in words: who is kept out, why, since when and by whom; and whether the actor may lift it."""
    agencies = agency_names(actor, get_language() or "en")
    staff = reading.names_of_staff(ref for row in rows for ref in (row.account_ref, row.flagged_by_ref))
    return [
        {
            "row": row,
            "person": row.person,
            "who": agencies.get(row.against_ref, "") if row.against_ref else staff.get(row.account_ref, ""),  # type: ignore[arg-type]
            "by": staff.get(row.flagged_by_ref, ""),
            "words": read_reason(row.words_sealed, row.ref),
            "may_lift": row.flagged_by_ref != actor.account_ref,
        }
        for row in rows
    ]


def _columns() -> list[columns.Column]:
    """The columns by which conflicts can be ordered."""
    return [
        columns.Column("since", _("Since"), "flagged_at", natural=True, falling=True),
        columns.Column("person", _("Person"), "person__code"),
        columns.Column("reason", _("Why"), "reason", words=Conflict.Reason.choices),
    ]


def _person_or_404(actor: Actor, ref: UUID) -> Person:
    """Hidden and absent are the same page."""
    try:
        return reading.get_to_flag(actor, ref)
    except Person.DoesNotExist as err:
        raise Http404 from err
