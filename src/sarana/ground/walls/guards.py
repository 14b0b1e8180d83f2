"""Which rows of which table the database shows and takes, as expressions of PostgreSQL: the second wall's own table.

It is coarser than the policy on purpose, and written apart from it: the policy says what a role may, the wall says that
nothing leaves an agency. A setting that is missing is NULL, and NULL lets no row through.
"""

from dataclasses import dataclass

ACCOUNT = "(SELECT NULLIF(current_setting('sarana.account', true), '')::bigint)"
ACCOUNT_REF = "(SELECT NULLIF(current_setting('sarana.account_ref', true), '')::uuid)"
TASK = "(SELECT current_setting('sarana.task', true))"
AGENCIES = "(SELECT string_to_array(NULLIF(current_setting('sarana.agencies', true), ''), ','))::uuid[]"
PATHS = "(SELECT string_to_array(NULLIF(current_setting('sarana.paths', true), ''), ','))::text[]"

NEAR_AGENCIES = f"(SELECT near.id FROM accounts_agency near WHERE near.path ^@ ANY ({PATHS}))"
NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"

OPERATOR, SIGN_IN, SEALING, ANSWERING, WORKING = "operator", "sign-in", "sealing", "answering", "working"
BACKING_UP = "backing-up"
TASKS = {
    OPERATOR: "a command typed on the machine itself",
    SIGN_IN: "a request of somebody who is not signed in yet: signing in, coming by an invitation",
    SEALING: "sealing and proving the ledger",
    WORKING: "a worker that looks which long work waits, and takes it",
    BACKING_UP: "a backup, from which no row is hidden, and which writes none",
    ANSWERING: "what somebody has elsewhere too, before her account is ended or given back",
}
"""What works without a person of an agency, by name; each opens only what its guard says."""


def during(*tasks: str) -> str:
    """True while one of these tasks is at work."""
    return f"({TASK} IN ({', '.join(f"'{task}'" for task in tasks)}))"


@dataclass(frozen=True, slots=True)
class Guard:
    """One table: which rows are seen, taken in, changed and deleted; "" means none, ever."""

    table: str
    seen: str
    made: str = ""
    changed: str = ""
    deleted: str = ""

    def commands(self) -> dict[str, str]:
        """The expression for each command of SQL that has one."""
        seen = self.seen if self.seen == "true" else f"({self.seen}) OR {during(BACKING_UP)}"
        named = {"SELECT": seen, "INSERT": self.made, "UPDATE": self.changed, "DELETE": self.deleted}
        return {command: text for command, text in named.items() if text}


_NEAR = f"agency_id IN {NEAR_AGENCIES}"
_INVITED_HERE = (
    "EXISTS (SELECT 1 FROM accounts_invitation i WHERE i.account_id = accounts_membership.account_id "
    "AND i.agency_id = accounts_membership.agency_id AND i.role_id = accounts_membership.role_id)"
)
_COLLEAGUE = (
    "EXISTS (SELECT 1 FROM accounts_membership m WHERE m.account_id = accounts_account.id "
    f"AND m.agency_id IN {NEAR_AGENCIES})"
)
_ASKED = f"partner_id IN (SELECT asked.id FROM accounts_agency asked WHERE asked.ref = ANY ({AGENCIES}))"
_OF_A_PROPOSAL = (
    f"EXISTS (SELECT 1 FROM words_proposal p WHERE p.id = words_notice.proposal_id AND p.agency_id IN {NEAR_AGENCIES})"
)
_OF_A_BREACH = (
    f"EXISTS (SELECT 1 FROM breaches_incident b WHERE b.id = {{table}}.incident_id AND b.agency_id IN {NEAR_AGENCIES})"
)
_OF_WORK = (
    f"EXISTS (SELECT 1 FROM jobs_job j WHERE j.id = jobs_receipt.job_id "
    f"AND (j.account_id = {ACCOUNT} OR j.agency_id IN {NEAR_AGENCIES} "
    f"OR (j.account_id IS NULL AND j.agency_id IS NULL AND {ACCOUNT} IS NOT NULL)))"
)
_OF_NOBODY = f"(account_id IS NULL AND agency_id IS NULL AND {ACCOUNT} IS NOT NULL)"
# The officer who answers for a province sees what the agencies of that province hand over.
_IN_MANDATE = (
    f"EXISTS (SELECT 1 FROM accounts_agency held, jsonb_array_elements_text(held.areas) AS area(code) "
    f"WHERE held.ref = ANY ({AGENCIES}) AND length(area.code) > 1 "
    "AND ({table}.area ^@ area.code OR area.code ^@ {table}.area))"
)
_OF_A_SOURCE = (
    "EXISTS (SELECT 1 FROM population_source s WHERE s.id = {table}.source_id "
    f"AND (s.agency_id IN {NEAR_AGENCIES} OR {_IN_MANDATE.replace('{table}', 's')}))"
)
_OF_A_QUEUE = (
    f"EXISTS (SELECT 1 FROM population_run r WHERE r.id = {{table}}.run_id AND {_IN_MANDATE.replace('{table}', 'r')})"
)
_OF_A_PAIR = (
    "EXISTS (SELECT 1 FROM population_pair q JOIN population_run r ON r.id = q.run_id "
    f"WHERE q.id = {{table}}.pair_id AND {_IN_MANDATE.replace('{table}', 'r')})"
)
_OF_A_SET = (
    "EXISTS (SELECT 1 FROM population_ownset s WHERE s.id = population_seteffect.own_id "
    f"AND (s.agency_id IN {NEAR_AGENCIES} OR {_IN_MANDATE.replace('{table}', 's')}))"
)
_OWN_FACTOR = f"user_id = {ACCOUNT} OR {during(SIGN_IN, OPERATOR)}"

GUARDS: tuple[Guard, ...] = (
    # Agencies are known to all; one is made or changed by those of the agency itself or of one above it.
    Guard(
        "accounts_agency",
        seen="true",
        made=f"path ^@ ANY ({PATHS}) OR {during(OPERATOR)}",
        changed=f"path ^@ ANY ({PATHS}) OR {during(OPERATOR)}",
    ),
    # Names at work are known to colleagues, through pages that have their own rule; hashes are changed by their owner.
    Guard(
        "accounts_account",
        seen="true",
        made=during(SIGN_IN, OPERATOR),
        changed=f"id = {ACCOUNT} OR {_COLLEAGUE} OR {during(SIGN_IN, OPERATOR)}",
    ),
    # Nobody gives herself a membership; who comes by an invitation gets what it holds and nothing else.
    Guard(
        "accounts_membership",
        seen=f"account_id = {ACCOUNT} OR {_NEAR} OR {during(OPERATOR, ANSWERING)}",
        made=f"({_NEAR} AND account_id <> {ACCOUNT}) OR ({during(SIGN_IN)} AND {_INVITED_HERE}) OR {during(OPERATOR)}",
        changed=f"({_NEAR} AND account_id <> {ACCOUNT}) OR {during(OPERATOR)}",
    ),
    Guard(
        "accounts_invitation",
        seen=f"{_NEAR} OR {during(SIGN_IN, OPERATOR)}",
        made=f"{_NEAR} OR {during(OPERATOR)}",
        changed=f"{_NEAR} OR {during(SIGN_IN, OPERATOR)}",
    ),
    # Which services an agency lets its people sign in by is known to all; its administrators change it.
    Guard(
        "accounts_allowance",
        seen="true",
        made=f"{_NEAR} OR {during(OPERATOR)}",
        changed=f"{_NEAR} OR {during(OPERATOR)}",
        deleted=f"{_NEAR} OR {during(OPERATOR)}",
    ),
    # To whom an account is tied elsewhere: one's own, found at the door, taken away when the account ends.
    Guard(
        "accounts_tie",
        seen=f"account_id = {ACCOUNT} OR {during(SIGN_IN, OPERATOR, ANSWERING)}",
        made=f"account_id = {ACCOUNT} OR {during(OPERATOR)}",
        changed=f"account_id = {ACCOUNT} OR {during(SIGN_IN, OPERATOR)}",
        deleted=f"account_id = {ACCOUNT} OR {during(SIGN_IN, OPERATOR, ANSWERING)}",
    ),
    # The library's own tables of such services, which this program never fills: nobody sees or writes a row.
    Guard("socialaccount_socialaccount", seen="false"),
    Guard("socialaccount_socialtoken", seen="false"),
    # Keys of second factors: one's own. Nobody else's is ever readable in a request of somebody who signed in.
    Guard("mfa_authenticator", seen=_OWN_FACTOR, made=_OWN_FACTOR, changed=_OWN_FACTOR, deleted=_OWN_FACTOR),
    # What is proposed: those of the agency, and of the partner that was asked; what somebody was told: she, and they.
    Guard(
        "words_proposal",
        seen=f"{_NEAR} OR {_ASKED} OR {during(OPERATOR)}",
        made=f"{_NEAR} AND proposed_by_id = {ACCOUNT} OR {during(OPERATOR)}",
        changed=f"{_NEAR} OR {_ASKED} OR {during(OPERATOR)}",
    ),
    Guard(
        "words_notice",
        seen=f"account_id = {ACCOUNT} OR {_OF_A_PROPOSAL} OR {during(OPERATOR)}",
        made=f"{_OF_A_PROPOSAL} OR {during(OPERATOR)}",
        changed=f"account_id = {ACCOUNT} OR {during(OPERATOR)}",
    ),
    # Long work: whoever asked for it, her agency and those above it; a worker sees all of it, to take what waits.
    Guard(
        "jobs_job",
        seen=f"account_id = {ACCOUNT} OR {_NEAR} OR {_OF_NOBODY} OR {during(OPERATOR, WORKING)}",
        made=f"account_id = {ACCOUNT} OR {during(OPERATOR)}",
        changed=f"account_id = {ACCOUNT} OR {_NEAR} OR {_OF_NOBODY} OR {during(OPERATOR, WORKING)}",
    ),
    # What waits for a role is seen by its agency; rooms make it for other agencies than the one of whoever asks.
    Guard(
        "tasks_task",
        seen=f"{_NEAR} OR {during(OPERATOR)}",
        made=during(OPERATOR),
        changed=f"{_NEAR} OR {during(OPERATOR)}",
    ),
    Guard(
        "jobs_receipt",
        seen=f"{_OF_WORK} OR {during(OPERATOR, WORKING)}",
        made=f"{_OF_WORK} OR {during(OPERATOR)}",
    ),
    # The record of breaches is the agency's own.
    Guard(
        "breaches_incident",
        seen=f"{_NEAR} OR {during(OPERATOR)}",
        made=f"{_NEAR} AND recorded_by_ref = {ACCOUNT_REF} OR {during(OPERATOR)}",
        changed=f"{_NEAR} OR {during(OPERATOR)}",
    ),
    *(
        Guard(
            table,
            seen=f"{_OF_A_BREACH.replace('{table}', table)} OR {during(OPERATOR)}",
            made=f"{_OF_A_BREACH.replace('{table}', table)} OR {during(OPERATOR)}",
            changed=f"{_OF_A_BREACH.replace('{table}', table)} OR {during(OPERATOR)}",
        )
        for table in ("breaches_affected", "breaches_duty")
    ),
    # Protected tables: read by whoever signed in (which roles, the policy says), taken in at the machine only. A run is
    # withdrawn there too; a figure is never changed.
    Guard(
        "population_run",
        seen=f"{ACCOUNT} IS NOT NULL OR {during(OPERATOR)}",
        made=during(OPERATOR),
        changed=during(OPERATOR),
    ),
    *(
        Guard(table, seen=f"{ACCOUNT} IS NOT NULL OR {during(OPERATOR)}", made=during(OPERATOR))
        for table in (
            *("population_figure", "population_drawing"),
            *("population_indicator", "population_answer", "population_better"),
            *("population_sector", "population_sectoranswer"),
            "population_backtest",
        )
    ),
    # A file of a map is for whoever asked for it; the installation takes it away when its time is over.
    Guard(
        "population_mapfile",
        seen=f"account_id = {ACCOUNT} OR {during(OPERATOR)}",
        made=f"account_id = {ACCOUNT} OR {during(OPERATOR)}",
        changed=f"account_id = {ACCOUNT} OR {during(OPERATOR)}",
    ),
    # Activities are read beside the map by whoever reads it; their agency alone writes them.
    Guard(
        "population_activity",
        seen=f"{ACCOUNT} IS NOT NULL OR {during(OPERATOR)}",
        made=f"{_NEAR} OR {during(OPERATOR)}",
        changed=f"{_NEAR} OR {during(OPERATOR)}",
    ),
    # Sources are their agency's; whoever answers for the province sees to them too.
    *(
        Guard(
            table,
            seen=f"{_NEAR} OR {_IN_MANDATE.replace('{table}', table)} OR {during(OPERATOR)}",
            made=f"{_NEAR} OR {during(OPERATOR)}",
            changed=f"{_NEAR} OR {_IN_MANDATE.replace('{table}', table)} OR {during(OPERATOR)}",
        )
        for table in ("population_source", "population_update", "population_holding")
    ),
    *(
        Guard(
            table,
            seen=f"{_OF_A_SOURCE.replace('{table}', table)} OR {during(OPERATOR)}",
            made=f"{_OF_A_SOURCE.replace('{table}', table)} OR {during(OPERATOR)}",
            changed=f"{_OF_A_SOURCE.replace('{table}', table)} OR {during(OPERATOR)}",
        )
        for table in (
            *("population_handedfile", "population_codemeaning", "population_profile"),
            *("population_filecolumns", "population_columnsaid"),
        )
    ),
    # By which outlines the map of a province is drawn: for whoever answers for it.
    Guard(
        "population_boundaryfile",
        seen=f"{_IN_MANDATE.replace('{table}', 'population_boundaryfile')} OR {during(OPERATOR)}",
        made=f"{_NEAR} OR {during(OPERATOR)}",
        changed=f"{_IN_MANDATE.replace('{table}', 'population_boundaryfile')} OR {during(OPERATOR)}",
    ),
    # Whose key signs for a province is known, and said, where the province lies in the mandate.
    Guard(
        "population_station",
        seen=f"{_IN_MANDATE.replace('{table}', 'population_station')} OR {during(OPERATOR)}",
        made=f"{_IN_MANDATE.replace('{table}', 'population_station')} OR {during(OPERATOR)}",
        changed=f"{_IN_MANDATE.replace('{table}', 'population_station')} OR {during(OPERATOR)}",
    ),
    # Pairs are filled in by the machine, and judged in the province; nobody writes a judgement in another's name, and
    # none is deleted. A reviewer takes back her own.
    Guard(
        "population_pair",
        seen=f"{_OF_A_QUEUE.replace('{table}', 'population_pair')} OR {during(OPERATOR)}",
        made=during(OPERATOR),
        changed=f"{_OF_A_QUEUE.replace('{table}', 'population_pair')} OR {during(OPERATOR)}",
        deleted=during(OPERATOR),
    ),
    Guard(
        "population_batch",
        seen=f"{_OF_A_QUEUE.replace('{table}', 'population_batch')} OR {during(OPERATOR)}",
        made=(
            f"judged_by_ref = {ACCOUNT_REF} AND {_OF_A_QUEUE.replace('{table}', 'population_batch')} "
            f"OR {during(OPERATOR)}"
        ),
        changed=f"judged_by_ref = {ACCOUNT_REF} OR {during(OPERATOR)}",
    ),
    Guard(
        "population_alsoasked",
        seen=f"{_OF_A_PAIR.replace('{table}', 'population_alsoasked')} OR {during(OPERATOR)}",
        made=during(OPERATOR),
        deleted=during(OPERATOR),
    ),
    Guard(
        "population_judgement",
        seen=f"{_OF_A_PAIR.replace('{table}', 'population_judgement')} OR {during(OPERATOR)}",
        made=(
            f"judged_by_ref = {ACCOUNT_REF} AND {_OF_A_PAIR.replace('{table}', 'population_judgement')} "
            f"OR {during(OPERATOR)}"
        ),
        changed=f"judged_by_ref = {ACCOUNT_REF} OR {during(OPERATOR)}",
    ),
    # How people are measured is read by all who sign in; a set is changed by its agency and by those of its province.
    Guard(
        "population_ownset",
        seen=f"{ACCOUNT} IS NOT NULL OR {during(OPERATOR)}",
        made=f"{_NEAR} OR {during(OPERATOR)}",
        changed=f"{_NEAR} OR {_IN_MANDATE.replace('{table}', 'population_ownset')} OR {during(OPERATOR)}",
    ),
    Guard(
        "population_setnote",
        seen=f"{ACCOUNT} IS NOT NULL OR {during(OPERATOR)}",
        made=f"{_NEAR} OR {during(OPERATOR)}",
        changed=f"({_NEAR} AND said_by_ref = {ACCOUNT_REF}) OR {during(OPERATOR)}",
    ),
    Guard(
        "population_seteffect",
        seen=f"{ACCOUNT} IS NOT NULL OR {during(OPERATOR)}",
        made=f"{_OF_A_SET} OR {during(OPERATOR)}",
    ),
    # What was said of a person's page is seen by whoever wrote it down, and by those who answer for the area.
    Guard(
        "population_correction",
        seen=f"{_NEAR} OR {_IN_MANDATE.replace('{table}', 'population_correction')} OR {during(OPERATOR)}",
        made=f"{_NEAR} OR {during(OPERATOR)}",
        changed=f"{_IN_MANDATE.replace('{table}', 'population_correction')} OR {during(OPERATOR)}",
    ),
    # Backups are of the whole installation; that one was made, tried or let go is written once, and never changed.
    Guard("vault_backup", seen="true", made="true"),
    Guard("vault_letgo", seen="true", made="true"),
    Guard("vault_drill", seen="true", made="true"),
    # Nobody writes an entry in another's name, and nobody changes or deletes one.
    Guard(
        "ledger_entry",
        seen=(
            f"actor_ref = {ACCOUNT_REF} OR agency_ref = ANY ({AGENCIES}) OR owner_agency_ref = ANY ({AGENCIES}) "
            f"OR ({during(SIGN_IN)} AND actor_ref = {NOBODY}) OR {during(OPERATOR, SEALING)}"
        ),
        made=(
            f"actor_ref = {ACCOUNT_REF} OR ({during(SIGN_IN)} AND actor_ref = {NOBODY}) OR {during(OPERATOR, SEALING)}"
        ),
    ),
)
