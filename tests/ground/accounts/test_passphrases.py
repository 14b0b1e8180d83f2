"""Passphrases of any script: which will do, one form, words by lot; and that unknown names cost as much (A-10)."""

import time
import unicodedata
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from scipy.stats import mannwhitneyu

from makers.agencies import a_person, an_agency
from makers.browsers import types_passphrase
from makers.counted import Counted
from sarana.ground.accounts import passphrases
from sarana.ground.accounts.actions import trials
from sarana.ground.accounts.models import Account

GOOD = (
    "seven quiet rivers run",
    "ฝนตกเบาเบาที่หน้าบ้านยาย",
    "ភ្លៀងធ្លាក់លើដំបូលផ្ទះចាស់",
    "ຝົນຕົກເທິງຫຼັງຄາເຮືອນເກົ່າ",
    "မိုးဖြိုင်ဖြိုင်ရွာသောညနေခင်းတွင်",
)
BAD = (
    ("short words", "too short"),
    ("ฝนตกที่บ้านยาย", "too short"),
    ("aaaaaaaaaaaaaaaaaaaa", "repeats itself"),
    ("abcdefgabcdefgabcdefg", "repeats itself"),
    ("123456789012345678", "repeats itself"),
    ("password password1", "many people use"),
    ("welcome sunshine 2024", "many people use"),
    ("x" * 300, "too long"),
)


@pytest.mark.parametrize("phrase", GOOD)
def test_words_of_every_script_will_do(phrase: str) -> None:
    passphrases.Passphrase().validate(phrase)


@pytest.mark.parametrize(("phrase", "says"), BAD)
def test_what_will_not_do_is_said_with_its_reason(phrase: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        passphrases.Passphrase().validate(phrase)


@pytest.mark.django_db
def test_the_same_words_typed_in_another_way_are_the_same() -> None:
    account = a_person(an_agency())
    typed = "ภูเขาสูงใหญ่ cafe\u0301 ﬁelds"
    account.set_password(typed)
    for other in (unicodedata.normalize("NFC", typed), f"  {typed} ", typed.replace(" ", "\u200b  ")):
        assert account.check_password(other)
    assert not account.check_password(typed.replace("ู", "ุ"))


@pytest.mark.parametrize("language", ["en", "th", "km"])
def test_words_by_lot_are_hard_to_guess_and_will_do(language: str) -> None:
    drawn = {passphrases.suggest(language) for _ in range(50)}
    assert len(drawn) == 50
    for phrase in drawn:
        passphrases.Passphrase().validate(phrase)


def test_the_lists_of_words_are_long_enough_for_what_is_said_of_them() -> None:
    for language in ("en", "th"):
        words = passphrases._words(language)
        n_drawn = len(passphrases.suggest(language).split())
        assert len(words) ** n_drawn >= 2**passphrases.WANTED_BITS


@pytest.mark.check("A-10")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hasher", "n_each"), [("sarana.ground.accounts.passphrases.Hasher", 10), ("quick_hash.LighterHasher", 2000)]
)
def test_a_10_a_known_and_an_unknown_name_get_the_same_answer_in_the_same_time(
    monkeypatch: pytest.MonkeyPatch, counted: Counted, settings: Any, hasher: str, n_each: int
) -> None:
    """By the clock on the wall: few with the real hash, and the stated count with one that hides less."""
    settings.PASSWORD_HASHERS = [hasher]
    monkeypatch.setattr(trials, "MEASURE", 10**9)
    monkeypatch.setattr(trials, "FLOOD", 10**9)
    account = a_person(an_agency())

    taken: dict[bool, list[float]] = {True: [], False: []}
    client = Client()
    for n in range(counted(f"sign-ins each with {hasher.rpartition('.')[2]}", n_each, least=10)):
        for known in (True, False) if n % 2 else (False, True):
            # Each is tried as often as the other, so that as many tries are remembered of both.
            name = account.sign_in_name if known else "nobody-here"
            began = time.perf_counter()
            types_passphrase(client, name, "not the right words at all")
            taken[known].append(time.perf_counter() - began)
    unlike = mannwhitneyu(taken[True], taken[False]).pvalue
    middle = [sorted(times)[len(times) // 2] for times in taken.values()]
    assert unlike > 0.01 or abs(middle[0] - middle[1]) < 0.002, (unlike, middle)
    assert Account.objects.count() == 1


@pytest.mark.parametrize(("n_processes", "n_turns"), [(1, 2), (2, 1), (4, 1)])
def test_each_process_that_serves_reckons_its_part_of_the_hashes_and_one_at_least(
    monkeypatch: pytest.MonkeyPatch, n_processes: int, n_turns: int
) -> None:
    monkeypatch.setattr(passphrases.TURNS, "free", passphrases.TURNS.free)
    passphrases.share_among(n_processes)
    turns = [passphrases.TURNS.free.acquire(blocking=False) for _each in range(3)]
    assert turns == [True] * n_turns + [False] * (3 - n_turns)
