"""Indicator sets in the browser: read by many, argued over by some, changed with their faults told, adopted by two."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from makers.agencies import a_person, acting, an_agency
from makers.sittings import come_in
from sarana.basics.errors import BadSetting, NotYet, Refused
from sarana.ground.accounts.models import Account, Agency
from sarana.ground.ledger.models import Entry
from sarana.learning.population.models import Figure, OwnSet, Run, SetEffect, SetNote, Update
from sarana.learning.population.sets import actions, queries
from sarana.learning.population.sets.forms import IndicatorForm, WholeForm
from sarana.methods.questions.blurred import SCALE
from sarana.methods.questions.blurred_ranks import SCALE_RED, SCALE_SCORED, AreaMove
from sarana.methods.questions.sets_diff import SetsDiff
from sarana.methods.risk.changing import changed_set, find_indicator
from sarana.methods.risk.sets import list_sets, load_set
from sarana.methods.risk.writing import write_set

pytestmark = pytest.mark.django_db

NAME = "chiang-mai-28"
NOTHING = SetsDiff("a 1", "b 1", (), (), 300, 0, (), {"district": 0, "subdistrict": 0}, ())


@pytest.fixture
def centre() -> Agency:
    return an_agency("Centre", kind=Agency.Kind.PROVINCIAL_CENTRE)


@pytest.fixture
def officer(centre: Agency) -> Account:
    return a_person(centre, "provincial-data-officer", name="Officer")


@pytest.fixture
def draft(centre: Agency, officer: Account) -> OwnSet:
    return actions.copy(acting(officer), load_set(NAME), agency=centre, area="TH50")


def address(name: str, draft: OwnSet, **more: str) -> str:
    return reverse(f"population:{name}", kwargs={"ref": draft.ref, **more})


def typed(draft: OwnSet, key: str, **instead: Any) -> dict[str, Any]:
    """What the form of an indicator sends when nothing is changed, and what is typed instead."""
    of = draft.held()
    one = find_indicator(of, key)
    assert one is not None
    form = IndicatorForm(of, one, initial={"version": draft.version})
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in {**sent, **instead}.items() if value not in (None, False)}


def effect_on(draft: OwnSet, centre: Agency, officer: Account, name: str = "2569") -> SetEffect:
    now = acting(officer).now
    update, _new = Update.objects.get_or_create(
        agency=centre, area="TH50", name=name, as_of=now.date(), indicators=NAME, until=now.date(),
        defaults={"asked_at": now, "asked_by_ref": officer.ref},
    )  # fmt: skip
    return actions.keep_effect(acting(officer), draft, update, NOTHING)


def test_whoever_reads_the_map_reads_every_rule_of_every_set(centre: Agency, draft: OwnSet) -> None:
    for role in ("analyst", "district-officer", "national-officer", "outreach-worker", "data-custodian"):
        client = come_in(a_person(centre, role, name=role))
        assert client.get(reverse("population:sets")).status_code == 200
        for at in (reverse("population:our-set", args=[NAME]), address("own-set", draft)):
            page = client.get(at).content.decode()
            for indicator in load_set(NAME).indicators:
                rules = [rule for rule in indicator.score.values() if rule != "otherwise"]
                assert all(escape(said) in page for said in (indicator.name, *rules)), indicator.id
    assert client.get(reverse("population:our-set", args=["no-such-set"])).status_code == 404


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("investigator", Agency.Kind.POLICE),
        ("analyst", Agency.Kind.POLICE),
        ("data-custodian", Agency.Kind.IMMIGRATION),
        ("prosecutor", Agency.Kind.PROSECUTION),
        ("case-worker", Agency.Kind.NGO),
    ],
)
def test_police_prosecution_courts_and_immigration_have_no_door(role: str, kind: Agency.Kind, draft: OwnSet) -> None:
    client = come_in(a_person(an_agency("Other", kind=kind), role, name="Other"))
    for at in (reverse("population:sets"), reverse("population:our-set", args=[NAME]), address("own-set", draft)):
        answer = client.get(at)
        assert (answer.status_code, "POPULATION-140" in answer.content.decode()) == (403, True)
    for name in ("set-effect", "propose-set", "agree-set", "put-set-aside"):
        assert client.post(address(name, draft)).status_code == 403
    assert client.get(address("set-file", draft)).status_code == 403


def test_notes_are_left_by_those_who_argue_and_taken_back_by_whoever_left_them(centre: Agency, draft: OwnSet) -> None:
    said = {"agency": str(centre.ref), "indicator": "h01", "text": "Age alone says little.", "source": "Study 7"}
    at = reverse("population:our-set", args=[NAME])
    assert come_in(a_person(centre, "outreach-worker", name="Out")).post(at, said).status_code == 403
    first, second = (a_person(centre, role, name=role) for role in ("data-custodian", "analyst"))
    client = come_in(first)
    answer = client.post(at, {**said, "source": ""})
    assert (answer.status_code, "Age alone says little." in answer.content.decode()) == (422, True), "nothing is lost"
    assert client.post(at, said).status_code == 302
    note = SetNote.objects.get()
    assert "Study 7" in client.get(at).content.decode()
    back = reverse("population:take-note-back", args=[note.ref])
    assert "POPULATION-141" in come_in(second).post(back).content.decode()
    assert come_in(first).post(back).status_code == 302
    assert "Study 7" not in come_in(second).get(at).content.decode()
    assert SetNote.objects.get().taken_back_at is not None, "that it was left stays"
    acts = Entry.objects.filter(action__startswith="population.set-note").values_list("action", flat=True)
    assert sorted(acts) == ["population.set-note-taken-back", "population.set-noted"]


def test_a_draft_is_copied_and_changed_by_those_of_the_province_alone(centre: Agency, officer: Account) -> None:
    sent = {"of": NAME, "agency": str(centre.ref), "area": "TH50"}
    at = reverse("population:copy-set")
    for role in ("outreach-worker", "data-custodian", "district-officer"):
        assert come_in(a_person(centre, role, name=role)).post(at, sent).status_code == 403
    client = come_in(officer)
    assert client.post(at, {**sent, "area": "TH57"}).status_code == 422
    assert [client.post(at, sent).status_code for _twice in range(2)] == [302, 302]
    assert sorted(OwnSet.objects.values_list("set_id", "number")) == [(f"th50-{NAME}", 1), (f"th50-{NAME}", 2)]
    draft = OwnSet.objects.get(number=2)
    assert draft.held().indicators == load_set(NAME).indicators
    elsewhere = an_agency("Elsewhere", kind=Agency.Kind.PROVINCIAL_CENTRE)
    Agency.objects.filter(pk=elsewhere.pk).update(areas=["TH57"])
    stranger = come_in(a_person(elsewhere, "provincial-data-officer", name="Stranger"))
    assert stranger.get(address("own-set", draft)).status_code == 200
    answer = stranger.post(address("change-indicator", draft, key="h01"), typed(draft, "h01"))
    assert (answer.status_code, "POPULATION-142" in answer.content.decode()) == (403, True)


def test_two_who_copy_in_one_moment_make_one_version(
    centre: Agency, officer: Account, draft: OwnSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "_next_number", lambda _set_id: draft.number)
    with pytest.raises(NotYet, match="POPULATION-146"):
        actions.copy(acting(officer), load_set(NAME), agency=centre, area="TH50")
    assert OwnSet.objects.count() == 1


@pytest.mark.parametrize(
    ("instead", "field", "code"),
    [
        ({"rule_3": 'sex == "F"'}, "rule_3", "RISK-008"),
        ({"rule_3": 'religion == "x"'}, "rule_3", "RISK-008"),
        ({"rule_2": 'ethnicity == "x"'}, "rule_2", "RISK-008"),
        ({"applies": "hiv == 1"}, "applies", "RISK-008"),
        ({"rule_3": "age >"}, "rule_3", "RISK-003"),
        ({"weight": "101"}, "weight", ""),
        ({"sources": []}, "sources", ""),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    officer: Account, draft: OwnSet, instead: dict[str, Any], field: str, code: str
) -> None:
    sent = typed(draft, "f05", note="A long thought about parents.", **instead)
    answer = come_in(officer).post(address("change-indicator", draft, key="f05"), sent)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field], form.errors
    assert code in str(form.errors[field])
    assert "A long thought about parents." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.held().indicators == load_set(NAME).indicators


def test_what_waits_for_an_ethics_decision_is_not_switched_on_by_a_set(officer: Account, draft: OwnSet) -> None:
    at = address("change-indicator", draft, key="h06")
    answer = come_in(officer).post(at, typed(draft, "h06", is_off=False))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["is_off"])
    plain = [{**_parts(each), "status": "on"} for each in draft.held().indicators]
    with pytest.raises(BadSetting, match="RISK-017"):
        actions.change(acting(officer), draft, changed_set(draft.held(), indicators=plain), version=1)


def test_everything_that_may_be_changed_is_changed_and_two_at_once_do_not_overwrite(
    officer: Account, draft: OwnSet
) -> None:
    client, at = come_in(officer), address("change-indicator", draft, key="f05")
    sent = typed(
        draft, "f05", name="Parents", weight="3", is_off="on", max_age_months="36", new_source="Study 8, 2026",
        applies="age <= 15", rule_2="parent_absent == 1", note="As agreed.",
    )  # fmt: skip
    assert client.post(at, sent).status_code == 302
    late = client.post(at, {**sent, "note": "What the slower one typed."})
    assert (late.status_code, "POPULATION-148" in late.content.decode()) == (422, True)
    assert "What the slower one typed." in late.content.decode()
    draft.refresh_from_db()
    found = find_indicator(draft.held(), "f05")
    assert found is not None
    assert (found.name, found.weight, found.status, found.max_age_months) == ("Parents", 3, "ethics", 36)
    assert (found.applies, found.score["2"], found.note) == ("age <= 15", "parent_absent == 1", "As agreed.")
    assert draft.held().literature[found.sources[-1]] == "Study 8, 2026"
    assert "single_parent" not in found.fields["family_welfare"], "no rule asks after it any more"
    form = WholeForm(draft.held(), initial={"version": draft.version})
    whole = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    wrong = client.post(address("change-set", draft), {**whole, "band-measured-red": "income > 3"})
    assert list(wrong.context["form"].errors) == ["band-measured-red"]
    changed = {**whole, "title": "Ours", "value-poverty_line": "3100", "band-measured-red": "threes >= 5"}
    assert client.post(address("change-set", draft), changed).status_code == 302
    draft.refresh_from_db()
    assert draft.held().parameters["poverty_line"].value == 3100
    assert draft.held().bandings["measured"].rules["red"] == "threes >= 5"
    out = client.post(address("change-indicator", draft, key="f06"), typed(draft, "f06", leave_out="on"))
    assert out.status_code == 302
    draft.refresh_from_db()
    assert len(draft.held().indicators) == len(load_set(NAME).indicators) - 1
    status = client.post(address("change-indicator", draft, key="h02"), typed(draft, "h02", leave_out="on"))

    told = status.context["form"].in_english
    assert (status.status_code, "legal_status" in told or "h02" in told) == (422, True)


def test_two_people_adopt_what_is_known_to_change_so_much_and_nobody_alone(
    centre: Agency, officer: Account, draft: OwnSet
) -> None:
    analyst, custodian = (a_person(centre, role, name=role) for role in ("analyst", "data-custodian"))
    propose, agree, seen = address("propose-set", draft), address("agree-set", draft), {"version": "1"}
    assert come_in(officer).post(propose, seen).status_code == 409, "nobody knows what it would change"
    effect_on(draft, centre, officer)
    assert come_in(analyst).post(propose, seen).status_code == 403
    with pytest.raises(Refused, match="POPULATION-143"):
        actions.agree(acting(analyst), draft, version=1)
    actions.change(acting(analyst), draft, draft.held(), version=1)
    assert come_in(officer).post(propose, seen).status_code == 409, "it was changed since she saw it"
    assert come_in(officer).post(propose, {"version": "2"}).status_code == 302
    for account, answer in ((officer, 403), (analyst, 403), (custodian, 302), (custodian, 409)):
        assert come_in(account).post(agree, {"version": "3"}).status_code == answer, account
    draft.refresh_from_db()
    assert queries.file_of_adopted(str(draft.ref), "TH50") == write_set(draft.held())
    with pytest.raises(NotYet, match="POPULATION-144"):
        queries.file_of_adopted(str(draft.ref), "TH57")
    assert (draft.state, draft.proposed_by_ref, draft.second_by_ref) == ("adopted", officer.ref, custodian.ref)
    change = come_in(officer).post(address("change-indicator", draft, key="h01"), typed(draft, "h01"))
    assert (change.status_code, "POPULATION-147" in change.content.decode()) == (422, True), "it is never changed"
    again = actions.copy(acting(officer), draft.held(), agency=centre, area="TH50")
    assert (again.set_id, again.number, again.state) == (draft.set_id, 2, "draft")
    for broken in ({"second_by_ref": officer.ref}, {"second_by_ref": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OwnSet.objects.filter(pk=draft.pk).update(**broken)


def test_an_effect_is_of_one_content_and_a_run_is_not_asked_for_ever(
    centre: Agency, officer: Account, draft: OwnSet
) -> None:
    told = 2 / SCALE + 1 / SCALE_RED + 1 / SCALE_SCORED
    assert told * actions.MOST_EFFECTS <= 1.5, "all answers of a year shift no odds by more than e^1.5"
    kept = effect_on(draft, centre, officer)
    assert effect_on(draft, centre, officer) == kept, "asked again it is the same"
    before = OwnSet.objects.get(pk=draft.pk)
    held = draft.held()
    actions.change(acting(officer), draft, held.__class__(**{**_parts(held), "title": "Other"}), version=1)
    with pytest.raises(NotYet, match="POPULATION-148"):
        effect_on(before, centre, officer)
    assert "POPULATION-149" in come_in(officer).post(address("propose-set", draft), {"version": "2"}).content.decode()
    rows = [
        SetEffect(own=draft, update=kept.update, content_hash=str(n), told={}, made_at=kept.made_at,
                  made_by_ref=officer.ref)
        for n in range(actions.MOST_EFFECTS - 2)
    ]  # fmt: skip
    SetEffect.objects.bulk_create(rows)
    other = actions.copy(acting(officer), load_set(NAME), agency=centre, area="TH50")
    twice = [effect_on(draft, centre, officer, "the same files, run again") for _once_more in range(2)]
    assert twice[0] == twice[1], "the last answer stays"
    for run in (kept.update, twice[0].update):
        with pytest.raises(NotYet, match="POPULATION-145"):
            actions.ask_effect(acting(officer), draft, run)
    with pytest.raises(NotYet, match="POPULATION-145"):
        effect_on(other, centre, officer, "counted when it is kept, whatever was allowed when it was asked")


def test_an_effect_is_read_outside_the_mandate_and_a_district_is_offered_no_province(
    centre: Agency, officer: Account, draft: OwnSet
) -> None:
    effect_on(draft, centre, officer, "Of the year 2569")
    elsewhere = an_agency("District", kind=Agency.Kind.PROVINCIAL_CENTRE)
    Agency.objects.filter(pk=elsewhere.pk).update(areas=["TH5701"])
    stranger = come_in(a_person(elsewhere, "provincial-data-officer", name="Stranger"))
    assert "Of the year 2569" in stranger.get(address("own-set", draft)).content.decode()
    offered = stranger.get(reverse("population:copy-set")).context["form"].fields["area"].choices
    assert list(offered) == [], "the province is not hers, and the copy would be refused"
    mine = come_in(officer)
    assert list(mine.get(reverse("population:copy-set")).context["form"].fields["area"].choices) == [("TH50", "TH50")]
    assert f"diff RUN {NAME} {draft.set_id}-1.toml" in mine.get(address("own-set", draft)).content.decode()


def test_the_effect_names_the_districts_that_rise_or_fall_in_the_readers_language(
    run: Run, officer: Account, draft: OwnSet
) -> None:
    one, other = Figure.objects.filter(run=run, level="district", group="all").order_by("code")[:2]
    moves = (
        AreaMove("district", one.code, one.name, 4, 1, 2),
        AreaMove("district", other.code, other.name, 3, 9, 9),
    )
    now = acting(officer).now
    update = Update.objects.create(
        agency=draft.agency, area="TH50", name="2569", as_of=now.date(), indicators=NAME, until=now.date(),
        asked_at=now, asked_by_ref=officer.ref, run_ref=run.ref,
    )  # fmt: skip
    client, page = come_in(officer), address("own-set", draft)
    actions.keep_effect(acting(officer), draft, update, replace(NOTHING, n_areas={"district": 12}, areas=moves))
    shown = client.get(page)
    rows = [
        (each.name, each.is_rise, each.before, each.best, each.worst) for each in shown.context["effects"][0]["moves"]
    ]
    assert rows == [(one.name, True, 4, 1, 2), (other.name, False, 3, 9, 9)]
    told = shown.content.decode()
    assert all(words in told for words in ("clearly rises", "clearly falls", "1 to 2", "12 districts"))
    assert queries.count_off(update) == 0
    Run.objects.filter(pk=run.pk).update(rounded_to=13)
    assert queries.count_off(update) == 12, "ranks of a rounded map are off by so much"
    copy = actions.copy(acting(officer), draft.held(), agency=draft.agency, area="TH50")
    actions.keep_effect(acting(officer), copy, update, replace(NOTHING, n_areas={}))
    assert "earlier version of the program" in client.get(address("own-set", copy)).content.decode(), (
        "an earlier version told none"
    )
    Account.objects.filter(pk=officer.pk).update(language="th")
    assert one.name_local in client.get(page).content.decode()


def _parts(held: Any) -> dict[str, Any]:
    return {name: getattr(held, name) for name in held.__struct_fields__}


def test_every_set_that_comes_with_sarana_can_be_copied(centre: Agency, officer: Account) -> None:
    for name in list_sets():
        assert actions.copy(acting(officer), load_set(name), agency=centre, area="TH50").state == "draft"
