"""Opens the demonstration that `./dev demo` left: the map is drawn, last year stands beside it, pairs wait."""

import os
import re
import sys
from pathlib import Path

import django

os.environ |= {"SARANA_MODE": "demo", "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings"}
OFFICER, REVIEWER = "Provincial data officer", "Linkage reviewer"


def entered(role: str) -> object:
    """Somebody of a role, who came in by the page of the demonstration."""
    from django.test import Client  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    rows = [row for row in client.get("/demonstration/").content.decode().split("<tr>") if role in row]
    enter = re.search(r'action="([^"]+)"', rows[0])
    assert enter is not None, role
    assert client.post(enter[1]).status_code == 302, role
    return client


def main(folder: Path) -> None:
    """See the three things that the demonstration promises; any that lacks is an error."""
    os.environ |= {"SARANA_HOME": str(folder / "web"), "SARANA_KEYS": str(folder / "keys")}
    django.setup()
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    setup_test_environment()
    officer = entered(OFFICER)
    listed = officer.get("/population/").context
    maps = sorted({str(row.ref): row for row in listed["page"].rows}.values(), key=lambda run: run.as_of)
    assert [run.as_of.year for run in maps] == [2025, 2026], maps
    newest = f"/population/{maps[-1].ref}/"
    page = officer.get(f"{newest}?level=subdistrict&within=all").content.decode()
    areas = page.partition('<g class="patches">')[2].partition("</g>")[0].count("<path")
    assert areas > 1, "no map is drawn"
    changes = officer.get(f"{newest}changes/").context
    assert changes["before"] == maps[0], "no last year"
    assert changes["is_comparable"], "last year was measured otherwise"
    assert changes["programmes"], "no activity between the two"
    queues = entered(REVIEWER).get("/population/pairs/").context["queues"]
    assert queues, "no queue"
    n_left = queues[0]["n_left"]
    assert n_left > 0, "nothing waits to be judged"
    print(f"The demonstration: {areas} areas drawn, last year beside them, {n_left} pairs wait.")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
