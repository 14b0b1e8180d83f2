"""The one address under which people open this system: links and keys are bound to it, whatever a request says."""

from urllib.parse import urlsplit

from allauth.core import context
from django.conf import settings
from django.urls import reverse

USUAL = "http://localhost:8000"


def origin() -> str:
    """Scheme, name and port, as in "https://sarana.example.org".

    Fixed by SARANA_ADDRESS, or by the first of SARANA_HOSTS in production. Only while developing, with neither set,
    is it the address that the browser used.
    """
    if settings.SARANA_ADDRESS:
        return str(settings.SARANA_ADDRESS)
    request = context.request
    return f"{request.scheme}://{request.get_host()}" if request else USUAL


def host() -> str:
    """The name alone, to which keys are bound."""
    return urlsplit(origin()).hostname or ""


def invitation_link(word: str) -> str:
    """The whole link of an invitation."""
    return f"{origin()}{reverse('accounts:invitation', args=[word])}"
