"""Editions: nothing is overwritten, nothing invented, nothing lost unseen; areas as they were on a day."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from makers.agencies import NOW, a_person, acting, an_agency, local
from makers.lists import few, laos, pcodes
from sarana.basics.actors import Actor
from sarana.basics.errors import BadTable, NotYet, Refused
from sarana.ground.codelists import actions, jobs, loading, queries, reading, sources
from sarana.ground.codelists.models import Area, Edition, Translation, Word
from sarana.ground.ledger.models import Entry

pytestmark = pytest.mark.django_db
State = Edition.State


@pytest.fixture
def custodian() -> Actor:
    return acting(a_person(an_agency(), "data-custodian", name="Kim"))


def test_areas_are_loaded_once_and_written_down_once() -> None:
    jobs.load_at_once(local(), ["LA", "MM"])
    jobs.load_at_once(local(), ["LA", "MM"])
    assert list(Edition.objects.filter(list_code__startswith="areas.").values_list("state", "n_rows")) == [
        ("in-force", 18),
        ("in-force", 18),
    ]
    assert Area.objects.count() == 36
    assert Entry.objects.filter(action="codelists.areas-loaded").count() == 2


def test_a_load_that_was_cut_goes_on_where_it_was() -> None:
    country = laos()
    rows, changes = reading.read_areas(*sources.rows_of_areas(country), "LA")
    edition = actions.begin_areas(local(), country)
    actions.store_areas(local(), edition, rows, changes, first=0, most=7)
    assert queries.areas_for(local(), "LA").count() == 0, "nothing is in force before all of it is"
    with pytest.raises(NotYet, match="CODELISTS-009"):
        actions.finish_areas(local(), edition, len(rows))
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.store_areas(local(), edition, rows, changes, first=0, most=7)
    receipts = jobs.load_at_once(local(), ["LA"])
    assert receipts[0]["rows"] == 11
    assert queries.areas_for(local(), "LA").count() == 18


def test_a_custodian_brings_districts_sees_what_changes_and_puts_them_in_force(custodian: Actor) -> None:
    jobs.load_at_once(local(), ["LA"])
    made = actions.bring_pcodes(custodian, laos(), pcodes())
    assert queries.areas_for(custodian, "LA").count() == 18
    new, gone, renamed = queries.changes_between(queries.find_in_force(custodian, "areas.LA"), made)
    assert (new.count(), gone.count(), renamed.count()) == (36, 0, 0)
    actions.put_in_force(custodian, made)
    assert queries.areas_for(custodian, "LA").count() == 54
    assert sorted(Edition.objects.filter(list_code="areas.LA").values_list("state", "n_rows")) == [
        ("in-force", 54),
        ("replaced", 18),
    ]
    assert Area.objects.filter(edition__state=State.REPLACED).count() == 18, "what was before is kept"


def test_an_edition_that_would_lose_areas_waits_for_a_person_to_say_so(custodian: Actor) -> None:
    jobs.load_at_once(local(), ["LA"])
    cut = actions.bring_pcodes(custodian, laos(), pcodes(provinces=9))
    with pytest.raises(NotYet, match=r"CODELISTS-010.*9 of the areas"):
        actions.put_in_force(custodian, cut)
    assert queries.areas_for(custodian, "LA").count() == 18
    actions.put_in_force(custodian, cut, accept_loss=True)
    with pytest.raises(NotYet, match="CODELISTS-009"):
        actions.put_in_force(custodian, cut)
    with pytest.raises(NotYet, match="CODELISTS-009"):
        actions.withdraw(custodian, cut)


def test_an_edition_that_was_taken_back_can_be_brought_again(custodian: Actor) -> None:
    made = actions.bring_pcodes(custodian, laos(), pcodes())
    assert actions.bring_pcodes(custodian, laos(), pcodes()).pk == made.pk
    actions.withdraw(custodian, made)
    assert actions.bring_pcodes(custodian, laos(), pcodes()).pk != made.pk


def test_a_country_with_codes_of_its_own_takes_no_p_codes(custodian: Actor) -> None:
    with pytest.raises(BadTable, match="CODELISTS-008"):
        actions.bring_pcodes(custodian, sources.country_of("TH"), pcodes())
    with pytest.raises(NotYet, match="CODELISTS-001"):
        sources.country_of("ZZ")


@pytest.mark.parametrize("role", ["case-worker", "data-protection-officer", "national-officer"])
def test_others_read_and_change_nothing(role: str) -> None:
    loading.load_all_words(local())
    actor = acting(a_person(an_agency(), role))
    assert len(queries.words_for(actor, "no-answer", "en")) == 4
    for deed in (
        lambda: actions.bring_pcodes(actor, laos(), pcodes()),
        lambda: actions.translate(actor, "words.no-answer", "unknown", language="km", text="x"),
        lambda: actions.load_words(actor, sources.word_lists()["gender"]),
        lambda: jobs.LOAD_AREAS.check(actor, {}),
    ):
        with pytest.raises(Refused, match="CODELISTS-005"):
            deed()
    nobody = Actor(actor.account_ref, NOW)
    assert queries.areas_for(nobody, "LA").count() == 0


def test_words_are_loaded_once_and_a_lost_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    n_lists = len(sources.word_lists())
    assert loading.load_all_words(local()) == n_lists
    assert loading.load_all_words(local()) == 0
    monkeypatch.setattr(sources, "rows_of_words", lambda _source: b"code,en,th\nunknown,Not known,x\n")
    with pytest.raises(BadTable, match=r"CODELISTS-007.*not-applicable"):
        actions.load_words(local(), sources.word_lists()["no-answer"])
    assert Word.objects.filter(edition__list_code="words.no-answer").count() == 4


def test_a_later_edition_of_words_leaves_the_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    source = sources.word_lists()["no-answer"]
    actions.load_words(local(), source)
    more = sources.rows_of_words(source) + b"lost,Was lost,x,\n"
    monkeypatch.setattr(sources, "rows_of_words", lambda _source: more)
    actions.load_words(local(), source)
    assert [word.code for word in queries.words_for(local(), "no-answer", "en")][-1] == "lost"
    states = Edition.objects.filter(list_code=source.list_code).order_by("id").values_list("state", "n_rows")
    assert list(states) == [("replaced", 4), ("in-force", 5)]


def test_nothing_that_comes_in_invents_a_word(custodian: Actor) -> None:
    loading.load_all_words(local())
    queries.check_words(custodian, "exploitation", ["servitude", "other"])
    with pytest.raises(BadTable, match=r"CODELISTS-006.*'magic'"):
        queries.check_words(custodian, "exploitation", ["servitude", "magic"])
    with pytest.raises(BadTable, match="CODELISTS-006"):
        actions.translate(custodian, "words.exploitation", "magic", language="km", text="x")
    with pytest.raises(BadTable, match="CODELISTS-006"):
        actions.translate(custodian, "words.no-such-list", "other", language="km", text="x")
    assert not Translation.objects.exists()


def test_a_translation_replaces_the_one_before_and_keeps_it(custodian: Actor) -> None:
    loading.load_all_words(local())
    before = queries.words_for(custodian, "no-answer", "km")[0]
    assert (before.label, before.is_translated) == ("Not known", False)
    for text in ("មិនដឹង", "មិន\u200bស្គាល់".replace("\u200b", "")):
        actions.translate(custodian, "words.no-answer", "unknown", language="km", text=text)
    after = queries.words_for(custodian, "no-answer", "km")[0]
    assert (after.label, after.is_translated) == ("មិនស្គាល់", True)
    assert Translation.objects.count() == 2
    with pytest.raises(BadTable, match="CODELISTS-011"):
        actions.translate(custodian, "words.no-answer", "unknown", language="xx", text="a")
    with pytest.raises(BadTable, match="CODELISTS-011"):
        actions.translate(custodian, "words.no-answer", "unknown", language="km", text=" ")


def test_a_code_says_what_it_meant_on_a_day_and_what_stands_for_it_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "rows_of_areas", few)
    jobs.load_at_once(local(), ["KH"])
    who = local()
    then, now = dt.date(2010, 1, 1), NOW.date()
    assert queries.find_area(who, "KH0304", then) is not None
    assert queries.find_area(who, "KH0304", now) is None
    assert queries.successors(who, "KH0304", then) == ["KH2501"]
    assert queries.successors(who, "KH2501", now) == ["KH2501"]
    new = queries.find_area(who, "KH2501", now)
    assert new is not None
    assert [area.code for area in queries.above(who, new)] == ["KH25"]
    came, became = queries.changes_of(who, "KH2501")
    assert ([area.code for _change, area in came], became) == (["KH0304"], [])
    found = queries.search_areas(queries.areas_for(who, "KH", on=now), "PONHEA kraek")
    assert "KH2505" in set(found.values_list("code", flat=True))


@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_leafing_leaves_out_no_area_and_cuts_no_code_in_two(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sources, "rows_of_areas", few)
    jobs.load_at_once(local(), ["KH"])
    # One code that meant three areas, one after the other, across the edge of every page size tried here.
    edition = queries.find_in_force(local(), "areas.KH")
    assert edition is not None
    first = Area.objects.filter(edition=edition).order_by("code")[5]
    for number in (1, 2):
        first.pk, first.line, first.valid_until = None, 900_000 + number, dt.date(2000 + number, 1, 1)
        first.save(force_insert=True)
    rows = queries.areas_for(local(), "KH")[:250] if size < 3 else queries.areas_for(local(), "KH")
    rows = queries.areas_for(local(), "KH").filter(code__in={area.code for area in rows})
    seen, after, codes = list[int](), "", set[str]()
    while True:
        page, after = queries.page_of(rows, after, size)
        assert not codes & {area.code for area in page}, "a code stands on two pages"
        codes |= {area.code for area in page}
        seen += [area.pk for area in page]
        if not after:
            break
    assert seen == list(rows.values_list("pk", flat=True))
