"""The way of a photograph: kept, seen, hidden in, given on what somebody agreed to, and that is taken back."""

import base64
import datetime as dt

from bench.looking import WIDE, Looker
from bench.walks import enters, sends
from bench.walks_of_areas import command
from bench.walks_of_people import WORKER, presses, states_a_purpose
from makers.faces import NEAR, a_photograph, nearness

NAMES = ("Aroon Invented", "Somying Madeup")
"""Two who are not alike: nobody is asked whether she is here already."""


def photographer(looker: Looker) -> None:
    """A case worker keeps a photograph of somebody, hides a face in it, and gives the copy to another agency."""
    home = looker.visitor.stage.home
    if not (home.parent / "keys/vault").exists():
        command(home, "keys", "make", "--name", "The demonstration")
    enters(looker, WORKER)
    looker.open("/people/", "photographer-begins")
    states_a_purpose(looker)
    looker.open("/people/new/", "photographer-enters")
    looker.visitor.page.fill("[name='names-0-text']", NAMES[looker.width == WIDE])
    sends(looker)
    here = looker.visitor.page.url.removeprefix(looker.visitor.stage.address).split("#")[0]
    _agrees(looker, here)
    _keeps(looker, here)
    _hides(looker)
    page = looker.visitor.page
    with page.expect_navigation():
        page.locator("form[action*='/give/'] button[type=submit]").first.click()
    looker.look("photographs-given")
    presses(looker, "form[action*='/masked/'][action$='/show/'] button")
    looker.look("masked-copy")
    looker.open(f"{here}consents/", "consents-living")
    presses(looker, "button[name=how][value=spoken]")
    looker.look("consents-taken-back")
    looker.open("/people/given/", "given-by-others")


def _agrees(looker: Looker, here: str) -> None:
    page = looker.visitor.page
    looker.open(f"{here}consents/", "consents-none")
    looker.expected.add("422")
    presses(looker, "form[action$='/consents/give/'] button[type=submit]")
    looker.look("consent-wrong")
    for name in ("recipient", "purpose", "language"):
        page.locator(f"select[name={name}]").first.select_option(index=1)
    for tier in ("names", "masked"):
        page.locator(f"[name=tiers][value={tier}]").first.check()
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    page.locator("[name=until]").first.fill(until.isoformat())
    presses(looker, "form[action$='/consents/give/'] button[type=submit]")


def _keeps(looker: Looker, here: str) -> None:
    page = looker.visitor.page
    looker.open(f"{here}photographs/", "photographs-none")
    for name, content in (
        ("photograph-wrong", b"no picture"),
        ("photographs-one", a_photograph(width=1200, height=900)),
    ):
        page.set_input_files("[name=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content})
        presses(looker, "form[action$='/photographs/add/'] button[type=submit]")
        looker.look(name)
    presses(looker, "form[action*='/photographs/'][action$='/show/'] button")
    looker.look("photograph-shown")


def _hides(looker: Looker) -> None:
    page = looker.visitor.page
    presses(looker, "form[action$='/mask/'] button")
    edge = page.locator("[data-draw]").bounding_box()
    if edge is None:
        raise LookupError("there is no picture to draw on")
    page.mouse.move(edge["x"] + edge["width"] * 0.4, edge["y"] + edge["height"] * 0.35)
    page.mouse.down()
    page.mouse.move(edge["x"] + edge["width"] * 0.6, edge["y"] + edge["height"] * 0.55, steps=4)
    page.mouse.up()
    looker.look("photograph-drawn-on")
    presses(looker, "button[name=do][value=look]")
    looker.look("photograph-looked-at")
    preview = page.locator(".shown img").first.get_attribute("src") or ""
    if nearness(base64.b64decode(preview.partition(",")[2])) < NEAR:
        raise LookupError("what was drawn over the face does not hide it")
    presses(looker, "button[name=do][value=keep]")
