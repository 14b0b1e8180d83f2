"""What all tests share: where the house stands, and the papers beside it when they are there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def house() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of papers beside the checkout; a test that asks for it skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is not beside this checkout")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests marked `shared`, saying why, where ../shared is absent."""
    if SHARED.is_dir():
        return
    reason = pytest.mark.skip(reason="the folder ../shared is not beside this checkout")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(reason)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every proxy at nothing, so that a test that reaches out fails at once wherever it runs."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        if name in os.environ:
            monkeypatch.setenv(name, "http://127.0.0.1:9")
