"""The countries of the region in words."""

from django.utils.translation import gettext_lazy as _

COUNTRIES = {
    "BN": _("Brunei"),
    "ID": _("Indonesia"),
    "KH": _("Cambodia"),
    "LA": _("Lao PDR"),
    "MM": _("Myanmar"),
    "MY": _("Malaysia"),
    "PH": _("Philippines"),
    "SG": _("Singapore"),
    "TH": _("Thailand"),
    "TL": _("Timor-Leste"),
    "VN": _("Viet Nam"),
}
"""The countries of the region as they are called on pages, by the code that agencies have."""
