"""The ways that people go through the pages, so that every page is looked at: by role, and by what goes wrong."""

import sqlite3
import time
from collections.abc import Callable, Sequence

from bench.looking import Looker
from journeys.test_first_coming import PASSPHRASE, plug_in
from makers.issuer import CLIENT, SECRET, serving_issuer
from makers.lists import pcodes
from sarana.ground.accounts import issuers

ADMINISTRATOR, OFFICER = "Organisation administrator", "Data-protection officer"
CUSTODIAN, OPERATOR = "Data custodian", "System operator"
FORM_WORD = "form_word"
LOADED_SECONDS = 300


def enters(looker: Looker, role: str) -> None:
    """Come in as a role, in the language of this walk."""
    looker.visitor.enter_as(role)
    looker.visitor.read_in(looker.language)


def sends(looker: Looker, **fields: str) -> None:
    """Send the form of the page, with these fields filled in."""
    page = looker.visitor.page
    for name, value in fields.items():
        page.locator(f"main [name={name}]").first.fill(value)
    with page.expect_navigation():
        page.evaluate("() => [...document.querySelectorAll('main form[method=post] button.primary')].at(-1).click()")


def follows(looker: Looker, begins: str, *, but: str = "") -> str:
    """The first address on the page that begins so."""
    hrefs: list[str] = looker.visitor.page.evaluate(
        "() => [...document.querySelectorAll('main a[href]')].map(a => a.getAttribute('href'))"
    )
    return next(href for href in hrefs if href.startswith(begins) and href != begins and (not but or but not in href))


def nobody(looker: Looker) -> None:
    """Somebody who is not signed in."""
    looker.visitor.open("/demonstration/")
    looker.visitor.read_in(looker.language)
    looker.look("demonstration")
    looker.open("/sign-in/", "sign-in")
    sends_passphrase(looker, "nobody-here")
    looker.look("sign-in-wrong")
    looker.open("/invitation/no-such-word/", "invitation-gone")
    looker.open("/invitation/", "invitation-none")
    looker.open("/switch/locked/", "locked")
    looker.open("/sign-in/ended/", "account-ended")


def sends_passphrase(looker: Looker, name: str) -> None:
    """Sign in with the passphrase of these walks."""
    page = looker.visitor.page
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSPHRASE)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def officer(looker: Looker) -> None:
    """The data-protection officer: Today, who looked, what this system does."""
    enters(looker, OFFICER)
    looker.open("/", "today-officer")
    for name in ("mine", "questions", "team", "kept"):
        looker.open(f"/looked/{name}/", f"looked-{name}")
    looker.open("/looked/", "looked")
    act = follows(looker, "/looked/act/")
    looker.open(act, "looked-act")
    looker.open("/looked/?since=2020-01-01&until=2020-01-02", "looked-nothing")
    looker.open("/looked/?since=tomorrow", "looked-wrong-filter")
    looker.open("/settings/agencies/", "agencies-officer")
    agency = follows(looker, "/settings/agencies/", but="/map/")
    looker.open(f"/looked/thing/{agency.split('/')[3]}/", "looked-thing")
    looker.open("/looked/thing/00000000-0000-4000-8000-000000000000/", "looked-thing-none")
    looker.open("/search/?q=demo", "search-found")
    looker.open("/search/?q=zzzz", "search-nothing")
    looker.open("/search/?q=z", "search-short")
    looker.open("/search/", "search-empty")
    looker.open("/system/", "system")
    looker.open("/system/cost/", "system-cost")
    looker.open("/system/activity/", "activity")
    looker.open("/system/activity/?of=agency", "activity-agency")
    looker.open("/settings/", "settings-officer")
    looker.open("/settings/agencies/map/", "map")
    looker.open("/settings/purposes/", "purposes")
    looker.open("/nowhere/", "not-found")


def breaches(looker: Looker) -> None:
    """The data-protection officer once more: a breach recorded wrongly, then rightly, and what is counted for it."""
    enters(looker, OFFICER)
    looker.open("/settings/breaches/", "breaches")
    sends(looker, since_at="2026-01-02T09:00", known_at="2026-01-03T09:00", file_number="no digits")
    looker.look("breaches-wrong")
    sends(looker, since_at="2026-01-02T09:00", known_at="2026-01-03T09:00", file_number="12/3")
    looker.look("breach")
    sends(looker, n_people="12")
    looker.look("breach-counted")


def administrator(looker: Looker) -> None:
    """The administrator: agencies, people, roles, second words, and every form with what is wrong in it."""
    enters(looker, ADMINISTRATOR)
    looker.open("/", "today-administrator")
    looker.open("/settings/", "settings")
    looker.open("/settings/agencies/", "agencies")
    page = looker.visitor.page
    agency = page.get_by_role("link", name=OWN_AGENCY[looker.language]).first.get_attribute("href") or ""
    looker.open(agency, "agency")
    looker.open(follows(looker, "/settings/people/"), "person")
    for name, fields in (
        ("make", {}),
        ("change", {"name": "", "areas": "x"}),
        ("invite", {}),
        ("give", {"sign_in_name": "zzzz"}),
    ):
        looker.open(f"{agency}{name}/", f"agency-{name}")
        sends(looker, **fields)
        looker.look(f"agency-{name}-wrong")
    looker.visitor.open(f"{agency}invite/", until="load")
    page.locator("main select[name=role]").select_option("analyst")
    sends(looker, name="Noi Invented")
    looker.look("invitation-link")
    looker.open(
        page.locator("#link").inner_text().partition("localhost")[2].partition("/")[2].join(["/", ""]),
        "invitation-occupied",
    )
    looker.open("/settings/words/", "second-words")
    looker.open("/settings/words/propose/", "second-words-propose")
    with page.expect_navigation():
        page.locator("main form button.primary").first.click()
    looker.look("second-words-proposed")
    looker.open("/settings/words/", "second-words-one")
    looker.open("/switch/", "switch")
    looker.open("/looked/team/", "team-administrator")


OWN_AGENCY = {"en": "Demo provincial centre", "th": "ศูนย์จังหวัดตัวอย่าง"}


def caseworker(looker: Looker) -> None:
    """A case worker, for whom little is here yet, and what is refused to her."""
    enters(looker, "Case worker")
    looker.open("/", "today-case-worker")
    looker.open("/settings/", "settings-case-worker")
    looker.open("/settings/agencies/", "agencies-case-worker")
    looker.open(follows(looker, "/settings/agencies/", but="/map/"), "agency-case-worker")
    looker.open("/looked/mine/", "looked-mine-case-worker")
    looker.open("/me/", "me-demonstration")
    looker.open("/settings/words/propose/", "refused")


def newcomer(looker: Looker) -> None:
    """Somebody who is invited, chooses a passphrase, sets up a key and codes, and signs in with each."""
    plug_in(looker.visitor)
    enters(looker, ADMINISTRATOR)
    page = looker.visitor.page
    looker.visitor.open("/settings/agencies/")
    agency = page.get_by_role("link", name=OWN_AGENCY[looker.language]).first.get_attribute("href") or ""
    looker.visitor.open(f"{agency}invite/")
    page.locator("main select[name=role]").select_option("data-specialist")
    sends(looker, name="Noi Invented")
    link = page.locator("#link").inner_text()
    looker.visitor.open("/switch/")
    sends(looker)
    page.goto(link)
    looker.visitor.read_in(looker.language)
    looker.look("coming")
    sends(looker, sign_in_name="a", passphrase="short", again="other")  # noqa: S106
    looker.look("coming-wrong")
    name = f"noi-{looker.language}-{looker.width}"
    page.locator("[name=language]").last.evaluate("(e, l) => e.value = l", looker.language)
    sends(looker, sign_in_name=name, passphrase=PASSPHRASE, again=PASSPHRASE)
    looker.look("first-factor")
    looker.open("/me/code-app/", "add-code-app")
    sends(looker, code="000000")
    looker.look("add-code-app-wrong")
    looker.open("/me/sheet/", "make-sheet")
    sends(looker)
    looker.look("sheet")
    codes = page.locator("ol.sheet code").all_inner_texts()
    looker.open("/me/key/", "add-key")
    with page.expect_navigation():
        page.locator("[data-key]").click()
    page.wait_for_load_state("load")
    looker.open("/me/", "me")
    sends(looker, name="")
    looker.look("me-wrong")
    looker.open("/me/passphrase/", "passphrase")
    sends(looker)
    looker.look("passphrase-wrong")
    asks_again(looker, name, codes)


def asks_again(looker: Looker, name: str, codes: Sequence[str]) -> None:
    """Sign in with a code, be asked once more before factors are changed, and send a form whose sitting has ended."""
    page = looker.visitor.page
    looker.visitor.open("/switch/")
    sends(looker)
    looker.visitor.open("/sign-in/")
    sends_passphrase(looker, name)
    looker.look("second-factor")
    sends(looker, code="000000")
    looker.look("second-factor-wrong")
    sends(looker, code=codes[0])
    page.wait_for_load_state("load")
    for way, shown in (("", "again"), ("code/", "again-code"), ("key/", "again-key")):
        looker.open(f"/sign-in/again/{way}?next=/me/", shown)
    looker.visitor.open("/me/", until="load")
    page.context.clear_cookies(name="sarana")
    sends(looker, name="Noi, typed while the sitting ended")
    looker.look("sitting-ended")


def unloaded(looker: Looker) -> None:
    """Words and areas, and long work, before anything was loaded or asked for."""
    enters(looker, "Case worker")
    looker.open("/jobs/", "jobs-none")
    looker.open("/settings/lists/", "lists-unloaded")
    looker.open("/settings/lists/areas/?country=TH", "areas-unloaded")


def operator(looker: Looker) -> None:
    """The system's operator: backups, and the work that runs."""
    enters(looker, OPERATOR)
    looker.open("/", "today-operator")
    looker.open("/settings/", "settings-operator")
    looker.open("/system/backups/", "backups")
    looker.open("/jobs/", "jobs-operator")


def custodian(looker: Looker) -> None:
    """The data custodian: areas loaded as long work, looked through and brought; words translated."""
    enters(looker, CUSTODIAN)
    page = looker.visitor.page
    looker.open("/settings/lists/", "lists-custodian")
    with page.expect_navigation():
        page.locator("main [name=kind] + button").first.click()
    looker.look("job-asked")
    until = time.monotonic() + LOADED_SECONDS
    while page.locator("[data-watch]").count() and time.monotonic() < until:
        time.sleep(2)
        page.reload()
    looker.look("job-done")
    looker.open("/jobs/", "jobs")
    looker.open("/settings/lists/", "lists")
    looker.open("/settings/lists/areas/", "areas")
    looker.open("/settings/lists/areas/?country=VN&ended=on", "areas-ended")
    looker.open("/settings/lists/areas/?country=TH&q=zzzz", "areas-nothing")
    looker.open("/settings/lists/areas/?country=TH&on=tomorrow", "areas-wrong-filter")
    looker.open("/settings/lists/areas/?country=LA", "areas-gaps")
    looker.open("/settings/lists/areas/TH50/", "area")
    looker.open("/settings/lists/areas/VN01/", "area-changed")
    looker.visitor.open("/settings/lists/")
    words = follows(looker, "/settings/lists/words/")
    looker.open(words, "words")
    looker.open(f"{words}?language=km", "words-missing")
    looker.visitor.open("/settings/lists/")
    looker.open(follows(looker, "/settings/lists/editions/"), "edition")
    looker.open("/settings/keys/", "keys")
    looker.open("/settings/purposes/", "purposes-custodian")
    sends(looker, code="Two words", name="Find families")
    looker.look("purposes-wrong")
    brings(looker)


def brings(looker: Looker) -> None:
    """Bring a table of P-codes that is none, and one that is; then what would be lost."""
    page = looker.visitor.page
    looker.open("/settings/lists/bring/", "bring")
    page.locator("main [name=country]").select_option("LA")
    page.locator("main [name=table]").set_input_files(
        {"name": "lao.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2"}
    )
    sends(looker)
    looker.look("bring-wrong")
    page.locator("main [name=country]").select_option("LA")
    table = pcodes(provinces=9, n_districts=looker.width % 7)
    page.locator("main [name=table]").set_input_files({"name": "lao.csv", "mimeType": "text/csv", "buffer": table})
    sends(looker)
    looker.look("edition-waits")
    presses(looker, "form[action$='/in-force/'] button")
    looker.look("edition-loses")
    page.go_back()
    presses(looker, "form[action$='/withdraw/'] button")
    looker.look("edition-withdrawn")


def presses(looker: Looker, selector: str) -> None:
    """Press a button of the page that leads elsewhere."""
    page = looker.visitor.page
    with page.expect_navigation():
        page.locator(f"main {selector}").first.click()


def services(looker: Looker) -> None:
    """A ministry's sign-in service: allowed for an agency, tied to an account, gone to, and not known when back."""
    home = looker.visitor.stage.home
    page = looker.visitor.page
    secret = home.parent / "keys" / issuers.secret_file("moi")
    with serving_issuer() as service:
        looker.expected.add(service.url.partition("//")[2])
        secret.write_text(SECRET)
        lines = (f'issuer = "{service.url}"', f'client_id = "{CLIENT}"', 'second_factor = ["mfa"]')
        names = ('name = "Ministry of the Interior"', 'name_th = "กระทรวงมหาดไทย"')
        (home / issuers.FILE).write_text("\n".join(("[moi]", *lines, *names)), encoding="utf-8")
        try:
            enters(looker, ADMINISTRATOR)
            looker.visitor.open("/settings/agencies/")
            agency = page.get_by_role("link", name=OWN_AGENCY[looker.language]).first.get_attribute("href") or ""
            looker.open(f"{agency}services/", "agency-services")
            looker.open("/me/", "me-services")
            looker.visitor.open("/switch/")
            sends(looker)
            looker.open("/sign-in/", "sign-in-services")
            # The browser is told to go on at once; a service that says nothing leaves it where it is.
            page.route(f"{service.url}/**", lambda route: route.fulfill(status=204))
            page.locator("form[action*='/sign-in/by/'] button").first.click()
            page.wait_for_url("**/sign-in/by/moi/", wait_until="load")
            looker.look("service-go")
            page.unroute(f"{service.url}/**")
            looker.visitor.open("/sign-in/")
            page.locator("form[action*='/sign-in/by/'] button").first.click()
            page.wait_for_url("**/back/**", wait_until="load")
            looker.look("service-not-tied")
        finally:
            (home / issuers.FILE).unlink()
            secret.unlink()


def not_done(looker: Looker) -> None:
    """What was not done says so: a form sent twice, one that lapsed, work of no kind, an act too early."""
    enters(looker, ADMINISTRATOR)
    page = looker.visitor.page
    looker.visitor.open("/settings/agencies/")
    agency = page.get_by_role("link", name=OWN_AGENCY[looker.language]).first.get_attribute("href") or ""
    looker.visitor.open(f"{agency}change/")
    word = page.locator(f"main form[method=post] [name={FORM_WORD}]").first.input_value()
    sends(looker)
    looker.look("done")
    looker.visitor.open(f"{agency}change/")
    rewrites(looker, FORM_WORD, word)
    sends(looker)
    looker.look("sent-twice")
    looker.visitor.open(f"{agency}change/")
    rewrites(looker, "csrfmiddlewaretoken", "a" * 64)
    sends(looker)
    looker.look("lapsed")
    looker.visitor.open("/switch/")
    sends(looker)
    enters(looker, OPERATOR)
    looker.visitor.open("/jobs/")
    rewrites(looker, "kind", "no.such-kind")
    presses(looker, "[name=kind] + button")
    looker.look("not-now")


def rewrites(looker: Looker, name: str, value: str) -> None:
    """Put another value into a hidden field of the page."""
    looker.visitor.page.locator(f"main [name={name}]").first.evaluate("(e, value) => e.value = value", value)


def faults(looker: Looker) -> None:
    """A mistake of ours, and a database that has trouble: a table is put away for a moment."""
    enters(looker, ADMINISTRATOR)
    (base,) = looker.visitor.stage.home.glob("*.sqlite3")
    with sqlite3.connect(base) as line:
        line.execute("ALTER TABLE words_proposal RENAME TO put_away")
        line.commit()
        try:
            looker.expected.add("500")
            looker.open("/settings/words/", "our-mistake")
        finally:
            line.execute("ALTER TABLE put_away RENAME TO words_proposal")
            line.commit()


WALKS: dict[str, Callable[[Looker], None]] = {
    "unloaded": unloaded,
    "nobody": nobody,
    "officer": officer,
    "breaches": breaches,
    "administrator": administrator,
    "caseworker": caseworker,
    "custodian": custodian,
    "operator": operator,
    "newcomer": newcomer,
    "services": services,
    "not-done": not_done,
    "faults": faults,
}
