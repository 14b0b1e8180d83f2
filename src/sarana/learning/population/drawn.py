"""By which lines a map is drawn, in words: on its page, in its files, and on the map of the country."""

from django.utils.translation import gettext as _

from sarana.ground.pages.calendars import say_day
from sarana.learning.population.models import Drawing


def words_of(drawing: Drawing, day: str = "") -> str:
    """By which lines a map is drawn: whose they are and of which day, or that nobody knows.

    Files write a `day` that machines read; pages in the reader's calendar.
    """
    if drawing.drawn_as_of and not day:
        day = say_day(drawing.drawn_as_of)
    if drawing.drawn_by and day:
        return _("Boundaries: %(who)s (as of %(day)s).") % {"who": drawing.drawn_by, "day": day}
    if drawing.drawn_by:
        return _("Boundaries: %(who)s. Nobody said of which day they are.") % {"who": drawing.drawn_by}
    if drawing.drawn_from == Drawing.From.FILE:
        return _("Boundaries: a file of the province. Nobody said who drew it.")
    if drawing.drawn_from == Drawing.From.CELLS:
        return _("No boundary file was in force: each subdistrict is a patch around its villages.")
    return _("By which boundaries this map is drawn is not known here: an earlier version made the run.")
