"""The kinds of records in words, for pages that say to what something was done or who may do what with it."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

KINDS: Final[dict[str, Any]] = {
    "access-report": _("report of who looked"),
    "account": _("account"),
    "agency": _("agency"),
    "area-figures": _("figures of areas"),
    "backup": _("backups"),
    "codelist": _("words and areas"),
    "entry": _("line of the ledger"),
    "incident": _("incident"),
    "invitation": _("invitation"),
    "job": _("long work"),
    "job-of-nobody": _("long work that began by itself"),
    "map-file": _("file of a map"),
    "membership": _("role of a person"),
    "population-source": _("source of sector files"),
    "population-update": _("yearly update"),
    "proposal": _("act that needs two people"),
    "purpose": _("purpose for which people are looked at"),
    "question": _("what is worth a question"),
    "role": _("role"),
    "village-figures": _("figures of villages"),
    "worker-count": _("work in numbers"),
}


def kind_words(kind: str) -> str:
    """A kind of record in the language of the page; a refusal keeps the name of an address, which stays as it is."""
    return str(KINDS.get(kind, kind))
