"""What people were told of their saves, and what the database holds of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from makers.installed import Installed

HALVES = {
    "accounts without a role": """SELECT a.ref FROM accounts_account a
        WHERE NOT EXISTS (SELECT 1 FROM accounts_membership m WHERE m.account_id = a.id)""",
    "accounts that the ledger does not know": """SELECT a.ref FROM accounts_account a
        WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.thing_ref = a.ref
                          AND e.action = 'accounts.account-made')""",
    "roles that the ledger does not know": """SELECT m.ref FROM accounts_membership m
        WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.thing_ref = m.ref
                          AND e.action = 'accounts.role-given')""",
    "entries of accounts that are not there": """SELECT e.thing_ref FROM ledger_entry e
        WHERE e.action = 'accounts.account-made'
        AND NOT EXISTS (SELECT 1 FROM accounts_account a WHERE a.ref = e.thing_ref)""",
    "entries of roles that are not there": """SELECT e.thing_ref FROM ledger_entry e
        WHERE e.action = 'accounts.role-given'
        AND NOT EXISTS (SELECT 1 FROM accounts_membership m WHERE m.ref = e.thing_ref)""",
    "agencies that the ledger does not know once": """SELECT a.ref FROM accounts_agency a
        WHERE 1 <> (SELECT count(*) FROM ledger_entry e WHERE e.thing_ref = a.ref
                    AND e.action = 'accounts.agency-made')""",
    "entries of agencies that are not there": """SELECT e.thing_ref FROM ledger_entry e
        WHERE e.action = 'accounts.agency-made'
        AND NOT EXISTS (SELECT 1 FROM accounts_agency a WHERE a.ref = e.thing_ref)""",
}
"""Each finds what a save that was cut in two would leave."""


@dataclass(frozen=True, slots=True)
class Told:
    """What writers said: references that were acknowledged, codes of the others, when, and how long it took."""

    kept: tuple[str, ...] = ()
    kept_at: tuple[float, ...] = ()
    lost: tuple[str, ...] = ()
    lost_at: tuple[float, ...] = ()
    seconds: tuple[float, ...] = ()

    @classmethod
    def read(cls, lines: Iterable[str]) -> "Told":
        """What whole lines say; a last line without its end was never shown to anybody."""
        words = [line.split() for line in lines if line.endswith("\n")]
        acts = [word for word in words if word and word[0] in ("kept", "lost")]
        return cls(
            tuple(word[1] for word in acts if word[0] == "kept"),
            tuple(float(word[3]) for word in acts if word[0] == "kept"),
            tuple(word[1] for word in acts if word[0] == "lost"),
            tuple(float(word[3]) for word in acts if word[0] == "lost"),
            tuple(float(word[2]) for word in acts),
        )

    def share(self, part: float) -> float:
        """The seconds within which this part of the saves came back."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def halves(installed: Installed) -> dict[str, int]:
    """How much of each kind of half save the database holds; empty where there is none."""
    found = {name: len(installed.rows(sql)) for name, sql in HALVES.items()}
    return {name: n for name, n in found.items() if n}


def missing(installed: Installed, acknowledged: Iterable[str]) -> set[str]:
    """Saves that somebody was told of and that are not there."""
    return set(acknowledged) - installed.refs("SELECT ref FROM accounts_account")


def missing_agencies(installed: Installed, acknowledged: Iterable[str]) -> set[str]:
    """Agencies that somebody was told of and that are not there."""
    return set(acknowledged) - installed.refs("SELECT ref FROM accounts_agency")


def is_sound(installed: Installed) -> bool:
    """True where SQLite finds no fault in its file; PostgreSQL has checked its log when it started."""
    return bool(installed.database_url) or installed.rows("PRAGMA integrity_check") == [("ok",)]
