"""`__begins` compares letter for letter in every database, and `tables` gathers every room's rows."""

import pytest
from django.db import connection
from django.db.models import F

from ground.rules.trial.models import Row
from sarana.ground import rules
from sarana.ground.accounts import policy as accounts
from sarana.ground.ledger import policy as ledger

WORDS = (
    "",
    "a",
    "A",
    "ab",
    "a*b",
    "a?b",
    "a[b",
    "a]b",
    "a%b",
    "a_b",
    "a\\b",
    "axb",
    "[a]b",
    "*",
    "?",
    "[",
    "%",
    "_",
    "ก",
    "กข",
)


@pytest.mark.django_db
@pytest.mark.parametrize("beginning", [word for word in WORDS if word])
def test_a_text_begins_with_another_letter_for_letter(beginning: str) -> None:
    Row.objects.bulk_create(Row(area=word, level="open") for word in WORDS)
    found = Row.objects.filter(area__begins=beginning).values_list("area", flat=True)
    assert sorted(found) == sorted(word for word in WORDS if word.startswith(beginning))


@pytest.mark.django_db
def test_what_is_asked_of_each_database() -> None:
    """Both ways of asking are written out here, whichever database the tests run on."""
    begins = rules.Begins(F("area").resolve_expression(Row.objects.all().query), "TH_5%[x")
    compiler = Row.objects.all().query.get_compiler("default")
    column = '"trial_row"."area"'
    assert begins.as_sql(compiler, connection) == (f"{column} LIKE %s", ("TH\\_5\\%[x%",))
    assert begins.as_sqlite(compiler, connection) == (f"{column} GLOB %s", ("TH_5%[[]x*",))


def test_the_whole_policy_is_every_room_s_rows_and_nothing_else() -> None:
    found = rules.tables()
    assert set(accounts.TABLE) | set(ledger.TABLE) <= set(found)
    assert len(found) == len(set(found))
    assert {row.kind for row in found if row in accounts.TABLE} == {"agency", "account", "membership", "invitation"}
