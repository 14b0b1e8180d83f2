"""Keys and heads as words and as a picture, for people who compare them."""

import base64
from pathlib import Path

import pytest
from django.test import Client

from makers.agencies import NOW, a_person, an_agency
from makers.browsers import sign_in
from sarana.ground.ledger import anchors, spoken
from sarana.ground.ledger.keys import SealKey
from sarana.ground.ledger.sealing import seal_all


def test_the_same_key_has_the_same_eight_words_and_another_has_others() -> None:
    keys = [SealKey(1, bytes([n]) * 32) for n in range(40)]
    found = [spoken.words_of_key(key) for key in keys]
    assert found == [spoken.words_of_key(key) for key in keys]
    assert len(set(found)) == len(keys)
    assert {len(words.split()) for words in found} == {spoken.N_WORDS}
    assert spoken.words_of_head("{}\n") == spoken.words_of_head("{}") != spoken.words_of_head("{ }")


def test_a_picture_is_drawn_for_each_line() -> None:
    one, other = (base64.b64decode(spoken.picture_of(line)) for line in ("one", "other"))
    assert b"<svg" in one
    assert one != other


@pytest.mark.django_db
def test_the_officer_sees_the_head_and_nobody_else_does(key_folder: Path) -> None:
    assert key_folder.is_dir()
    agency = an_agency()
    officer = sign_in(Client(), a_person(agency, "data-protection-officer"))
    worker = sign_in(Client(), a_person(agency, name="Bob"))
    seal_all(NOW)
    found = anchors.head()
    assert found
    words = spoken.words_of_head(anchors.line_of(found))
    assert words in officer.get("/looked/kept/").content.decode()
    assert words not in worker.get("/looked/kept/").content.decode()
