"""What all tests share: where the house stands, and the papers beside it when they are there."""

import gc
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.template.base import Template
from django.test import TransactionTestCase
from django.test.utils import _TestState
from django.urls import get_resolver
from django.utils import translation

from makers.counted import Kept, counted, note_checks
from makers.databases_asked import mark_those_that_ask
from makers.ledger import lifted
from makers.migrated import Migrated
from makers.second_wall import as_a_mere_role
from makers.turns import Turns, in_turn
from sarana.ground.vault import postgres

__all__ = ["counted"]

hypothesis.settings.register_profile("house", deadline=None)  # times are measured by benches, never by tests
hypothesis.settings.load_profile("house")

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


@pytest.fixture
def listening_to_ctrl_c() -> Iterator[None]:
    """SIGINT as on a terminal: where tests are started in the background it is ignored, by what they start too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def pytest_configure(config: pytest.Config) -> None:
    """Keep what comes of the checks of the security paper; hand the tests out so that what takes long begins first."""
    config.pluginmanager.register(Kept(), "kept-checks")
    config.pluginmanager.register(Turns(), "turns")


@pytest.fixture(scope="session")
def migrated(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[Migrated]:
    """The database after all migrations, that one worker makes for all."""
    made = Migrated(tmp_path_factory)
    with django_db_blocker.unblock():
        made.begin()
    yield made
    with django_db_blocker.unblock():
        made.let_go()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(migrated: Migrated) -> None:
    """Before the tests' database is made: where another worker migrated one already, it is copied."""


@pytest.fixture(scope="session")
def django_db_setup(migrated: Migrated, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests' database; on PostgreSQL they work in it as a role that cannot pass by the second wall."""
    # A test reads its tables until it ends, so that no vacuum gives the end of one back: none waits for it in vain.
    postgres.VACUUM = "VACUUM (TRUNCATE FALSE) {}"
    with django_db_blocker.unblock():
        migrated.keep()
        # All pages are loaded now: loaded by a test, each engine of its file would look through them when it closes.
        get_resolver().url_patterns  # noqa: B018
        set_aside_what_stays()
        with as_a_mere_role(), django_db_blocker.block():
            yield


@pytest.hookimpl(hookwrapper=True)
def pytest_collection() -> Iterator[None]:
    """Until all tests are found nobody looks through memory for what can be let go: what is made there stays."""
    gc.disable()
    yield
    gc.enable()


def pytest_collection_finish() -> None:
    """What stands now stands to the end: nobody looks through it again for what can be let go."""
    set_aside_what_stays()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After each file, what its tests left behind is set aside too.

    Every engine that closes looks through all that is not set aside: late in a long run that took a second each time,
    and a run of three steps thirty times as long as by itself.
    """
    yield
    if nextitem is None or nextitem.path != item.path:
        set_aside_what_stays()


def set_aside_what_stays() -> None:
    """Let go of what nobody holds, and look no more through the rest."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark those that ask for a database; skip those marked `shared`, saying why, where ../shared is absent."""
    note_checks(items)
    mark_those_that_ask(items)
    in_turn(items, ROOT)
    if SHARED.is_dir():
        return
    reason = pytest.mark.skip(reason="the folder ../shared is not beside this checkout")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(reason)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine, so that no test passes by reaching out."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        outside = self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        )
        assert not outside, f"a test reached for {address[0]}"
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture
def pages_without_copies() -> Iterator[None]:
    """For walks over all pages: Django would copy all that each part of a page was made from (`answer.context`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _TestState.saved_data.template_render)
        yield


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Every test begins in the language of the house: a page that was asked for in Thai leaves its language behind."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def ledger_let_go_between_tests() -> Iterator[None]:
    """Tests that commit are followed by a flush, which the ledger's triggers would refuse: lift them for its length."""
    flush = TransactionTestCase._fixture_teardown

    def flush_lifted(self: TransactionTestCase) -> None:
        with lifted():
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_lifted)
        yield
