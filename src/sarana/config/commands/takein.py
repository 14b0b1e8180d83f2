"""`sarana population take-in`, `maps`, `withdraw`: what the web shows of finished runs, and what it shows no more."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import SaranaError
from sarana.config.commands.asking import question_door, question_means, tell, tell_table
from sarana.config.web import start
from sarana.methods.population.protected_tables import read_protected


def take_in_command(
    run: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="RUN")],
    *,
    agency: Annotated[
        str, typer.Option(help="Whose it is, by name or reference; the provincial centre of its province unless said.")
    ] = "",
) -> None:
    """Take the protected tables of a finished run into the web, where they become the map that says where to work.

    Nothing about a person is taken, and no figure that was withheld. The folder is only read. The same run taken in
    again changes nothing; a second run of a province has to be made beside the first (run --after).
    """
    found = read_protected(run, question_door(run))
    actor = Actor.local(dt.datetime.now(dt.UTC))
    _taken, is_new = start.door("sarana.learning.population.actions.take_in")(actor, found, agency=agency)
    n_areas = sum(row["group"] == "all" for row in found.rows)
    n_said = sum(row["group"] == "all" and row["rate"] is not None for row in found.rows)
    if is_new:
        tell(f"Taken in: {found.name}, {n_areas:,} areas, of {n_said:,} of which a rate may be said. See Population.")
    else:
        tell(f"{found.name} is here already; nothing was changed.")
    if start.door("sarana.ground.vault.places.opens_by_itself")():
        try:
            _lay_out(actor, run, found.fingerprint)
        except SaranaError as err:
            tell(f"The map is shown. What pages about people need was not laid out: {err}")
    else:
        tell("Pages about people stay closed here: no key file opens the keys without asking.")


def lay_out_command(
    run: Annotated[Path, typer.Argument(help="The folder of a run that was taken in.", metavar="RUN")],
    *,
    flags: Annotated[
        bool, typer.Option("--flags", help="List the rows of flagged people who have no page, to be referred by hand.")
    ] = False,
) -> None:
    """Lay out what pages about people of a run need: the few people of each subdistrict, sealed under the run's key.

    Taking a run in does this by itself. Done again, it replaces what was there. After the run's last day nothing opens.
    """
    found = read_protected(run, question_door(run))
    without = _lay_out(Actor.local(dt.datetime.now(dt.UTC)), run, found.fingerprint)
    if flags and without:
        rows = [(f"{at}", row) for at, flag in enumerate(without, 1) for row in flag.rows]
        tell_table("To be referred now, without a page", ("person", "row"), rows, n_words=2)


def _lay_out(actor: Actor, run: Path, fingerprint: str) -> tuple[Any, ...]:
    door = start.door("sarana.learning.population.opened.actions.lay_out")
    done = door(actor, fingerprint, run, question_means())
    n_pairs = start.door("sarana.learning.population.pairs.filling.actions.fill")(
        actor, fingerprint, run, question_means()
    )
    tell(f"{n_pairs:,} pairs of records wait to be judged, for linkage reviewers only.")
    tell(f"Laid out, sealed: {done.n_people:,} people of {done.n_places:,} subdistricts, for outreach workers only.")
    without: tuple[Any, ...] = done.without_page
    if without:
        tell(
            f"To be referred now, but without a page: {len(without):,}. No subdistrict is known of them, or no index "
            "is reckoned. See their rows with --flags, and tell the custodian of the data today."
        )
    if not done.all_known_again:
        tell(
            "Objections were recorded under another key folder: who objected cannot be told, so outreach workers get "
            "no list. Put the file secret.key of that time back."
        )
    if done.flagged and not done.has_custodian:
        tell(
            "Nobody holds the role of the data custodian in the agency of this run: what is to be referred now waits "
            "for nobody. Give the role to somebody today, and refer those who are flagged."
        )
    return without


def maps_command() -> None:
    """List the runs that were ever taken in, by fingerprint, and which of them were withdrawn, when and why."""
    actor = Actor.local(dt.datetime.now(dt.UTC))
    found = start.door("sarana.learning.population.actions.list_taken_in")(actor)
    if not found:
        tell("No run was taken in yet: sarana population take-in RUN.")
        return
    heads = ("fingerprint", "as of", "run", "agency", "taken in", "standing")
    tell_table("What was taken in", heads, [_line(run) for run in found], n_words=len(heads))


def withdraw_command(
    fingerprint: Annotated[
        str, typer.Argument(help="Of the run, or its first eight characters or more.", metavar="FINGERPRINT")
    ],
    *,
    because: Annotated[str, typer.Option(help="wrong-files, wrong-settings, wrong-agency or source-asked.")],
) -> None:
    """Withdraw a run that was taken in wrongly: no page shows it from now on, and nothing is deleted.

    Its table was let out, so a new run of the province has to be made beside it all the same (run --after). The same
    run may be taken in anew, for another agency. What was printed or copied is not called back by this.
    """
    actor = Actor.local(dt.datetime.now(dt.UTC))
    run = start.door("sarana.learning.population.actions.withdraw")(actor, fingerprint, because=because)
    tell(f"Withdrawn: {run.name}. No page shows it from now on; keep its folder, for a new run is made beside it.")


def _line(run: Any) -> tuple[str, ...]:
    """One run as the list shows it."""
    standing = "shown"
    if run.withdrawn_at is not None:
        standing = f"withdrawn {_day(run.withdrawn_at)}: {run.withdrawn_because}"
    taken = _day(run.taken_in_at)
    return (run.fingerprint[:12], f"{run.as_of}", run.name, run.agency.name, taken, standing)


def _day(moment: dt.datetime) -> str:
    return moment.astimezone().date().isoformat()
