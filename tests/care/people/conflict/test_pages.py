"""The list of conflicts of interest goes on page after page, each of them once."""

import datetime as dt
import re
from html import unescape

import pytest

from care.people.conflict.test_conflict import WHY, an_officer, entered
from care.people.conftest import comes
from makers.identities import TwoHouses
from sarana.basics.references import new_ref
from sarana.care.people.conflict.models import Conflict
from sarana.care.people.reasons import seal_reason
from sarana.ground.ledger.models import Entry
from sarana.ground.ledger.writing import open_list

pytestmark = pytest.mark.django_db

LIST = "/people/conflicts/"


def flagged(houses: TwoHouses, n: int) -> list[str]:
    """So many conflicts about as many people, a day between two of them; the codes of these, the newest first."""
    officer = an_officer(houses)
    rows = []
    for at in range(n):
        person, ref = entered(houses), new_ref()
        row = Conflict(
            ref=ref, person=person, agency_ref=person.agency_ref, against_ref=houses.theirs.ref,
            reason=Conflict.Reason.NEAR, words_sealed=seal_reason(WHY, ref),
            flagged_at=officer.now - dt.timedelta(days=at), flagged_by_ref=officer.account_ref,
        )  # fmt: skip
        row.save(force_insert=True)
        rows.append(row)
    return [row.person.code for row in rows]


def test_the_list_goes_on_and_shows_each_conflict_once(houses: TwoHouses) -> None:
    wanted, supervisor = flagged(houses, 53), comes(houses.supervisor)
    page = supervisor.get(LIST).content.decode()
    assert re.findall(r"<code>(SR-\w+)</code>", page) == wanted[:50]
    assert "53 conflicts of interest" in page
    onward = re.search(r'rel="next" href="([^"]+)"', page)
    assert onward
    rest = supervisor.get(LIST + unescape(onward[1])).content.decode()
    assert re.findall(r"<code>(SR-\w+)</code>", rest) == wanted[50:]
    assert 'rel="next"' not in rest
    lines = Entry.objects.filter(action="people.conflicts-listed").order_by("pk")
    assert [len(open_list(line)) for line in lines] == [50, 3], "what was shown is written down"
    wrong = supervisor.post(LIST + unescape(onward[1]), {"code": "SR-NOONE"})
    assert wrong.status_code == 422, "a code that nobody has leads nowhere from the second page either"
