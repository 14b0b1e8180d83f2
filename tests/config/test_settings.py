import re
from pathlib import Path

import pytest

from sarana.basics.errors import BadSetting
from sarana.config.settings import SETTINGS, read_settings
from sarana.methods.engine import memory_bytes


def test_an_empty_environment_gives_usual_values() -> None:
    found = read_settings({"SARANA_THREADS": " "})
    assert found.threads >= 1
    assert memory_bytes(found.memory) > 0
    assert found.debug is False


def test_what_is_set_is_read() -> None:
    found = read_settings({"SARANA_THREADS": "3", "SARANA_MEMORY": "2GB", "SARANA_DEBUG": "1", "SARANA_STATE": "/x/y"})
    assert (found.threads, found.memory, found.debug, found.state) == (3, "2GB", True, Path("/x/y"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SARANA_THREADS", "0"),
        ("SARANA_THREADS", "two"),
        ("SARANA_MEMORY", "much"),
        ("SARANA_MEMORY", "3"),
        ("SARANA_DEBUG", "maybe"),
        ("SARANA_KEYSERVER", "http://keys.test"),
        ("SARANA_KEYSERVER", "https://user:word@keys.test"),
        ("SARANA_KEYSERVER", "https://keys.test/v1"),
        ("SARANA_KEYSERVER", "https://keys.test:99999"),
        ("SARANA_KEYSERVER_KEY", "sarana"),
        ("SARANA_KEYSERVER_KEY", "transit/../sys/seal"),
    ],
)
def test_a_bad_value_names_itself(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=rf"SETTING-001 '{re.escape(value)}' is no value for {name}\."):
        read_settings({name: value})


def test_every_setting_says_what_it_does_and_what_is_usual() -> None:
    for setting in SETTINGS:
        assert setting.says.endswith("."), setting.name
        assert setting.usual, setting.name
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_the_state_folder_follows_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert read_settings({}).state == tmp_path / "sarana"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings({}).state == tmp_path / ".local" / "state" / "sarana"
