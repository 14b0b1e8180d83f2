"""The way of those who argue over indicator sets: reading, noting, copying, changing wrongly and rightly, adopting."""

from bench.looking import Looker
from bench.walks import CUSTODIAN, enters, sends
from makers.reckoned import reckoned

SETS = "/population/sets/"
OURS = f"{SETS}ours/chiang-mai-28/"


def arguer(looker: Looker) -> None:
    """A provincial data officer makes a set of her own; a data custodian agrees."""
    enters(looker, "Provincial data officer")
    looker.open(SETS, "sets")
    looker.open(OURS, "set-ours")
    page = looker.visitor.page
    sends(looker, text="Noi says so", source="")
    looker.look("set-note-wrong")
    sends(looker, source="Noi office")
    looker.open(f"{SETS}copy/?of=chiang-mai-28", "set-copy")
    with page.expect_navigation():
        page.locator("main button.primary").last.click()
    looker.look("set-draft")
    draft = page.url.removeprefix(looker.visitor.stage.address)
    looker.open(f"{draft}change/", "set-change")
    looker.open(f"{draft}indicators/h01/", "set-indicator")
    sends(looker, rule_3='sex == "F"')
    looker.look("set-indicator-wrong")
    reckoned(looker.visitor.stage.home, draft.strip("/").rpartition("/")[2])
    looker.open(draft, "set-with-effect")
    with page.expect_navigation():
        page.locator(f"main button[formaction$='{draft}propose/']").click()
    looker.look("set-proposed")
    enters(looker, CUSTODIAN)
    looker.open(draft, "set-to-agree")
    with page.expect_navigation():
        page.locator(f"main button[formaction$='{draft}agree/']").click()
    looker.look("set-adopted")
    looker.open(SETS, "sets-custodian")
