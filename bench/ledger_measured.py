"""What `./dev bench ledger` measures, once a Sarana with nothing in it stands: filling, sealing, verifying, pages."""

import datetime as dt
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import QuerySet

from sarana.basics.actors import Actor, Grant
from sarana.ground.ledger import keys, queries, sealing, verifying
from sarana.ground.ledger.actions import record_opening
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.queries import Looks
from sarana.ground.ledger.writing import COLUMNS, sign_row
from sarana.ground.walls import postgres

AGENCIES = [UUID(int=(1 << 100) + number) for number in range(40)]
WORKERS = [UUID(int=(2 << 100) + number) for number in range(2_000)]
ACTS = ("ledger.opened", "ledger.list-opened", "accounts.role-given", "accounts.signed-in", "ledger.refused")
BEGAN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CHUNK = 20_000
ACTS_TIMED = 300
PLAIN_ROWS = 1_000_000
"""The plain table beside which an act is timed has at most so many rows, the newest."""


def measure(folder: Path, n_rows: int) -> dict[str, float]:
    """Every measurement, one line each; gives those that the checks of the manual ask for."""
    call_command("migrate", verbosity=0)
    postgres.by_hand(connection=connection)
    keys.make_seal_keys(folder / "keys")
    say(f"{connection.vendor}, {n_rows:,} rows; wall-clock seconds on this machine, which may be shared")

    seconds = timed(lambda: fill(n_rows))
    say(f"filling in bulk (signed; indexes made afterwards): {n_rows / seconds:,.0f} rows/s")
    seconds = timed(sealing.seal_all)
    say(f"sealing: {n_rows / seconds:,.0f} rows/s")
    first = keys.read_first_key(folder / "keys" / keys.FIRST_KEY)
    means = verifying.Means(first_keys=[first], keys=folder / "keys")
    cpu = time.process_time()
    verdict = verifying.verify(means, now=dt.datetime.now(dt.UTC))
    cpu = time.process_time() - cpu
    assert verdict.is_whole, verdict.findings[:5]
    assert verdict.n_entries == n_rows
    say(
        f"verifying: {verdict.n_entries / verdict.seconds:,.0f} rows/s ({verdict.seconds:,.1f} s), "
        f"{verdict.n_entries / cpu:,.0f} rows a second of processor time"
    )

    acts()
    return {"rows": verdict.n_entries, "verified_a_second": verdict.n_entries / verdict.seconds, **pages()}


def fill(n_rows: int) -> None:
    """Signed rows in bulk, as the program would have written them over a year; indexes are made afterwards."""
    columns = COLUMNS[1:]
    sql = f"INSERT INTO ledger_entry ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
    made = rows(n_rows)
    indexes = lifted_indexes()
    second_wall("NO FORCE")
    while chunk := [row for _, row in zip(range(CHUNK), made, strict=False)]:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY ledger_entry ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in chunk:
                        copy.write_row(row)
            else:
                cursor.executemany(sql, chunk)
    second_wall("FORCE")
    with connection.cursor() as cursor:
        for index in indexes:
            cursor.execute(index)
        cursor.execute("ANALYZE")


def second_wall(force: str) -> None:
    """Let the owner of the table pass its row security, or not: nothing is copied in bulk through it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A word of our own, which no parameter could carry.
            cursor.execute(f"ALTER TABLE ledger_entry {force} ROW LEVEL SECURITY")


def lifted_indexes() -> list[str]:
    """Take the room's own indexes down for a bulk load; gives what makes them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ledger_%%' "
                "AND tablename = 'ledger_entry' AND indexdef NOT LIKE '%%UNIQUE%%'",
                (),
            )
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
                "AND tbl_name = 'ledger_entry' AND sql NOT LIKE '%%UNIQUE%%'",
                (),
            )
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _name, sql in found]


def rows(n_rows: int) -> Iterator[list[Any]]:
    """Rows of a year: agencies of very different sizes, most acts openings, one in fifty refused."""
    dice = random.Random(1)  # noqa: S311  # a plan of invented rows, no secret
    step = dt.timedelta(days=365) / n_rows
    for number in range(n_rows):
        at = (BEGAN + number * step).strftime("%Y-%m-%d %H:%M:%S.%f")
        place = min(int(dice.expovariate(0.15)), len(AGENCIES) - 1)
        act = ACTS[0] if dice.random() < 0.8 else dice.choice(ACTS)
        is_refused = act == "ledger.refused"
        row = (
            0,
            UUID(int=dice.getrandbits(128)).hex,
            at,
            WORKERS[place * 50 + dice.randrange(50)].hex,
            "case-worker",
            AGENCIES[place].hex,
            act,
            "person",
            UUID(int=(3 << 100) + dice.randrange(n_rows // 20 + 1)).hex,
            AGENCIES[place if dice.random() < 0.95 else dice.randrange(len(AGENCIES))].hex,
            dice.choice(("service", "service", "service", "audit")),
            "refused" if is_refused else "done",
            "ACCOUNTS-004" if is_refused else "",
            1,
            None,
            None,
        )
        yield [*row[1:], sign_row((*row, None))]


def acts() -> None:
    """One act at a time, each in a transaction of its own, beside a plain table that nothing watches."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE TABLE ledger_plain (LIKE ledger_entry INCLUDING INDEXES INCLUDING IDENTITY)")
        else:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'ledger_entry' AND sql IS NOT NULL "
                "AND type IN ('table', 'index') ORDER BY type DESC"
            )
            for (sql,) in cursor.fetchall():
                cursor.execute(
                    sql.replace("ledger_", "ledger_plain_").replace('"ledger_plain_entry"', '"ledger_plain"')
                )
        cursor.execute(
            "INSERT INTO ledger_plain SELECT * FROM ledger_entry "
            f"WHERE id > (SELECT max(id) FROM ledger_entry) - {PLAIN_ROWS:d}"
        )
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('ledger_plain', 'id'), max(id)) FROM ledger_plain")
    who = Actor(WORKERS[0], dt.datetime.now(dt.UTC), (Grant("case-worker", AGENCIES[0]),), is_strong=True)
    columns = (
        "ref, at, actor_ref, roles, agency_ref, action, thing_kind, thing_ref, owner_agency_ref, purpose, result, "
        "code, n_things, writer_mac"
    )
    plain = f"INSERT INTO ledger_plain ({columns}) VALUES ({', '.join(['%s'] * 14)})"

    def one_plain() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            values = [secrets.token_hex(16), "2027-01-01 00:00:00", WORKERS[0].hex, "case-worker", AGENCIES[0].hex]
            values += ["ledger.opened", "person", secrets.token_hex(16), AGENCIES[0].hex, "", "done", "", "1"]
            cursor.execute(plain, [*values, b"none"])

    def one_act() -> None:
        with transaction.atomic():
            record_opening(who, "person", UUID(int=secrets.randbits(128)), owner_agency_ref=AGENCIES[0])

    plain_ms, act_ms = each_ms(one_plain), each_ms(one_act)
    say(f"one act in its own transaction, median: plain table {plain_ms:.2f} ms, ledger {act_ms:.2f} ms")


def pages() -> dict[str, float]:
    """Pages of fifty with each filter, the newest and any older one, for officers of a large and a middling agency."""
    month = BEGAN + dt.timedelta(days=150), BEGAN + dt.timedelta(days=180)
    asked = {
        "everything": Looks(),
        "one person": Looks(person_ref=WORKERS[7]),
        "one act": Looks(act="accounts.role-given"),
        "one thing": Looks(thing_ref=UUID(int=(3 << 100) + 5)),
        "one purpose": Looks(purpose="audit"),
        "a purpose nobody had": Looks(purpose="none"),
        "only refusals": Looks(only_bad_ends=True),
        "a month": Looks(from_on=month[0], until_on=month[1]),
        "a month, an act, refused": Looks(
            act="ledger.refused", only_bad_ends=True, from_on=month[0], until_on=month[1]
        ),
        "a person and an act": Looks(person_ref=WORKERS[7], act="accounts.role-given"),
    }
    one_thing, late = UUID(int=(3 << 100) + 5), BEGAN + dt.timedelta(days=360)
    every = list[float]()
    for place in (0, 12):
        who = Actor(UUID(int=9), late, (Grant("data-protection-officer", AGENCIES[place]),), is_strong=True)
        for name, looks in asked.items():
            times = [
                timed(lambda a=a, looks=looks, who=who: as_her(who, partial(queries.entries_for, who, looks, after=a)))
                for a in starts()
            ]
            every += times
            tell_page(place, name, statistics.median(times), sorted(times)[int(0.95 * len(times))])
        for name, ask in {
            "own acts": partial(queries.own_entries, who),
            "worth a question": partial(queries.worth_a_question, who),
            "access report": partial(queries.access_report, who, one_thing),
        }.items():
            times = [timed(lambda ask=ask, who=who: as_her(who, ask)) for _ in range(5)]
            every += times
            tell_page(place, name, statistics.median(times), max(times))
    p95 = sorted(every)[int(0.95 * len(every))]
    say(f"{len(every)} pages: 19 of 20 within {1000 * p95:.1f} ms, the slowest {1000 * max(every):.1f} ms")
    return {"pages": len(every), "page_p95": p95, "page_slowest": max(every)}


def as_her(who: Actor, ask: Callable[[], Any]) -> Any:
    """Ask as a request of hers does: behind the second wall, which knows who she is and for whom she works."""
    with postgres.standing(account_ref=str(who.account_ref)):
        postgres.let_in(who)
        found = ask()
        return list(found) if isinstance(found, QuerySet) else found


def starts() -> list[UUID | None]:
    """Where pages begin: ten at the newest entry, thirty at entries of any age."""
    top = Entry.objects.order_by("-id").values_list("id", flat=True)[0]
    dice = random.Random(2)  # noqa: S311  # a plan of pages, no secret
    numbers = sorted(dice.randrange(1, top) for _ in range(30))
    return [*[None] * 10, *Entry.objects.filter(id__in=numbers).values_list("ref", flat=True)]


def tell_page(place: int, name: str, median: float, p95: float) -> None:
    """One page's time."""
    say(f"page, agency {place}, {name}: {1000 * median:.1f} ms, p95 {1000 * p95:.1f} ms")


def each_ms(act: Callable[[], Any]) -> float:
    """The median of an act in milliseconds."""
    return 1000 * statistics.median(timed(act) for _ in range(ACTS_TIMED))


def timed(act: Callable[[], Any]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def say(line: str) -> None:
    """One line."""
    print(line, flush=True)
