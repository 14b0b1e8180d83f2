"""The writing doors of code lists: bring an edition, put it in force, translate a word; keep purposes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop, ngettext

from sarana.basics.actors import Actor
from sarana.basics.errors import BadTable, NotYet
from sarana.ground.codelists import policy, queries, reading, sources
from sarana.ground.codelists.models import Area, Change, Edition, Purpose, Translation, Word
from sarana.ground.codelists.reading import AreaRow, ChangeRow, WordRow
from sarana.ground.codelists.sources import Country, WordSource
from sarana.ground.ledger.actions import record

State = Edition.State
LANGUAGES = ("en", "th", "km", "lo", "my", "vi", "id", "fil")
WORDS_OF_A_PURPOSE = ("name", "name_th", "text", "text_th")
SHARE_LOST = 20
"""An edition that leaves out more than one in so many areas, without saying what they became, is asked about."""


def begin_areas(actor: Actor, country: Country) -> Edition:
    """The edition that this installation carries, begun or found. Not written down: putting it in force is."""
    policy.check_may_change(actor)
    told = sources.fingerprint(*sources.rows_of_areas(country))
    where = f"{country.address} ({country.scheme})"
    return _begin(actor, country.list_code, told, version=country.version, source=where, licence=country.licence)


def store_areas(
    actor: Actor, edition: Edition, rows: Sequence[AreaRow], changes: Sequence[ChangeRow], *, first: int, most: int
) -> int:
    """Store the next rows of an edition, from a line on; gives the line after. Not written down: nothing is in force.

    Called again with the same line it stores the same rows, and the database refuses a row that is there.
    """
    policy.check_may_change(actor)
    part = rows[first : first + most]
    Area.objects.bulk_create([_area(edition, line, row) for line, row in enumerate(part, first)], batch_size=500)
    last = first + len(part)
    if last == len(rows) and part:
        told = [Change(edition=edition, line=line, **_plain(change)) for line, change in enumerate(changes)]
        Change.objects.bulk_create(told, batch_size=500)
    return last


def _area(edition: Edition, line: int, row: AreaRow) -> Area:
    names = {"name_local": row.local, "name_latin": row.latin, "search": row.search}
    days = {"valid_from": row.valid_from, "valid_until": row.valid_until}
    return Area(
        edition=edition, line=line, level=row.level, code=row.code, pcode=row.pcode, parent=row.parent, **names, **days
    )


def _plain(row: ChangeRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in reading.CHANGES}


def bring_pcodes(actor: Actor, country: Country, table: bytes) -> Edition:
    """Take a table of P-codes as an edition that waits to be put in force. Not written down: nothing is in force yet.

    Raises:
        BadTable: CODELISTS-003, CODELISTS-004 the table is not taken; CODELISTS-008 the country has codes of its own.
    """
    policy.check_may_change(actor)
    if country.scheme != "P-codes":
        raise BadTable(
            "CODELISTS-008",
            "The areas of this country have codes of their own, which are finer than P-codes.",
            where=country.name,
            cure="Its areas come with Sarana; P-codes stand beside them.",
        )
    known = dict(queries.areas_for(actor, country.code).values_list("code", "name_local"))
    rows = reading.read_pcodes(table, country.code, known)
    told = sources.fingerprint(table)
    with transaction.atomic():
        edition = _begin(
            actor,
            country.list_code,
            told,
            version=actor.today.isoformat(),
            source=gettext_noop("P-codes of OCHA"),
            licence=gettext_noop("as OCHA says"),
        )
        if edition.state == State.LOADING:
            store_areas(actor, edition, rows, (), first=0, most=len(rows))
            _is_whole(edition, len(rows))
    return edition


@transaction.atomic
def load_words(actor: Actor, source: WordSource) -> Edition | None:
    """Bring the edition of a list of words that comes with Sarana, and put it in force; None where it is there already.

    Raises:
        BadTable: CODELISTS-007 it would lose a word that is in use.
    """
    policy.check_may_change(actor)
    table = sources.rows_of_words(source)
    told = sources.fingerprint(table)
    now = queries.find_in_force(actor, source.list_code)
    if now is not None and now.fingerprint == told:
        return None
    rows = reading.read_words(table, source.code, LANGUAGES)
    _check_keeps(now, rows, source)
    edition = _begin(
        actor, source.list_code, told, version=source.version, source=source.source, licence=source.licence
    )
    Word.objects.bulk_create([_word(edition, line, row) for line, row in enumerate(rows)])
    _is_whole(edition, len(rows))
    _switch(actor, edition)
    record(actor, "codelists.words-loaded", thing_kind=policy.KIND, thing_ref=edition.ref, n_things=len(rows))
    return edition


def _word(edition: Edition, line: int, row: WordRow) -> Word:
    return Word(edition=edition, line=line, code=row.code, labels=dict(row.labels), also=dict(row.also))


def _check_keeps(now: Edition | None, rows: Sequence[WordRow], source: WordSource) -> None:
    """Records hold these codes: a word may get another label, and never goes away."""
    kept = set(Word.objects.filter(edition=now).values_list("code", flat=True))
    lost = sorted(kept - {row.code for row in rows})
    if lost:
        raise BadTable(
            "CODELISTS-007",
            "This edition of a list would lose words that are in use.",
            where=f"{source.code} {', '.join(lost[:3])}",
            cure="Records hold them: leave them in the list. Nothing was changed.",
        )


@transaction.atomic
def put_in_force(actor: Actor, edition: Edition, *, accept_loss: bool = False) -> Edition:
    """Put an edition of areas in force; the one before stays, replaced.

    Raises:
        NotYet: CODELISTS-009 it is not whole, or not waiting; CODELISTS-010 it would leave out many areas.
    """
    policy.check_may_change(actor)
    if edition.state != State.READY:
        raise NotYet(
            "CODELISTS-009", "This edition does not wait to be put in force.", cure="Load it to its end first."
        )
    before = queries.find_in_force(actor, edition.list_code)
    new, gone, renamed = queries.changes_between(before, edition)
    n_gone, n_before = gone.count(), before.n_rows if before else 0
    if n_gone * SHARE_LOST > n_before and not accept_loss:
        raise NotYet(
            "CODELISTS-010",
            "This edition would leave out many of the areas that are known now.",
            where=ngettext("%(n)s of the areas", "%(n)s of the areas", n_gone) % {"n": f"{n_gone:,}"},
            cure="See them on its page; if that is meant, say so there. Nothing was changed.",
        )
    _switch(actor, edition, n_new=new.count(), n_gone=n_gone, n_renamed=renamed.count())
    record(actor, "codelists.areas-loaded", thing_kind=policy.KIND, thing_ref=edition.ref, n_things=edition.n_rows)
    return edition


@transaction.atomic
def withdraw(actor: Actor, edition: Edition) -> None:
    """Take back an edition that is not in force.

    Raises:
        NotYet: CODELISTS-009 it is in force, or was.
    """
    policy.check_may_change(actor)
    rows = Edition.objects.filter(pk=edition.pk, state__in=(State.LOADING, State.READY))
    if not rows.update(state=State.WITHDRAWN, ended_at=actor.now):
        raise NotYet("CODELISTS-009", "This edition does not wait any more.", cure="See in the list what is in force.")
    record(actor, "codelists.withdrawn", thing_kind=policy.KIND, thing_ref=edition.ref)


@transaction.atomic
def translate(actor: Actor, list_code: str, code: str, *, language: str, text: str) -> Translation:
    """Give a word its label in a language; the label before is kept.

    Raises:
        BadTable: CODELISTS-006 it is no word of the list; CODELISTS-011 the language or the label cannot be.
    """
    policy.check_may_change(actor)
    queries.check_words(actor, list_code.removeprefix(sources.WORDS), [code])
    label = " ".join(text.split())
    if language not in LANGUAGES or not label or len(label) > reading.LONGEST_NAME or not label.isprintable():
        raise no_label()
    held = Translation.objects.filter(list_code=list_code, code=code, language=language, replaced_at__isnull=True)
    held.update(replaced_at=actor.now)
    made = Translation.objects.create(
        list_code=list_code,
        code=code,
        language=language,
        text=label,
        given_by_ref=actor.account_ref,
        given_at=actor.now,
    )
    record(actor, "codelists.translated", thing_kind="word", thing_ref=made.ref)
    return made


def no_label() -> BadTable:
    """What is said of a label that cannot be kept."""
    return BadTable("CODELISTS-011", "This is no label in a language of this system.", cure="Write up to 160 letters.")


@transaction.atomic
def add_purpose(
    actor: Actor,
    *,
    code: str,
    words: Mapping[str, str],
    roles: Sequence[str],
    from_on: dt.date,
    until_on: dt.date | None = None,
) -> Purpose:
    """Add a purpose: its code, its words (`name`, `name_th`, `text`, `text_th`), its roles, its days.

    Raises:
        NotYet: CODELISTS-013 a word, a role or a day of it cannot be; CODELISTS-014 the code was given before.
    """
    policy.check_may_keep_purposes(actor)
    told = {name: " ".join(words.get(name, "").split()) for name in WORDS_OF_A_PURPOSE}
    if not all(told.values()) or not roles or (until_on is not None and until_on < from_on):
        raise NotYet(
            "CODELISTS-013",
            "A purpose needs its words in English and Thai, a role, and a last day that is not before its first.",
            cure="Fill in what is missing.",
        )
    made = Purpose(code=code, roles=sorted(set(roles)), from_on=from_on, until_on=until_on, **told)
    made.added_at, made.added_by_ref = actor.now, actor.account_ref
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet(
            "CODELISTS-014",
            "There is or was a purpose of this code, and the ledger holds it.",
            cure="Give the new one another code.",
        ) from err
    record(actor, "codelists.purpose-added", thing_kind=policy.PURPOSE, thing_ref=made.ref)
    return made


@transaction.atomic
def end_purpose(actor: Actor, purpose: Purpose) -> None:
    """End a purpose at once, in every sitting in which it was stated; it stays in the list.

    Raises:
        NotYet: CODELISTS-016 it was ended already.
    """
    policy.check_may_keep_purposes(actor)
    rows = Purpose.objects.filter(pk=purpose.pk, ended_at__isnull=True)
    if not rows.update(ended_at=actor.now, ended_by_ref=actor.account_ref):
        raise NotYet("CODELISTS-016", "This purpose was ended already.", cure="See it in the list.")
    record(actor, "codelists.purpose-ended", thing_kind=policy.PURPOSE, thing_ref=purpose.ref)


@transaction.atomic
def state_purpose(actor: Actor, purpose: Purpose) -> None:
    """Say for what one looks at people from now on, in this sitting."""
    policy.check_may_state(actor, purpose)
    record(actor, "codelists.purpose-stated", thing_kind=policy.PURPOSE, thing_ref=purpose.ref)


@transaction.atomic
def load_purposes(actor: Actor, table: Mapping[str, Mapping[str, Any]]) -> int:
    """Bring the purposes that come with Sarana and were never here; one that was ended stays ended."""
    policy.check_may_keep_purposes(actor)
    there = set(Purpose.objects.values_list("code", flat=True))
    by = {"from_on": actor.today, "added_at": actor.now, "added_by_ref": actor.account_ref}
    made = [Purpose(code=code, **told, **by) for code, told in table.items() if code not in there]
    if not made:
        return 0
    Purpose.objects.bulk_create(made)
    record(actor, "codelists.purposes-loaded", thing_kind=policy.PURPOSE, n_things=len(made))
    return len(made)


def finish_areas(actor: Actor, edition: Edition, n_rows: int) -> None:
    """Say that all rows of an edition are stored. Not written down: putting it in force is.

    Raises:
        NotYet: CODELISTS-009 rows are missing.
    """
    policy.check_may_change(actor)
    if Area.objects.filter(edition=edition).count() != n_rows:
        raise NotYet("CODELISTS-009", "This edition is not whole.", cure="Load it again to its end.")
    _is_whole(edition, n_rows)


def _begin(actor: Actor, list_code: str, fingerprint: str, *, version: str, source: str, licence: str) -> Edition:
    """The edition with these contents: the one that waits or is in force, or a new one."""
    same = Edition.objects.filter(list_code=list_code, fingerprint=fingerprint)
    found = same.filter(state__in=(State.LOADING, State.READY, State.IN_FORCE)).first()
    if found is not None:
        return found
    made = Edition(list_code=list_code, fingerprint=fingerprint, version=version, source=source, licence=licence)
    made.begun_at, made.brought_by_ref = actor.now, actor.account_ref
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return same.get(state__in=(State.LOADING, State.READY, State.IN_FORCE))
    return made


def _is_whole(edition: Edition, n_rows: int) -> None:
    edition.n_rows, edition.state = n_rows, State.READY
    edition.save(update_fields=["n_rows", "state"])


def _switch(actor: Actor, edition: Edition, **counts: int) -> None:
    """The one in force before ends in the moment in which this one begins."""
    in_force = Edition.objects.filter(list_code=edition.list_code, state=State.IN_FORCE)
    in_force.update(state=State.REPLACED, ended_at=actor.now)
    moved = Edition.objects.filter(pk=edition.pk, state=State.READY)
    if not moved.update(state=State.IN_FORCE, in_force_at=actor.now, **counts):
        raise NotYet("CODELISTS-009", "This edition does not wait any more.", cure="See in the list what is in force.")
    edition.refresh_from_db()
