"""The way of those who judge pairs: no queue yet, the purpose, one pair, one that somebody else has, the sure ones."""

from bench.looking import Looker
from bench.walks import enters
from bench.walks_of_areas import command
from makers.few import PEOPLE
from sarana.methods.reference import examples_folder

REVIEWER = "Linkage reviewer"
PAIRS = "/population/pairs/"
OPENS = "form[action*='/next/'] button"


def reviewer(looker: Looker) -> None:
    """A reviewer looks at the queue, states the purpose, opens a pair, and decides on the sure ones."""
    home = looker.visitor.stage.home
    folder = home.parent / "judged"
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    enters(looker, REVIEWER)
    if not folder.exists():
        looker.open(PAIRS, "pairs-empty")
        settings = str(examples_folder() / "chiang-mai" / "sources.toml")
        people, run = str(folder / "people"), str(folder / "run")
        command(home, "invent", "province", "--people", str(PEOPLE), "--seed", "5", "--out", people)
        command(home, "population", "run", settings, "--data", people, "--out", run, "--unsealed")
        command(home, "population", "take-in", run)
    looker.open(PAIRS, "pairs-without-purpose")
    page = looker.visitor.page
    with page.expect_navigation():
        page.locator("form[action*='/state/'] button").first.click()
    looker.open(PAIRS, "pairs")
    with page.expect_navigation():
        page.locator(OPENS).first.click()
    looker.look("pair")
    found = page.url.removeprefix(looker.visitor.stage.address)
    with page.expect_navigation():
        page.locator("button[value='cannot-say']").click()
    looker.look("pair-after-an-answer")
    looker.open(found, "pair-judged")
    looker.open(PAIRS, "pairs-with-an-answer")
    with page.expect_navigation():
        page.locator("a[href*='/sure/']").first.click()
    looker.look("pairs-sure")
    with page.expect_navigation():
        page.locator("main form button.primary").last.click()
    looker.look("pairs-ask")
