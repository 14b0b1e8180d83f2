"""The second wall of people who are helped: rows stay with their agency; another sees what a living basis gave it."""

from sarana.ground.walls.guards import ACCOUNT_REF, AGENCIES, GUARDS, OPERATOR, Guard, during

_OWN = f"agency_ref = ANY ({AGENCIES})"
_GIVEN = (
    "EXISTS (SELECT 1 FROM vault_shared g JOIN vault_basis b ON b.id = g.basis_id "
    f"WHERE {{at}} AND b.ended_at IS NULL AND g.recipient_ref = ANY ({AGENCIES}))"
)
_LETS_IN = (
    "EXISTS (SELECT 1 FROM vault_basis b WHERE b.id = consent_consent.basis_id AND b.ended_at IS NULL "
    f"AND b.recipient_ref = ANY ({AGENCIES}))"
)
_HANDED = (
    "EXISTS (SELECT 1 FROM people_handed h JOIN vault_basis b ON b.id = h.basis_id "
    "WHERE h.masked_id = people_maskedcopy.id AND b.ended_at IS NULL "
    f"AND h.recipient_ref = ANY ({AGENCIES}))"
)
_THIS_TIER = "b.subject_id = vault_sealed.subject_id AND g.tier = vault_sealed.tier"


def _kept(table: str, *, seen: str = "", made: str = _OWN, changed: str = _OWN, deleted: str = _OWN) -> Guard:
    """Rows of an agency's own, which the machine sees and writes too; `seen` is who sees them beside that agency."""
    machine = during(OPERATOR)
    ways = (f"{way} OR {machine}" if way else way for way in (made, changed, deleted))
    return Guard(table, f"{_OWN} OR {seen} OR {machine}" if seen else f"{_OWN} OR {machine}", *ways)


def _written_by(column: str) -> str:
    """Rows of an agency's own that somebody writes in her own name."""
    return f"{_OWN} AND {column} = {ACCOUNT_REF}"


_TO_US = f"recipient_ref = ANY ({AGENCIES})"
_PARTNER = f"partner_ref = ANY ({AGENCIES})"

OF_IDENTITIES: tuple[Guard, ...] = (
    # Who a person is stays with her agency; another one sees the tiers that a basis gave it. The installation erases
    # again what a backup brought back, and turns keys.
    _kept("vault_subject", seen=_GIVEN.replace("{at}", "b.subject_id = vault_subject.id")),
    _kept("vault_sealed", seen=_GIVEN.replace("{at}", _THIS_TIER)),
    _kept("vault_earlier"),
    _kept("vault_basis", seen=f"({_TO_US} AND ended_at IS NULL)"),
    _kept("vault_shared", seen=_TO_US, changed=_TO_US),
    _kept("consent_consent", seen=_LETS_IN, made=_written_by("recorded_by_ref")),
    # A person is seen by her agency, and by one that a living basis lets read something of her.
    _kept("people_person", seen=_GIVEN.replace("{at}", "b.subject_id = people_person.subject_id")),
    # Both sides of an agreement see it; what was asked stays with who asked, whom it reached with who was asked.
    _kept(
        "people_agreement",
        seen=_PARTNER,
        made=_written_by("proposed_by_ref"),
        changed=f"{_OWN} OR {_PARTNER}",
        deleted="",
    ),
    _kept("people_assigned", made=_written_by("by_ref")),
    _kept("people_relation", made=_written_by("said_by_ref")),
    _kept("people_askable", made=_written_by("said_by_ref")),
    _kept("people_samejudgement", made=_written_by("judged_by_ref")),
    _kept("people_question", made=_written_by("asked_by_ref")),
    # Who opened somebody in an emergency, and who is kept out, stays with the person's agency.
    _kept("people_emergency", made=_written_by("account_ref")),
    _kept("people_conflict", made=_written_by("flagged_by_ref")),
    *(_kept(table) for table in ("people_toindex", "people_photograph", "people_import", "people_askmark")),
    # Whom a question reached and who is alike is found by the machine; people of the agency decide about it.
    *(
        Guard(
            table,
            seen=f"{_OWN} OR {during(OPERATOR)}",
            made=during(OPERATOR),
            changed=f"{_OWN} OR {during(OPERATOR)}",
            deleted=f"{_OWN} OR {during(OPERATOR)}",
        )
        for table in ("people_reached", "people_likeness", "people_compared")
    ),
    # A masked copy is seen by whoever was given it, while the basis lives.
    _kept("people_maskedcopy", seen=_HANDED),
    Guard(
        "people_handed",
        seen=f"{_OWN} OR {_TO_US} OR {during(OPERATOR)}",
        made=f"{_written_by('by_ref')} OR {during(OPERATOR)}",
        changed=during(OPERATOR),
        deleted=f"{_OWN} OR {during(OPERATOR)}",
    ),
    # An alarm is raised by the machine, and read in its agency.
    Guard(
        "people_alarm",
        seen=f"{_OWN} OR {during(OPERATOR)}",
        made=during(OPERATOR),
        changed=during(OPERATOR),
        deleted=during(OPERATOR),
    ),
    # Who was erased is written by the installation alone, which proves each line; an agency sees its own.
    Guard("vault_erased", seen=f"{_OWN} OR {during(OPERATOR)}", made=during(OPERATOR), deleted=during(OPERATOR)),
)

EVERY = (*GUARDS, *OF_IDENTITIES)
"""Every guard of the house, in the order in which they are put up."""
