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
    "consent": _("what a person agreed to"),
    "entry": _("line of the ledger"),
    "hand-over-to-nation": _("tables for the nation"),
    "identity": _("who a person is"),
    "identity-cutting-off": _("cutting off an agency from a person"),
    "identity-earlier": _("earlier versions of what is sealed about a person"),
    "identity-ending": _("holding and erasing who a person is"),
    "identity-keys": _("keys of an agency"),
    "identity-sharing": _("what another agency reads about a person"),
    "incident": _("incident"),
    "invitation": _("invitation"),
    "job": _("long work"),
    "job-of-nobody": _("long work that began by itself"),
    "map-file": _("file of a map"),
    "membership": _("role of a person"),
    "people-agreement": _("agreement of two agencies to ask about people"),
    "people-alarm": _("alarm about what somebody opened"),
    "people-conflict": _("conflict of interest about a person"),
    "people-emergency": _("opening in an emergency"),
    "people-lure": _("record that lures"),
    "people-likeness": _("records that may be of one person"),
    "person": _("person who is helped"),
    "person-in-emergency": _("person who was opened in an emergency"),
    "population-boundaries": _("boundary file"),
    "population-activity": _("activity in an area"),
    "population-holding": _("register that an office holds"),
    "population-source": _("source of sector files"),
    "population-person": _("page about a person"),
    "population-people": _("pages about people of a run"),
    "population-pair": _("pair of records to judge"),
    "population-pairs": _("queue of pairs to judge"),
    "population-set": _("indicator set"),
    "population-set-note": _("note on an indicator set"),
    "population-set-word": _("second word on an indicator set"),
    "station": _("station of a province"),
    "task": _("task for a role"),
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
