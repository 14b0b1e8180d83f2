"""Days that people type: a year that can only be one of the Buddhist era is read as one."""

import re
from typing import Any

from django import forms

AHEAD_YEARS = 543
BUDDHIST_YEAR = re.compile(r"(?<!\d)2[4-9]\d\d(?!\d)")
"""No page of ours asks for a day after the common year 2399; the Buddhist year 2400 is the common year 1857."""


class DayField(forms.DateField):
    """A day. Where browsers ask for common years only, people of Thailand still type 2569, and mean 2026."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> Any:
        """The day in the common era; the year is changed before it is read, so that 29 February 2567 is a day."""
        if isinstance(value, str):
            value = BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - AHEAD_YEARS), value, count=1)
        return super().to_python(value)
