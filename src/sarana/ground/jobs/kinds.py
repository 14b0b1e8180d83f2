"""The kinds of long work that the rooms of this house have."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from sarana.basics.errors import NotYet
from sarana.basics.work import Kind


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order of the settings."""
    return {kind.code: kind for name in settings.SARANA_KINDS for kind in import_string(name)}


def kind_of(code: str) -> Kind:
    """One kind.

    Raises:
        NotYet: JOBS-002 this version has none of that name.
    """
    found = kinds().get(code)
    if found is None:
        raise NotYet(
            "JOBS-002", "This version of Sarana has no such work.", cure="Choose one of those on the page of work."
        )
    return found
