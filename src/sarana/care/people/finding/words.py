"""How well somebody agrees with what was asked, and why, in words: no number says that somebody is meant."""

from django.utils.translation import gettext_lazy as _

from sarana.methods.search.entry import Reason

SURE, LIKELY = 0.93, 0.80
"""From so much on."""

EXACT = frozenset({Reason.ID_EXACT, Reason.PHONE_EXACT})
MORE_THAN_A_NAME = EXACT | {Reason.BIRTH_YEAR}
"""A name alone is never sure: others bear it."""

REASONS = {
    Reason.SAME_NAME: _("the same name"),
    Reason.SOUNDS_ALIKE: _("a name that sounds alike"),
    Reason.ONE_LETTER_OFF: _("one letter is other"),
    Reason.ALIKE: _("a name that is alike"),
    Reason.BEGINS_SO: _("a name that begins so"),
    Reason.OTHER_ORDER: _("in another order"),
    Reason.NICKNAME: _("a nickname"),
    Reason.OTHER_NAME: _("another name of this person"),
    Reason.ID_EXACT: _("the number of a paper"),
    Reason.PHONE_EXACT: _("a telephone"),
    Reason.BIRTH_YEAR: _("the year of birth"),
    Reason.BIRTH_NEAR: _("a birth not far from it"),
    Reason.SEX: _("sex"),
    Reason.PLACE: _("where the person is"),
}


def how_well(score: float, reasons: tuple[Reason, ...]) -> str:
    """Sure, likely or perhaps."""
    if score >= SURE and MORE_THAN_A_NAME.intersection(reasons):
        return str(_("sure"))
    return str(_("likely")) if score >= LIKELY or EXACT.intersection(reasons) else str(_("perhaps"))


def why(reasons: tuple[Reason, ...]) -> list[str]:
    """The reasons, in the order in which they weigh."""
    return [str(REASONS[reason]) for reason in reasons]
