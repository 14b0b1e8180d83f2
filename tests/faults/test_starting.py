"""N-10, C-01, C-04, C-09: what production refuses to start with, and what a running installation shows of itself."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from makers.cluster import APP, USER
from makers.counted import SCALE, Counted
from makers.installed import Installed, bare, free_port
from makers.serving import child_of, served

REFUSED_START = 4
PRODUCTION = {"SARANA_MODE": "production", "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings"}


def in_production(made: Installed, **more: str) -> Installed:
    """The same installation in production, with more said in its environment."""
    return Installed(made.home, made.keys, made.database_url, more={**PRODUCTION, **more})


def findings(installed: Installed) -> dict[str, bool]:
    """The codes that `sarana check` finds, and whether they are grave."""
    done = installed.sarana("check", "--json", check=False)
    return {each["code"]: each["is_grave"] for each in json.loads(done.stdout)}


def refusal(installed: Installed, *words: str) -> str:
    """What `sarana serve` says where it refuses to start."""
    done = installed.sarana("serve", "--port", str(free_port()), *words, check=False)
    assert done.returncode == REFUSED_START, done.stderr
    assert "WEB-002" in done.stderr
    return done.stderr


def with_open_folder(made: Installed) -> Installed:
    made.home.chmod(0o755)
    return made


def with_open_key(made: Installed) -> Installed:
    (made.keys / "secret.key").chmod(0o644)
    return made


def with_short_key(made: Installed) -> Installed:
    (made.keys / "secret.key").write_text("secret")
    return made


def with_key_by_hand(made: Installed) -> Installed:
    (made.keys / "secret.key").write_text("change-me" * 10)
    return made


def without_signing_key(made: Installed) -> Installed:
    (made.keys / "secret.key").unlink()
    return made


def without_writers_key(made: Installed) -> Installed:
    (made.keys / "ledger-writer.key").unlink()
    return made


def without_tables(made: Installed) -> Installed:
    for part in made.home.glob("sarana.sqlite3*"):
        part.unlink()
    return made


def with_keys_inside(made: Installed) -> Installed:
    inside = made.home / "keys"
    shutil.copytree(made.keys, inside)
    return Installed(made.home, inside, more=made.more)


def with_debugging(made: Installed) -> Installed:
    return in_production(made, SARANA_DEBUG="1")


def elsewhere_without_proxy(made: Installed) -> Installed:
    return in_production(made, SARANA_HOSTS="sarana.example.org")


def with_demonstration_accounts(made: Installed) -> Installed:
    Installed(made.home, made.keys, more={"SARANA_MODE": "demo"}).sarana("demo")
    return made


def with_database_away(made: Installed) -> Installed:
    return Installed(made.home, made.keys, f"postgres://{APP}@127.0.0.1:{free_port()}/nothing", more=made.more)


WAYS: dict[Callable[[Installed], Installed], str] = {
    with_keys_inside: "WEB-001",
    with_open_folder: "WEB-003",
    with_open_key: "WEB-003",
    with_short_key: "WEB-004",
    with_key_by_hand: "WEB-004",
    without_signing_key: "WEB-004",
    without_writers_key: "WEB-004",
    without_tables: "WEB-006",
    with_debugging: "WEB-007",
    elsewhere_without_proxy: "WEB-010",
    with_database_away: "WEB-011",
    with_demonstration_accounts: "WEB-012",
}


@pytest.mark.check("N-10")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_n_10_production_refuses_to_start_with_what_is_unsafe(
    on_sqlite: Installed, way: Callable[[Installed], Installed]
) -> None:
    unsafe = way(in_production(on_sqlite))
    assert WAYS[way] in refusal(unsafe)


@pytest.mark.check("N-10")
def test_n_10_production_refuses_to_be_heard_elsewhere_without_https(on_sqlite: Installed) -> None:
    assert "WEB-009" in refusal(in_production(on_sqlite), "--host", "0.0.0.0")  # noqa: S104


@pytest.mark.check("N-10")
def test_n_10_a_star_for_a_host_is_no_setting(on_sqlite: Installed) -> None:
    done = in_production(on_sqlite, SARANA_HOSTS="*").sarana("serve", check=False)
    assert done.returncode != 0
    assert "SETTING-001" in done.stderr


@pytest.mark.check("N-10")
def test_n_10_production_refuses_a_role_that_passes_by_row_security(on_postgresql: Installed) -> None:
    url = on_postgresql.database_url.replace(f"//{APP}@", f"//{USER}@")
    unsafe = in_production(Installed(on_postgresql.home, on_postgresql.keys, url))
    assert "WEB-013" in refusal(unsafe)


@pytest.mark.check("N-10")
def test_n_10_check_says_what_is_grave_and_ends_so(on_sqlite: Installed) -> None:
    found = {"WEB-003": True, "WEB-005": False, "WEB-015": False, "WEB-016": False}
    assert findings(with_open_folder(in_production(on_sqlite))) == found
    assert on_sqlite.sarana("check", check=False).returncode == 1
    on_sqlite.home.chmod(0o700)
    assert on_sqlite.sarana("check", check=False).returncode == 0


def test_a_demonstration_says_that_it_is_one(on_sqlite: Installed) -> None:
    assert findings(Installed(on_sqlite.home, on_sqlite.keys, more={"SARANA_MODE": "demo"}))["WEB-008"] is False


@pytest.mark.check("C-01")
def test_c_01_django_has_no_warning_about_the_settings_of_production(on_sqlite: Installed) -> None:
    behind_a_proxy = in_production(on_sqlite, SARANA_HOSTS="sarana.example.org", SARANA_PROXY="1")
    assert [code for code, grave in findings(behind_a_proxy).items() if grave] == []
    asked = "from sarana.config.web import start; print(start.deploy_messages())"
    assert behind_a_proxy.python("-c", asked).stdout == "[]\n"


@pytest.mark.check("C-09")
def test_c_09_folders_and_files_are_for_their_owner_only(tmp_path: Path) -> None:
    made = bare(tmp_path)
    made.home.rmdir()
    made.sarana("setup")
    with served(made) as (browser, _):
        browser.post("/sign-in/", {"login": "nobody", "password": "seven quiet rivers run"})
        found = [*made.home.rglob("*"), *made.keys.rglob("*"), made.home, made.keys]
        reached = [str(path) for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077]
        assert len(found) > 10
        assert reached == []


@pytest.mark.check("C-09")
def test_c_09_it_listens_on_loopback_only_and_tells_no_version(on_sqlite: Installed) -> None:
    with served(on_sqlite) as (browser, process):
        assert listening(process.pid) == {"0100007F"}
        for path in ("/health/", "/sign-in/", "/nothing/", "/static/pages/sarana.css"):
            headers = browser.get(path).headers
            told = " ".join([headers.get("server", ""), headers.get("x-powered-by", ""), headers.get("via", "")])
            assert not any(letter.isdigit() for letter in told), told


def listening(group: int) -> set[str]:
    """The addresses, as the system writes them, on which any process of a group listens."""
    inodes = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                inodes |= {str(link.readlink()) for link in (folder / "fd").iterdir() if link.is_symlink()}
        except OSError:
            continue
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes}


NO_NETWORK = """
import fcntl, json, socket, struct, sys
s = socket.socket(); fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"lo", 1, b"")); s.close()
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError:
    pass
else:
    sys.exit("there is a network here")
from makers.installed import Installed
from makers.serving import child_of, served
here = Installed.here()
here.sarana("setup")
with served(here) as (browser, _):
    pages = {path: browser.get(path).status for path in ("/health/", "/sign-in/", "/", "/nothing/")}
    pages["try"] = browser.post("/sign-in/", {"login": "nobody", "password": "seven quiet rivers run"}).status
    print(json.dumps(pages))
"""


@pytest.mark.check("C-04")
def test_c_04_setup_start_and_pages_work_where_there_is_no_network(tmp_path: Path, counted: Counted) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("no `unshare` is here to take the network away with")
    made = bare(tmp_path)
    tried = subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("this machine lets nobody take the network away")
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", NO_NETWORK],
        env=made.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {"/health/": 200, "/sign-in/": 200, "/": 302, "/nothing/": 404, "try": 200}
    counted("pages", len(told), exact=True)


def test_a_request_to_end_ends_it_with_all_that_it_started(on_sqlite: Installed) -> None:
    with served(on_sqlite) as (_, process):
        process.terminate()
        # It may take twenty seconds to give work back and to seal what waits, and as long to let those go who ask.
        assert process.wait(timeout=60) in (0, -15, 143)
        assert listening(process.pid) == set()


@pytest.mark.skipif(SCALE < 1, reason="a process that hangs is waited for 40 seconds: only at full scale")
def test_a_request_to_end_ends_it_though_one_of_its_processes_hangs(on_sqlite: Installed) -> None:
    with served(on_sqlite) as (_, process):
        os.kill(child_of(process.pid), signal.SIGSTOP)
        process.terminate()
        assert process.wait(timeout=60) in (0, -15, 143)
        assert listening(process.pid) == set()
