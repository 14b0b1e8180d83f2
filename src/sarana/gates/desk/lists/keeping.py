"""Bringing areas, putting an edition in force or taking it back, translating a word: for data custodians."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sarana.basics.errors import BadTable
from sarana.gates.desk.lists.forms import BringForm, TranslateForm
from sarana.gates.desk.lists.views import edition_or_404
from sarana.ground.accounts.asking import as_asked
from sarana.ground.codelists import actions, policy, sources
from sarana.ground.ledger import refusals

UNREADY = 422


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a table of P-codes; it waits, with what it would change, until it is put in force."""
    actor = as_asked(request).actor
    policy.check_may_change(actor)
    is_sent = request.method == "POST"
    form = BringForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        country = sources.country_of(form.cleaned_data["country"])
        try:
            made = actions.bring_pcodes(actor, country, form.cleaned_data["table"])
        except BadTable as err:
            form.add_error("table", f"{err.where}. {refusals.noted(request, err)}".strip())
        else:
            messages.success(request, _("The table was read. See what it changes, and put it in force."))
            return redirect("desk:edition", ref=made.ref)
    return render(request, "desk/lists/bring.html", {"form": form}, status=UNREADY if form.errors else 200)


@require_POST
def put_in_force(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Put an edition in force."""
    actor = as_asked(request).actor
    found = edition_or_404(actor, ref)
    actions.put_in_force(actor, found, accept_loss=request.POST.get("loss") == "accepted")
    messages.success(request, _("These areas are in force now. Those of before are kept."))
    return redirect("desk:edition", ref=ref)


@require_POST
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take an edition back that is not in force."""
    actor = as_asked(request).actor
    actions.withdraw(actor, edition_or_404(actor, ref))
    messages.success(request, _("Taken back. Nothing was changed."))
    return redirect("desk:lists")


@require_POST
def translate(request: HttpRequest, name: str) -> HttpResponse:
    """Give one word its label in one language."""
    actor = as_asked(request).actor
    policy.check_may_change(actor)
    source = sources.word_lists().get(name)
    if source is None:
        raise Http404
    form = TranslateForm(request.POST)
    if not form.is_valid():
        raise actions.no_label()
    given = form.cleaned_data
    actions.translate(actor, source.list_code, given["code"], language=given["language"], text=given["text"])
    messages.success(request, _("The label was kept."))
    response = redirect("desk:list-words", name=name)
    response["Location"] += f"?language={given['language']}"
    return response
