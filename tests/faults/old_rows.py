"""Rows as an older version wrote them, put in as soon as their tables are there: what migrations have to carry over.

They are made of the state of the models at that migration, so that they fit whatever comes later.
"""

import datetime as dt
from importlib import import_module
from typing import Any
from uuid import uuid4

AT = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
UNUSABLE = "!"
AGENCIES, EACH = 5, 20


def fill(app: str, name: str) -> int:
    """Put rows in after the first migration of a room; gives their number."""
    filler = {("accounts", "0001_first"): _accounts, ("ledger", "0001_first"): _ledger}.get((app, name))
    if filler is None:
        return 0
    database: Any = import_module("django.db")
    executor: Any = import_module("django.db.migrations.executor").MigrationExecutor(database.connection)
    apps = executor.loader.project_state([(app, name)]).apps
    with database.transaction.atomic():
        return filler(apps)


def _accounts(apps: Any) -> int:
    """Agencies with people who hold a role, and one invitation each."""
    models = {
        each: apps.get_model("accounts", each) for each in ("Agency", "Account", "Role", "Membership", "Invitation")
    }
    about = {"name_th": "บทบาท", "about": "x", "about_th": "x", "sees_persons": True}
    role = models["Role"].objects.create(code="case-worker", name="Case worker", **about)
    for number in range(AGENCIES):
        agency = models["Agency"].objects.create(
            name=f"Agency {number}", kind="shelter", country="TH", areas=["TH50"], path=f"/{uuid4().hex}/", made_at=AT
        )
        for person in range(EACH):
            account = models["Account"].objects.create(
                sign_in_name=f"{number}-{person}", name="Nobody", made_at=AT, password=UNUSABLE
            )
            models["Membership"].objects.create(
                account=account, agency=agency, role=role, starts_on=AT.date(), given_by_ref=uuid4()
            )
        models["Invitation"].objects.create(
            agency=agency,
            role=role,
            name="Nobody",
            word_hash=uuid4().hex,
            made_at=AT,
            made_by_ref=uuid4(),
            expires_at=AT + dt.timedelta(hours=1),
        )
    return AGENCIES * (2 * EACH + 2) + 1


def _ledger(apps: Any) -> int:
    """Entries of people who opened something."""
    entry = apps.get_model("ledger", "Entry")
    rows = [
        entry(at=AT, actor_ref=uuid4(), action="ledger.opened", result="done", writer_mac=bytes(32))
        for _ in range(AGENCIES * EACH)
    ]
    entry.objects.bulk_create(rows)
    return len(rows)
