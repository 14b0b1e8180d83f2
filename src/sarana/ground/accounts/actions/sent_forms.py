"""The words of forms that were sent: taken once, kept for a day with the address to which the answer led."""

import datetime as dt

from django.db import IntegrityError, transaction

from sarana.ground.accounts import keyed
from sarana.ground.accounts.models import SentForm

KEPT = dt.timedelta(days=1)
SWEPT_FROM = "10"
"""Marks below this (one in sixteen) are those whose coming sweeps away what is older than a day."""

PURPOSE = "sent form"


def take_form(mark: str, now: dt.datetime) -> bool:
    """True for whoever comes first with a form's word; on PostgreSQL the second waits here for the first."""
    if mark < SWEPT_FROM:
        SentForm.objects.filter(sent_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            SentForm(mark=mark, sent_at=now).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def keep_answer(mark: str, address: str) -> None:
    """The form was done, and its answer led to this address."""
    SentForm.objects.filter(mark=mark).update(answer_sealed=keyed.seal(PURPOSE, address, bound_to=mark))


def let_form_go(mark: str) -> None:
    """The form was not done: it may be sent again."""
    SentForm.objects.filter(mark=mark).delete()


def answer_of(mark: str) -> str | None:
    """Where the answer of a form led; "" while it is being done, None where nobody sent it."""
    row = SentForm.objects.filter(mark=mark).first()
    if row is None:
        return None
    return keyed.open_sealed(PURPOSE, bytes(row.answer_sealed), bound_to=mark) if row.answer_sealed else ""
