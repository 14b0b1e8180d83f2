"""Sentences that forms borrow from Django and that its own Thai catalogue lacks or says in words of machines.

They are named here so that our catalogues hold them: ours are asked first.
"""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

SENTENCES: Final[tuple[Any, ...]] = (
    _("- Select an option -"),
    _("This field is required."),
    _("Enter a valid date."),
    _("Enter a valid value."),
    _("Enter a whole number."),
    _("Null characters are not allowed."),
    _("“%(value)s” is not a valid UUID."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
)
LENGTHS: Final[tuple[Any, ...]] = (
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)
