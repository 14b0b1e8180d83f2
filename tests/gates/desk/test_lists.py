"""The pages of words and areas, in English and Thai, for those who read and those who bring."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makers.agencies import a_person, an_agency, local
from makers.lists import few, pcodes
from makers.sittings import come_in
from sarana.ground.codelists import jobs, loading, sources
from sarana.ground.codelists.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(sources, "rows_of_areas", few)
    loading.load_all_words(local())
    jobs.load_at_once(local(), ["LA", "KH"])
    return come_in(a_person(an_agency(), "data-custodian", name="Kim"))


def test_a_custodian_reads_brings_sees_what_changes_and_puts_in_force(client: Client) -> None:
    page = client.get("/settings/lists/").content.decode()
    assert "Districts and villages are in no package" in page
    assert "district: 210" in page
    made = client.post("/jobs/ask/", {"kind": "codelists.load-areas"})["Location"]
    assert "Thailand, Cambodia, Lao PDR, Viet Nam, Myanmar, Indonesia, Philippines" in client.get(made).content.decode()
    sent = {"country": "LA", "table": SimpleUploadedFile("lao.csv", pcodes())}
    answer = client.post("/settings/lists/bring/", sent)
    made = Edition.objects.get(state="ready")
    assert answer["Location"] == f"/settings/lists/editions/{made.ref}/"
    page = client.get(answer["Location"]).content.decode()
    assert "District 1-1" in page
    client.post(f"{answer['Location']}in-force/")
    made.refresh_from_db()
    assert (made.state, made.n_new) == ("in-force", 36)
    assert "LA0101" in client.get("/settings/lists/areas/?country=LA&q=district").content.decode()


def test_a_bad_table_is_one_sentence_and_changes_nothing(client: Client) -> None:
    bad = SimpleUploadedFile("lao.csv", b"Location,Admin Level\nLAO,1\n")
    answer = client.post("/settings/lists/bring/", {"country": "LA", "table": bad})
    assert answer.status_code == 422
    assert "columns P-Code, Name, Parent P-Code, Valid from date are missing" in answer.content.decode()
    assert not Edition.objects.filter(state__in=("loading", "ready")).exists()


def test_areas_are_searched_by_level_by_day_and_in_pages(client: Client) -> None:
    page = client.get("/settings/lists/areas/?country=KH&level=2").content.decode()
    assert page.count('data-label="Level"') == 50
    assert "after=KH" in page
    assert "KH0304" not in client.get("/settings/lists/areas/?country=KH&q=Dambae").content.decode()
    assert "KH0304" in client.get("/settings/lists/areas/?country=KH&q=Dambae&on=2010-01-01").content.decode()
    assert client.get("/settings/lists/areas/?country=XX&on=never").status_code == 200
    page = client.get("/settings/lists/areas/KH0304/").content.decode()
    assert "KH2501" in page
    assert client.get("/settings/lists/areas/KH99/").status_code == 404


def test_a_word_is_translated_row_by_row_and_shown_in_thai(client: Client) -> None:
    address = "/settings/lists/words/no-answer/"
    client.post(f"{address}translate/", {"code": "unknown", "language": "lo", "text": "ບໍ່ຮູ້"})
    assert "ບໍ່ຮູ້" in client.get(f"{address}?language=lo").content.decode()
    assert "3 words have no label" in client.get(f"{address}?language=lo").content.decode()
    strange = client.post(f"{address}translate/", {"code": "magic", "language": "lo", "text": "x"}, follow=True)
    assert "This is no word of the list" in strange.content.decode()
    client.post("/shell/language/", {"language": "th", "next": address})
    assert "ไม่ทราบ" in client.get(address).content.decode()


def test_who_may_not_bring_sees_no_form_and_is_refused() -> None:
    client = come_in(a_person(an_agency(), "case-worker"))
    assert "/settings/lists/bring/" not in client.get("/settings/lists/").content.decode()
    assert client.get("/settings/lists/bring/").status_code == 403
    assert client.post("/settings/lists/words/no-answer/translate/", {"code": "x"}).status_code == 403
