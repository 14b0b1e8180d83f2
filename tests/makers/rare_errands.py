"""Errands that few go on: an emergency, a conflict of interest, and what was there before somebody was changed."""

import re

from makers.errands import Errands, a_whole_person, code_of, in_days

EMERGENCY = r'href="(/people/emergencies/[-0-9a-f]{36}/)"'
GONE = 404
CHANGED = ("names", "contact", "story")
SHOWN_BEFORE = ("names-0-text", "papers-1-number", "ways-0-value", "where-address", "story-own_words", "story-health")


def a_sentence(errands: Errands, where: str) -> str:
    """Markers, as many as are a reason that somebody else understands."""
    return " ".join(errands.write(where) for _ in range(3))


def open_in_an_emergency(errands: Errands) -> None:
    """A colleague opens somebody protected, one who works with her confirms it, something is written, and it ends."""
    errands.comes("worker")
    page = errands.enter(a_whole_person(errands, facts__level="protected"))
    code = code_of(errands.open(page))
    errands.comes("colleague")
    assert errands.browser.get(page).status == GONE, "she is kept for those who work with her"
    form, words = errands.open("/people/emergency/"), a_sentence(errands, "words of an emergency")
    errands.press(errands.fill("/people/emergency/", form, code=code, reason="danger", words=words), "people:name")
    errands.comes("worker")
    (emergency,) = set(re.findall(EMERGENCY, errands.open("/people/emergencies/").text))
    shown = errands.open(emergency)
    assert words in shown.text, "whoever confirms it reads why"
    errands.press(shown, "people:emergency-confirm")
    errands.comes("colleague")
    form = errands.press(errands.open(page), "people:change-story")
    shown = errands.fill(f"{page}change/story/", form)
    errands.press(shown, "people:emergency-end")
    assert errands.browser.get(page).status == GONE, "it ended"
    errands.comes("officer")
    errands.open("/people/emergencies/")
    assert words in errands.open(emergency).text


def keep_out(errands: Errands, page: str, *, agency: str, colleague: str) -> None:
    """A supervisor keeps an agency and a colleague out of everything about somebody; the officer lifts both."""
    errands.comes("lead")
    errands.open("/people/conflicts/")
    shown = errands.open(f"{page}conflict/")
    for kind, who in (("agency", agency), ("colleague", colleague)):
        words = a_sentence(errands, f"words of a conflict of one {kind}")
        shown = errands.fill(f"{page}conflict/{kind}/", shown, who=who, reason="feared", words=words)
        assert words in shown.text, "it stands"
    errands.comes("officer")
    errands.open("/people/conflicts/")
    shown = errands.open(f"{page}conflict/")
    for _ in ("agency", "colleague"):
        shown = errands.press(shown, "people:conflict-lift")
    assert words not in shown.text, "nothing stands any more"


def change_while_held(errands: Errands) -> None:
    """Somebody is changed while a court wants her kept, and the custodian opens what was there before."""
    errands.comes("worker")
    before = a_whole_person(errands)
    page = errands.enter(before)
    holding = f"{page}hold/"
    errands.comes("lead")
    errands.fill(holding, errands.open(holding), reason="court", review_on=in_days(30))
    errands.comes("worker")
    for part in CHANGED:
        form = errands.press(errands.open(page), f"people:change-{part}")
        errands.fill(f"{page}change/{part}/", form)
    errands.comes("keeper")
    shown = errands.press(errands.open(holding), "people:earlier")
    missing = [name for name in SHOWN_BEFORE if before[name] not in shown.text]
    assert missing == [], (missing, shown.text)
    errands.comes("lead")
    errands.press(errands.open(holding), "people:let-go")
