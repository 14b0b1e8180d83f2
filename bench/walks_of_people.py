"""The way of those who help: the purpose, nobody yet, somebody entered, the page opened part by part."""

from bench.looking import Looker
from bench.walks import enters, sends
from bench.walks_of_areas import command

WORKER, LEADER, CUSTODIAN = "Case worker", "Supervisor", "Data custodian"
OFFICE = "Demo social welfare office"
HELP = "form[action*='/state/'] button"


def beginner(looker: Looker) -> None:
    """A case worker while nobody is kept yet: the purpose, and lists with nobody in them."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    enters(looker, WORKER)
    looker.open("/people/", "people-without-purpose")
    states_a_purpose(looker)
    for of in ("mine", "newest", "given"):
        looker.open(f"/people/?of={of}", f"people-{of}-none")
    looker.open("/people/given/", "given-by-others-none")
    looker.open("/people/asked/", "asked-none")
    looker.open("/people/agreements/", "agreements-none")
    looker.open("/people/search/", "search-people")
    sends(looker, words="nobody who is here")
    looker.look("search-people-nobody")


def helper(looker: Looker) -> None:
    """A case worker enters somebody and opens what is kept of her; nothing is shown that is not safe."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    enters(looker, WORKER)
    looker.visitor.open("/people/")
    states_a_purpose(looker)
    looker.open("/people/new/", "person-new")
    page = looker.visitor.page
    page.fill("[name='birth-day']", "31")
    page.fill("[name='birth-month']", "2")
    page.fill("[name='birth-year']", "2540")
    page.select_option("[name='birth-calendar']", "buddhist")
    page.locator("[name='facts-languages']").first.fill("๙๙๙")
    looker.expected.add("422")
    sends(looker)
    looker.look("person-new-wrong")
    types(looker)
    with page.expect_navigation():
        page.locator("button[name=more]").first.click()
    looker.look("person-new-more-lines")
    _enters(looker)
    looker.look("person-entered")
    here = page.url.removeprefix(looker.visitor.stage.address).split("#")[0]
    for part in ("name", "contact", "story"):
        looker.open(here, "person")
        presses(looker, f"form[action^='{here}{part}/'] button")
        looker.look(f"person-{part}")
    for part in ("names", "contact", "story"):
        looker.open(here, "person")
        presses(looker, f"form[action='{here}change/{part}/'] button")
        looker.look(f"person-change-{part}")
    looker.open(f"{here}change/facts/", "person-change-facts")
    looker.open("/people/?of=newest", "people-newest")
    looker.open("/people/", "people-mine")
    looker.open(here, "person")
    _emergency(looker, here, page.locator("h1 code").inner_text())


def _emergency(looker: Looker, here: str, code: str) -> None:
    """A colleague opens her in an emergency, a supervisor confirms it, the officer reads it; the colleague is done."""
    page = looker.visitor.page
    enters_at(looker, "Intake desk", OFFICE)
    looker.open("/people/", "people-intake")
    states_a_purpose(looker)
    looker.open("/people/emergency/", "emergency-begin")
    sends(looker, code="SR-22222", words="She stands at the bus station, and the man is with her.")
    looker.look("emergency-begin-wrong")
    page.select_option("[name=reason]", "danger")
    sends(looker, code="SR-22222")
    looker.look("emergency-nobody")
    page.select_option("[name=reason]", "danger")
    sends(looker, code=code)
    looker.look("person-in-emergency-alone")
    presses(looker, f"form[action^='{here}name/'] button")
    looker.look("person-in-emergency-name")
    looker.open(f"{here}photographs/", "photographs-in-emergency")
    enters_at(looker, "Supervisor", OFFICE)
    looker.open("/", "today-emergency")
    looker.open("/people/emergencies/", "emergencies-supervisor")
    with page.expect_navigation():
        page.locator("main tbody th a").first.click()
    states_a_purpose(looker)
    looker.look("emergency-to-confirm")
    presses(looker, "form[action$='/confirm/'] button")
    looker.look("emergency-confirmed")
    enters_at(looker, "Data-protection officer", OFFICE)
    looker.open("/looked/", "looked-officer-of-the-office")
    looker.open("/people/emergencies/", "emergencies-officer")
    with page.expect_navigation():
        page.locator("main tbody th a").first.click()
    looker.look("emergency-officer")
    enters_at(looker, "Intake desk", OFFICE)
    looker.open("/people/", "people-intake")
    states_a_purpose(looker)
    looker.open(here, "person-in-emergency-confirmed")
    presses(looker, "form[action$='/end/'] button")
    looker.look("emergency-done")


def leader(looker: Looker) -> None:
    """A supervisor holds a person, and is about to erase her; the custodian comes by the code."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    enters_at(looker, LEADER, OFFICE)
    looker.open("/people/", "people-leader")
    states_a_purpose(looker)
    looker.open("/people/new/", "person-new")
    page = looker.visitor.page
    page.fill("[name='names-0-text']", "Malee Jaidee")
    _enters(looker)
    code = page.locator("h1 code").inner_text()
    here = page.url.removeprefix(looker.visitor.stage.address)
    looker.look("person-leader")
    page.locator("details.taking summary").first.click()
    page.fill("[name=other]", "SR-NOBODY")
    looker.expected.add("422")
    presses(looker, f"form[action='{here}relations/'] button")
    looker.look("person-relation-wrong")
    looker.open(f"{here}hold/", "person-hold")
    page.select_option("[name=reason]", "court")
    page.fill("[name=review_on]", "2027-01-31")
    sends(looker)
    looker.look("person-held")
    looker.open(f"{here}erase/", "person-erase-held")
    looker.visitor.open(f"{here}hold/")
    presses(looker, "form[action$='/let-go/'] button")
    looker.open(f"{here}erase/", "person-erase")
    page.select_option("[name=reason]", "own-request")
    sends(looker)
    looker.look("person-erase-sure")
    _conflicts(looker, here, code)
    enters_at(looker, CUSTODIAN, OFFICE)
    looker.open("/people/ending/", "people-ending")
    page.fill("[name=code]", code)
    sends(looker)
    looker.look("person-hold-of-the-custodian")


def _conflicts(looker: Looker, here: str, code: str) -> None:
    """The supervisor keeps a colleague and an agency out of everything about her; the officer lifts one."""
    page = looker.visitor.page
    looker.open("/people/conflicts/", "conflicts")
    sends(looker, code=code)
    looker.look("conflict-none")
    for kind in ("agency", "colleague"):
        form = page.locator(f"form[action$='/conflict/{kind}/']")
        page.locator("details").filter(has=form).locator("summary").first.click()
        presses(looker, f"form[action$='/conflict/{kind}/'] button")
        looker.look(f"conflict-{kind}-wrong")
        form.locator("[name=who]").select_option(index=1)
        form.locator("[name=reason]").select_option("involved")
        form.locator("[name=words]").fill("Her brother works there, and she saw him at the house.")
        presses(looker, f"form[action$='/conflict/{kind}/'] button")
        looker.look(f"conflict-{kind}")
    looker.open(here, "person-leader")
    enters_at(looker, "Data-protection officer", OFFICE)
    looker.open("/people/conflicts/", "conflicts-officer")
    with page.expect_navigation():
        page.locator("main tbody th a").first.click()
    looker.look("conflict-officer")
    page.locator("details").filter(has=page.locator("form[action$='/lift/']")).last.locator("summary").click()
    presses(looker, "form[action$='/lift/'] button")
    looker.look("conflict-lifted")


def enters_at(looker: Looker, role: str, agency: str) -> None:
    """Choose a role in one agency of the demonstration, and the language of this walk."""
    looker.visitor.open("/demonstration/", until="load")
    looker.visitor.read_in("en")
    page = looker.visitor.page
    with page.expect_navigation():
        page.locator("tr").filter(has_text=agency).get_by_role("button", name=role, exact=True).click()
    looker.visitor.read_in(looker.language)


def _enters(looker: Looker) -> None:
    """Send the form; where somebody is much alike, as in an earlier walk, say that it is nobody of these."""
    page = looker.visitor.page
    sends(looker)
    if page.locator("button[name=nobody-of-these]").count():
        looker.look("person-new-alike")
        presses(looker, "button[name=nobody-of-these]")


def types(looker: Looker) -> None:
    """Fill in the form of a new person."""
    page = looker.visitor.page
    for name, text in {
        "names-0-text": "นางสาวมาลี ใจดี",
        "names-1-text": "Lek",
        "birth-day": "",
        "birth-month": "",
        "birth-give_or_take": "2",
        "ways-0-value": "081 234 5678",
        "ways-0-say": "Say that you call about the sewing course",
        "where-address": "Baan Rak, second house behind the temple",
        "papers-0-number": "AA1234567",
        "story-own_words": "I was unlucky with the broker.\nI want my wages, and to call my sister.",
        "story-health": "Medicine for her heart, every morning",
    }.items():
        page.fill(f"[name='{name}']", text)
    for name, chosen in {
        "names-1-kind": "nickname",
        "facts-sex": "female",
        "facts-level": "protected",
        "ways-0-safety": "unsafe",
        "papers-0-kind": "passport",
        "papers-0-held_by": "withheld",
    }.items():
        page.select_option(f"[name='{name}']", chosen)
    page.locator("[name='facts-languages']").first.fill("Shan")
    page.locator("[name='facts-nationalities']").first.fill("MM")


def states_a_purpose(looker: Looker) -> None:
    """Choose the first purpose that is offered, where one is asked for."""
    found = looker.visitor.page.locator(HELP)
    if found.count():
        with looker.visitor.page.expect_navigation():
            found.first.click()


def presses(looker: Looker, button: str) -> None:
    """Press a button that leads to another page."""
    page = looker.visitor.page
    with page.expect_navigation():
        page.locator(button).last.click()
