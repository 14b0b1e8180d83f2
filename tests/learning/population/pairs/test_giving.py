"""What was judged in the browser reaches a run at the machine: sealed, written down, and it holds."""

import shutil
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from learning.population.pairs.test_queue import first, for_linkage, take_back
from makers.vaults import Place
from methods.population.little_province import SOURCES
from sarana.config.commands import entry
from sarana.ground.accounts.models import Account
from sarana.ground.ledger.models import Entry
from sarana.learning.population.models import Run
from sarana.learning.population.pairs import actions
from sarana.learning.population.pairs.models import Verdict
from sarana.methods.sealing.handed import is_handed

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the keys of this place."""
    for name, where in (("HOME", place.home), ("KEYS", place.keys), ("KEYFILE", place.key_file)):
        monkeypatch.setenv(f"SARANA_{name}", str(where))


@pytest.mark.usefixtures("machine")
def test_judgements_go_sealed_to_a_run_at_the_machine_and_hold_there(
    run: Run, ann: Account, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["population", "judgements", "TH50", "--out", str(tmp_path / "judged.sealed")]
    assert entry.run(asked) != 0
    assert "POPULATION-023" in capsys.readouterr().err
    assert not (tmp_path / "judged.sealed").exists()
    actor, said = for_linkage(ann), {}
    for verdict in (Verdict.SAME, Verdict.NOT_SAME, Verdict.CANNOT_SAY):
        pair = first(actor, run, needs=1)
        content = actions.open_pair(actor, pair.ref).content
        assert content is not None
        actions.judge(actor, pair.ref, verdict)
        said[content.left, content.right] = verdict
    taken_back = said.popitem()[0]
    take_back(actor)

    assert entry.run(asked) == 0
    told = capsys.readouterr().out
    assert "2 judgements" in " ".join(told.split())
    [line] = Entry.objects.filter(action="population.judgements-given")
    assert (line.n_things, line.thing_ref, line.owner_agency_ref) == (2, run.ref, run.agency.ref)
    file = tmp_path / "judged.sealed"
    assert is_handed(file)
    assert file.stat().st_mode & 0o777 == 0o600
    rows = {row for pair in (*said, taken_back) for row in pair}
    assert not [row for row in rows if row.encode() in file.read_bytes() or row in told]

    again = [
        "population",
        "run",
        str(SOURCES),
        "--data",
        str(folder.parent / "province"),
        "--out",
        str(tmp_path / "run"),
    ]
    assert entry.run([*again, "--unsealed", "--judged", str(file)]) == 0, capsys.readouterr().err
    card = tomllib.loads((tmp_path / "run" / "run.toml").read_text("utf-8"))
    assert card["judged"] == {"same": 1, "not_same": 1, "cannot_say": 0, "rows_gone": 0, "contradicted": 0}
    people = {
        f"{row['source']}:{row['row_id']}": row["person_id"]
        for row in pq.read_table(tmp_path / "run" / "people.parquet").to_pylist()
    }
    assert all((people[a] == people[b]) == (verdict == Verdict.SAME) for (a, b), verdict in said.items())
    # Its rows would bear the same names in another province: there it stops before anything is read.
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder.parent / "province", elsewhere)
    text = SOURCES.read_text("utf-8")
    assert 'province = "50"' in text
    (elsewhere / "sources.toml").write_text(text.replace('province = "50"', 'province = "57"'), "utf-8")
    other = [
        "population",
        "run",
        str(elsewhere / "sources.toml"),
        "--data",
        str(elsewhere),
        "--out",
        str(tmp_path / "o"),
    ]
    assert entry.run([*other, "--unsealed", "--judged", str(file)]) != 0
    assert "LINK-003" in capsys.readouterr().err
    assert not (tmp_path / "o" / "people.parquet").exists()
    # Changed by one byte, it opens for nobody.
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    again[-1] = str(tmp_path / "other")
    assert entry.run([*again, "--unsealed", "--judged", str(file)]) != 0
    assert "VAULT-001" in capsys.readouterr().err
