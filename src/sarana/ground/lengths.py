"""Lengths of time in words."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def length_words(longest: dt.timedelta | None) -> str:
    """A length of time in words."""
    if longest is None:
        return _("no limit")
    minutes = round(longest.total_seconds() / 60)
    if minutes % (24 * 60) == 0:
        return ngettext("%(count)s day", "%(count)s days", minutes // (24 * 60)) % {"count": minutes // (24 * 60)}
    if minutes % 60 == 0:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
