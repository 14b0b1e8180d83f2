"""Letters: sealed with a public half, opened in memory, refused when changed, cut, or about something else."""

from pathlib import Path

import pytest

from methods.sealing.making import some_keys
from sarana.basics.errors import BadFile, Refused
from sarana.methods.questions.validate_known import closed_bytes
from sarana.methods.sealing import letters

ABOUT = "known cases"


def test_a_letter_opens_for_its_organisation_only() -> None:
    ours, others = some_keys(), some_keys()
    letter = letters.seal_letter(b"words", ours.file, about=ABOUT, where="a.csv")
    assert letters.is_letter(letter)
    assert b"words" not in letter
    assert letters.open_letter(letter, ours, about=ABOUT, where="a.sealed") == b"words"
    with pytest.raises(BadFile, match="VAULT-040"):
        letters.open_letter(letter, others, about=ABOUT, where="a.sealed")
    with pytest.raises(BadFile, match="VAULT-040"):
        letters.open_letter(letter, ours, about="something else", where="a.sealed")


def test_no_change_and_no_cut_of_a_letter_opens() -> None:
    keys = some_keys()
    letter = letters.seal_letter(b"source,row_id,known_on", keys.file, about=ABOUT, where="a.csv")
    for at in range(len(letters.MAGIC), len(letter)):
        for changed in (letter[:at] + bytes([letter[at] ^ 1]) + letter[at + 1 :], letter[:at]):
            with pytest.raises((BadFile, Refused), match=r"VAULT-0(01|40)"):
                letters.open_letter(changed, keys, about=ABOUT, where="a.sealed")


def test_another_name_in_clear_does_not_open() -> None:
    keys = some_keys()
    letter = letters.seal_letter(b"words", keys.file, about=ABOUT, where="a.csv")
    renamed = letter.replace(b"Invented House", b"Invented Horse")
    assert renamed != letter
    with pytest.raises(Refused, match="VAULT-001"):
        letters.open_letter(renamed, keys, about=ABOUT, where="a.sealed")


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "MOST_BYTES", 10)
    with pytest.raises(BadFile, match="VAULT-041"):
        letters.seal_letter(b"eleven byte", some_keys().file, about=ABOUT, where="a.csv")


def test_a_sealed_file_may_be_read_by_others(tmp_path: Path) -> None:
    file = tmp_path / "known.sealed"
    file.write_bytes(letters.seal_letter(b"words", some_keys().file, about=ABOUT, where="a.csv"))
    file.chmod(0o644)
    assert letters.is_letter(closed_bytes(file, is_invented=False))
