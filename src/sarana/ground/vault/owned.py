"""What an agency owns of this room: on which basis others read its people; all else opens nothing elsewhere."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "vault.Basis",
        "bases",
        "On which basis another agency reads, or read, about one of its people: the person agreed, or a law says so.",
        lambda ref: Q(agency_ref=ref),
    ),
)

NOT_OWNED = {
    "vault.Backup": "backups are of the whole installation, and sealed to the organisation that keeps it",
    "vault.LetGo": "that files of those backups had served their time",
    "vault.Drill": "trials of those backups",
    **dict.fromkeys(
        ("vault.Subject", "vault.Sealed", "vault.Shared"),
        "sealed under keys of this installation, which open nothing elsewhere: who they are is handed over opened",
    ),
    "vault.Earlier": "what was changed while somebody was held: the custodian opens it for whoever asked for the hold",
    "vault.Erased": "marks of people who were erased, who must be known again here for ever",
}
