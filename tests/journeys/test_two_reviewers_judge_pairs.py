"""Two reviewers judge pairs: both open one and one is told, they go on, decide on sure ones, and take back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.stage import Stage, Visitor, serving, visiting
from journeys.test_errands_on_the_web import press
from journeys.test_first_coming import looks_well
from journeys.test_two_hand_over_and_an_officer_records import at_the_machine
from makers.few import a_run_of_people

ROLE = "Linkage reviewer"


def enters(visitor: Visitor, which: int) -> Page:
    """One of the two reviewers says what for, and sees how many pairs wait."""
    visitor.open("/demonstration/")
    visitor.read_in("en")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=ROLE, exact=True).nth(which).click()
    visitor.read_in("en")
    page = visitor.open("/population/pairs/")
    looks_well(visitor)
    press(page, "This is why: Judge whether two records are of one person")
    expect(page.get_by_role("button", name="Open the next pair")).to_be_visible()
    return page


def test_two_reviewers_open_one_pair_and_one_is_told(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, demonstration: Path
) -> None:
    # A web of its own: where another journey took its own province in, this run would be refused beside it.
    with serving(tmp_path, demonstration) as stage:
        they_judge(browser, stage, tmp_path_factory)


def they_judge(browser: Browser, stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two reviewers at one queue of pairs."""
    at_the_machine(stage, "keys", "make", "--name", "The demonstration")
    said = at_the_machine(stage, "population", "take-in", a_run_of_people(tmp_path_factory))
    assert "wait to be judged" in said, said
    with visiting(browser, stage) as ann, visiting(browser, stage, width=360, is_touched=True) as ben:
        one, other = enters(ann, 0), enters(ben, 1)
        press(one, "Open the next pair")
        looks_well(ann)
        ann.take("pair-to-judge")
        pair = one.url.removeprefix(stage.address)
        other = ben.open(pair)
        expect(other.get_by_text("Somebody else is looking at this pair just now")).to_be_visible()
        looks_well(ben)
        press(other, "Open the next pair")
        looks_well(ben)
        assert other.url != one.url

        # By keyboard, without a mouse: the access key of the third answer.
        with one.expect_navigation():
            one.locator("[accesskey='3']").press("Enter")
        expect(one.get_by_text("Kept: cannot say.")).to_be_visible()
        press(other, "Not the same person")
        expect(other.get_by_text("Kept: not the same person.")).to_be_visible()
        other = ben.open(pair)
        told = other.get_by_text("This pair was judged meanwhile")
        waits = other.get_by_role("button", name="Same person", exact=True)
        expect(told.or_(waits)).to_be_visible(), "but for a pair that goes to two people"

        one = ann.open("/population/pairs/")
        looks_well(ann)
        one.get_by_role("link", name="Not the same person:").click()
        looks_well(ann)
        one.get_by_role("button", name="Decide on all").click()
        looks_well(ann)
        one.get_by_role("button", name="Yes, all").click()
        expect(one.get_by_text("can be taken back as a whole").first).to_be_visible()
        press(one, "Take all of it back")
        expect(one.get_by_text("Taken back:").first).to_be_visible()
        press(one, "Take it back")
        assert one.url.removeprefix(stage.address) == pair
        press(one, "Leave it for now")
        assert ann.complaints + ben.complaints == []
