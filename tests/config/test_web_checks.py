"""What `sarana check` says of settings that Django itself warns of."""

import dataclasses

import pytest

from sarana.config.settings import read_settings
from sarana.config.web import checks

pytestmark = pytest.mark.django_db


def test_what_django_warns_of_where_others_reach_the_web_is_said() -> None:
    """The tests' own settings are for one machine: reached from elsewhere, Django finds fault with them."""
    here = read_settings({})
    elsewhere = dataclasses.replace(here, mode="production", https=True)
    found = list(checks._django(elsewhere))
    assert {finding.code for finding in found} == {"WEB-014"}
    assert any("SECURE_SSL_REDIRECT" in finding.what for finding in found)
    assert list(checks._django(here)) == []
