"""Today and Settings answer those who signed in, and nobody else."""

import pytest
from django.test import Client

from makers.agencies import a_person, an_agency
from makers.browsers import sign_in

pytestmark = pytest.mark.django_db


def test_a_stranger_is_led_to_the_sign_in(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")


def test_today_greets_a_person_who_signed_in(client: Client) -> None:
    sign_in(client, a_person(an_agency()))
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
