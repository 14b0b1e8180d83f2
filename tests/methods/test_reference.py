"""Reference data and examples are found in the checkout, and what is missing is told."""

from pathlib import Path

import pytest

from sarana.basics.errors import BadFile
from sarana.methods import reference


def test_reference_and_examples_are_found() -> None:
    assert (reference.reference_folder() / "fields.toml").is_file()
    assert (reference.examples_folder() / "chiang-mai" / "sources.toml").is_file()


def test_a_reference_file_is_read() -> None:
    assert reference.read_reference("fields.toml")["sex"]["values"] == {"female": "female", "male": "male"}


def test_a_reference_file_that_is_not_there_is_told() -> None:
    with pytest.raises(BadFile, match="REFERENCE-002"):
        reference.find_reference("indicators/none.toml")


def test_an_installation_that_is_not_whole_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(reference, "PACKAGE", tmp_path)
    monkeypatch.setattr(reference, "CHECKOUT", tmp_path)
    with pytest.raises(BadFile, match="REFERENCE-001"):
        reference.examples_folder()


def test_a_reference_file_changed_by_hand_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "broken.toml").write_text("a = [1,", encoding="utf-8")
    monkeypatch.setattr(reference, "PACKAGE", tmp_path / "none")
    monkeypatch.setattr(reference, "CHECKOUT", tmp_path)
    with pytest.raises(BadFile, match="REFERENCE-003"):
        reference.read_reference("broken.toml")
