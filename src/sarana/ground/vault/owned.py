"""What an agency owns of this room: nothing; backups are of the whole installation."""

from sarana.ground.owned import Owned

OWNED: tuple[Owned, ...] = ()

NOT_OWNED = {
    "vault.Backup": "backups are of the whole installation, and sealed to the organisation that keeps it",
    "vault.LetGo": "that files of those backups had served their time",
    "vault.Drill": "trials of those backups",
}
