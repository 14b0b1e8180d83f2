"""What stays uncertain stands in the review table, with evidence that has words."""

from dataclasses import replace

from methods.linkage.making import SETTINGS, Row, are_one, link, make_town
from sarana.methods.engine import Engine
from sarana.methods.linkage import LinkSettings
from sarana.methods.linkage.comparing import AGAIN
from sarana.methods.reference import read_reference

TOLD = read_reference("linkage/evidence.toml")
WORDS = TOLD["words"]
TOWN, _ = make_town(300)


def test_every_code_has_words_in_english_and_thai() -> None:
    codes = {code for levels in TOLD["comparisons"].values() for code in levels.values()} | {
        "joined",
        "left-apart",
        "judged-same",
    }
    assert codes == set(WORDS)
    for words in WORDS.values():
        assert words["en"].strip()
        assert any("ก" <= letter <= "๙" for letter in words["th"])


def test_comparisons_of_the_evidence_are_those_that_are_made() -> None:
    assert set(TOLD["comparisons"]) <= {*AGAIN, "turned", "id"}


def test_links_and_review_speak_in_codes_that_have_words(engine: Engine) -> None:
    link(engine, TOWN)
    codes = {
        code for (code,) in engine.rows("SELECT unnest(evidence) FROM links UNION SELECT unnest(evidence) FROM review")
    }
    assert {"given-name-same", "birth-same-day", "village-same", "id-same"} <= codes <= set(WORDS)
    assert engine.row("SELECT count(*) FROM links WHERE evidence IS NULL OR len(evidence) = 0") == (0,)


def test_the_review_holds_what_is_uncertain_and_nothing_else(engine: Engine) -> None:
    """Joined under review_until, or left apart from review_from on: each once, each saying which."""
    settings = LinkSettings(SETTINGS.sources, review_until=0.9999)
    link(engine, TOWN, settings)
    reviewed = engine.rows('SELECT "left", "right", probability, evidence FROM review ORDER BY ALL')
    assert len({(left, right) for left, right, _, _ in reviewed}) == len(reviewed) > 0
    joined = {(left, right): p for left, right, p in engine.rows('SELECT "left", "right", probability FROM links')}
    for left, right, probability, evidence in reviewed:
        is_joined = (left, right) in joined
        assert are_one(engine, left, right) == is_joined
        assert evidence[-1] == ("joined" if is_joined else "left-apart")
        assert probability <= settings.review_until if is_joined else probability >= settings.review_from
    shown = {(left, right) for left, right, _, _ in reviewed}
    assert all(p >= settings.review_until - 1e-4 for pair, p in joined.items() if pair not in shown)


def test_a_doubtful_pair_is_not_merged_in_silence(engine: Engine) -> None:
    """One name and birthday in one house, two years apart; the same row again; father and son; somebody else."""
    one = Row(row_id="1", given="สมชัย", family="ทองใจ", birth="1970-05-17")
    probability = {}
    for name, other in {
        "sure": one,
        "doubtful": replace(one, birth="1972-05-17"),
        "father and son": replace(one, birth="1999-09-30"),
        "other": replace(one, given="วิไลพร", birth="1955-01-28", sex="female", house="13"),
    }.items():
        link(engine, [*TOWN, one, replace(other, source="cases", row_id="2")])
        found = engine.rows("SELECT probability FROM review WHERE \"left\" = 'health:1' AND \"right\" = 'cases:2'")
        probability[name] = found[0][0] if found else None
        if name in ("sure", "father and son"):
            assert are_one(engine, "health:1", "cases:2") == (name == "sure")
    assert probability["sure"] is None
    assert probability["other"] is None
    assert probability["doubtful"] is not None


def test_names_in_the_other_order_are_told(engine: Engine) -> None:
    one = Row(row_id="1", given="ประเสริฐ", family="มณีรัตน์")
    link(engine, [*TOWN, one, replace(one, row_id="2", source="cases", given="มณีรัตน์", family="ประเสริฐ")])
    [(evidence,)] = engine.rows("SELECT evidence FROM links WHERE \"left\" = 'health:1'")
    assert "names-in-other-order" in evidence
    assert "given-name-same" in evidence
    assert "family-name-same" in evidence


def test_no_name_or_number_of_a_person_is_in_the_evidence(engine: Engine) -> None:
    link(engine, TOWN)
    for (evidence,) in engine.rows("SELECT evidence FROM links UNION ALL SELECT evidence FROM review"):
        assert set(evidence) <= set(WORDS)
