"""`sarana keys …`: make the keys of the organisation, say who opens them, change them, and try to recover them."""

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from sarana.basics.errors import BadFile, BadSetting, NotYet
from sarana.config import oskeyring, vault
from sarana.config.commands.asking import tell, tell_table
from sarana.config.settings import Settings, read_settings
from sarana.methods.questions.validate_known import KNOWN_CASES
from sarana.methods.runs.erase import erase_swept
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.letters import read_sealable, seal_letter
from sarana.methods.sealing.locks import (
    KEY_FILE,
    KEYRING,
    PASSPHRASE,
    SHARES,
    Lock,
    check_passphrase,
    make_key_file,
    make_lock,
)
from sarana.methods.sealing.organisation import (
    EPOCH_DAYS,
    KeysetFile,
    make_keys,
    new_organisation,
    new_secret,
    with_lock,
    with_lock_instead,
    without_lock,
)
from sarana.methods.sealing.shares import N_SHARES, make_shares, new_passphrase
from sarana.methods.sealing.sheets import share_of_sheet, sheet
from sarana.methods.sealing.store import KeyStore, check_apart, finish_rotation, rotate_store, sweep
from sarana.methods.sealing.unlocking import Given, unlock

RECOVERY = "recovery"
"""The name of the lock that two of three shares open."""

DRILL_DAYS = 180

_DRILL = Label("drill", "recovery", "drill")

app = typer.Typer(
    help="The organisation's keys: who opens them, and whether they can be recovered.", no_args_is_help=True
)

WithPassphrase = Annotated[bool, typer.Option("--passphrase", help="The lock needs a passphrase, asked for now.")]
WithKeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="The lock needs a key file, written now to this place.")
]
WithKeyring = Annotated[bool, typer.Option("--keyring", help="The lock needs the key ring of this user's desktop.")]
ByShares = Annotated[
    list[Path] | None, typer.Option("--share", help="Open by a recovery share in a file; say it twice.")
]


@app.callback()
def group() -> None:
    """The organisation's keys: who opens them, and whether they can be recovered."""


@app.command("make")
def make_command(
    name: Annotated[str, typer.Option(help="What the organisation is called, for the sheets.")] = "this organisation",
    lock: Annotated[str, typer.Option(help="What the first lock is called: whose it is.")] = "first lock",
    *,
    passphrase: WithPassphrase = False,
    key_file: WithKeyFile = None,
    keyring: WithKeyring = False,
) -> None:
    """Make the keys of the organisation, once, under a first lock; without an option it is a key file beside them."""
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    with store.changing():
        if store.find_keyset() is not None:
            raise NotYet(
                "VAULT-018",
                "There are keys already.",
                where=str(store.folder),
                cure="Add a lock (sarana keys add), or change them (sarana keys rotate).",
            )
        organisation = new_organisation()
        if not (passphrase or key_file or keyring):
            key_file = vault.usual_key_file(settings)
        first = _new_lock(settings, lock, organisation, passphrase=passphrase, key_file=key_file, keyring=keyring)
        store.keep_keyset(make_keys(name, [first], organisation=organisation, today=_today()).file)
    tell(f"The keys were made. They open with: {', '.join(first.needs)}.")
    tell("Print recovery shares now (sarana keys shares): who loses all locks and shares loses all that is sealed.")


@app.command("add")
def add_command(
    lock: Annotated[str, typer.Argument(help="What the new lock is called: whose it is.")],
    *,
    passphrase: WithPassphrase = False,
    key_file: WithKeyFile = None,
    keyring: WithKeyring = False,
    share: ByShares = None,
) -> None:
    """Add a lock: one more way to open the keys. Two options together make a lock that needs both."""
    if not (passphrase or key_file or keyring):
        raise BadSetting("VAULT-019", "A lock needs something.", cure="Give --passphrase, --key-file or --keyring.")
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    with store.changing():
        keys = vault.unlocked(settings, shares=shares_of(share))
        new = _new_lock(settings, lock, keys.organisation, passphrase=passphrase, key_file=key_file, keyring=keyring)
        store.keep_keyset(with_lock(keys, new).file)
    tell(f"The lock {lock} was added. It needs: {', '.join(new.needs)}.")


@app.command("remove")
def remove_command(
    lock: Annotated[str, typer.Argument(help="The lock, as sarana keys show names it.")], *, share: ByShares = None
) -> None:
    """Take a lock out, as when somebody leaves: new keys seal from now on, which it does not open."""
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    with store.changing():
        keys = without_lock(vault.unlocked(settings, shares=shares_of(share)), lock, today=_today())
        store.keep_keyset(keys.file)
        finish_rotation(store, keys)
    tell(f"The lock {lock} opens nothing that is sealed from now on. What its holder copied before, it still opens.")


@app.command("rotate")
def rotate_command(*, share: ByShares = None) -> None:
    """Begin a new epoch: new keys seal from now on, run keys are sealed anew, the old key is destroyed."""
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    with store.changing():
        keys = rotate_store(store, vault.unlocked(settings, shares=shares_of(share)), today=_today())
    tell(f"Epoch {keys.file.epochs[-1].number} began. All locks and recovery shares stay good.")


@app.command("shares")
def shares_command(
    out: Annotated[Path, typer.Option(help="The folder for the three sheets; print them, then delete them.")],
) -> None:
    """Make three recovery shares, of which any two open the keys; shares made before open nothing any more."""
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    check_apart(out, [settings.home, settings.keys])
    with store.changing():
        keys = vault.unlocked(settings)
        secret = new_secret()
        made = make_shares(secret)
        written = _write_sheets(out, made, keys.file)
        lock = make_lock(RECOVERY, {SHARES: secret}, keys.organisation)
        fresh = with_lock_instead(keys, lock, today=_today())
        store.keep_keyset(fresh.file)
        finish_rotation(store, fresh)
    for path in written:
        tell(f"Share: {path}")
    tell("Print each, hand them to three people, delete the files, then try two of them: sarana keys drill.")


@app.command("sweep")
def sweep_command() -> None:
    """Destroy the keys of runs whose last day is over, then erase their files where they still lie."""
    store = vault.store_of(read_settings(os.environ))
    with store.changing():
        swept = sweep(store, now=dt.datetime.now(dt.UTC))
    n_erased = sum(erase_swept(Path(key.folder), key.run) for key in swept)
    tell(f"The keys of {len(swept)} runs were destroyed; the files of {n_erased} of them were erased here.")


@app.command("drill")
def drill_command(*, share: ByShares = None) -> None:
    """Try that two recovery shares open the keys; nothing is changed but the day of the last drill."""
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    shares = shares_of(share) if share else _typed_shares()
    keys = unlock(store.get_keyset(), Given(shares=shares), str(store.folder))
    if keys.backup.open(keys.file.backup_keys().seal(b"drill", _DRILL), _DRILL) != b"drill":
        raise BadFile("VAULT-007", "The keys open but do not fit.", cure="Bring the key folder back.")
    store.note_drill(_today())
    tell(f"Passed: two shares open the keys of {keys.file.name}. The next drill is due within {DRILL_DAYS} days.")


@app.command("seal")
def seal_command(
    file: Annotated[Path, typer.Argument(help="The file of known cases; it stays as it is.")],
    out: Annotated[Path, typer.Argument(help="Where the sealed one is written.")],
) -> None:
    """Seal known cases to the organisation, for sarana population validate; needs no secret."""
    store = vault.store_of(read_settings(os.environ))
    if out.exists():
        raise BadSetting("VAULT-043", "There is such a file already.", where=str(out), cure="Name a new one.")
    sealed = seal_letter(read_sealable(file), store.get_keyset(), about=KNOWN_CASES, where=str(file))
    try:
        write_whole(out, sealed)
    except OSError as err:
        raise BadFile(
            "VAULT-006", "The sealed file cannot be written.", where=str(out), cure="Name another folder."
        ) from err
    tell(f"Sealed: {out}. Destroy {file} where nobody needs it open.")


@app.command("show")
def show_command(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")] = False
) -> None:
    """Say which locks there are, how old the keys are, and when recovery was last tried; opens nothing."""
    store = vault.store_of(read_settings(os.environ))
    said = _said(store, store.get_keyset(), _today())
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(said), indent=2).decode())
        return
    tell(f"{said['name']}: epoch {said['epoch']} since {said['began_on']}, {said['n_run_keys']} keys of runs.")
    tell_table(
        "Locks", ("lock", "needs"), [(lock["name"], " and ".join(lock["needs"])) for lock in said["locks"]], n_words=2
    )
    for remark in said["remarks"]:
        tell(remark)


def _said(store: KeyStore, file: KeysetFile, today: dt.date) -> dict[str, Any]:
    now, drilled = file.epochs[-1], store.last_drill()
    remarks = []
    if (today - now.began_on).days >= EPOCH_DAYS:
        remarks.append(f"These keys seal for more than {EPOCH_DAYS} days: sarana keys rotate.")
    if RECOVERY not in {lock.name for lock in file.locks}:
        remarks.append("There are no recovery shares: sarana keys shares.")
    elif drilled is None or (today - drilled).days > DRILL_DAYS:
        remarks.append(f"Recovery was not tried for {DRILL_DAYS} days: sarana keys drill.")
    return {
        "organisation": file.organisation,
        "name": file.name,
        "epoch": now.number,
        "began_on": now.began_on,
        "locks": [{"name": lock.name, "needs": lock.needs} for lock in file.locks],
        "n_run_keys": len(store.run_keys()),
        "last_drill": drilled,
        "remarks": remarks,
    }


def _new_lock(
    settings: Settings, name: str, organisation: str, *, passphrase: bool, key_file: Path | None, keyring: bool
) -> Lock:
    """A lock of the ways asked for, its secrets asked, made and put where they belong."""
    secrets: dict[str, bytes] = {}
    if passphrase:
        secrets[PASSPHRASE] = new_passphrase_asked(name)
    if key_file:
        check_apart(key_file, [settings.home])
        secrets[KEY_FILE] = make_key_file(key_file)
    if keyring:
        secrets[KEYRING] = new_secret()
    lock = make_lock(name, secrets, organisation)
    if keyring:
        oskeyring.keep_secret(lock.id, secrets[KEYRING])
    return lock


def new_passphrase_asked(lock: str) -> bytes:
    """A passphrase typed twice, or one that is made and shown once."""
    if not vault.is_terminal():
        raise NotYet(
            "VAULT-003", "A passphrase can only be chosen on a terminal.", where=lock, cure="Take --key-file instead."
        )
    phrase = str(
        typer.prompt(
            "New passphrase (empty: make one for me)", hide_input=True, default="", show_default=False, err=True
        )
    )
    if phrase:
        chosen = check_passphrase(phrase)
        typer.prompt("Again", hide_input=True, value_proc=lambda again: _same(again, phrase), err=True)
        return chosen
    made = new_passphrase()
    typer.echo(f"The passphrase, shown this once: {made}", err=True)
    return check_passphrase(made)


def _same(again: str, phrase: str) -> str:
    if again != phrase:
        raise typer.BadParameter("this is not what was typed before")
    return again


def _write_sheets(out: Path, shares: Sequence[str], file: KeysetFile) -> list[Path]:
    paths = [out / f"recovery-share-{number}.html" for number in range(1, N_SHARES + 1)]
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number, (path, share) in enumerate(zip(paths, shares, strict=True), start=1):
            page = sheet(share, number=number, n_all=N_SHARES, organisation=file.name, made_on=_today())
            write_whole(path, page.encode())
    except OSError as err:
        raise BadFile(
            "VAULT-006", "The sheets cannot be written.", where=str(out), cure="Name another folder."
        ) from err
    return paths


def shares_of(files: Sequence[Path] | None) -> list[str]:
    """The shares in files of sheets."""
    try:
        return [share_of_sheet(path.read_text("utf-8")) for path in files or ()]
    except (OSError, ValueError, IndexError) as err:
        raise BadSetting("VAULT-009", "A share cannot be read.", cure="Name the files of two sheets.") from err


def _typed_shares() -> list[str]:
    if not vault.is_terminal():
        raise NotYet("VAULT-003", "Nobody can type the shares here.", cure="Name their files with --share.")
    return [str(typer.prompt(f"The 33 words of sheet {which}", hide_input=True, err=True)) for which in ("one", "two")]


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).astimezone().date()
