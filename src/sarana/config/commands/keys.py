"""`sarana keys …`: make the keys of the organisation, say who opens them, change them, and try to recover them."""

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer

from sarana.basics.actors import Actor
from sarana.basics.errors import BadFile, BadSetting, NotYet
from sarana.config import vault
from sarana.config.commands.asking import tell, tell_table
from sarana.config.commands.locks import Ways, WithKeyFile, WithKeyring, WithPassphrase, WithServer, new_lock
from sarana.config.settings import Settings, read_settings
from sarana.config.web import start
from sarana.methods.questions.validate_known import KNOWN_CASES
from sarana.methods.runs.erase import erase_swept
from sarana.methods.sealing.erased import make_mark_key
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.labels import Label
from sarana.methods.sealing.letters import read_sealable, seal_letter
from sarana.methods.sealing.locks import SHARES, make_lock, server_place
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
from sarana.methods.sealing.shares import N_SHARES, make_shares
from sarana.methods.sealing.sheets import share_of_sheet, sheet
from sarana.methods.sealing.store import (
    DRILL_DAYS,
    RECOVERY,
    KeyStore,
    check_apart,
    finish_rotation,
    rotate_store,
    sweep,
)
from sarana.methods.sealing.unlocking import Given, unlock

_DRILL = Label("drill", "recovery", "drill")

app = typer.Typer(
    help="The organisation's keys: who opens them, and whether they can be recovered.", no_args_is_help=True
)

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
    key_server: WithServer = False,
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
        asked = Ways(passphrase=passphrase, key_file=key_file, keyring=keyring, key_server=key_server)
        first = new_lock(settings, lock, organisation, asked or Ways(key_file=vault.usual_key_file(settings)))
        store.keep_keyset(make_keys(name, [first], organisation=organisation, today=_today()).file)
        make_mark_key(store)
    tell(f"The keys were made. They open with: {', '.join(first.needs)}.")
    tell("Print recovery shares now (sarana keys shares): who loses all locks and shares loses all that is sealed.")


@app.command("add")
def add_command(
    lock: Annotated[str, typer.Argument(help="What the new lock is called: whose it is.")],
    *,
    passphrase: WithPassphrase = False,
    key_file: WithKeyFile = None,
    keyring: WithKeyring = False,
    key_server: WithServer = False,
    share: ByShares = None,
) -> None:
    """Add a lock: one more way to open the keys. Two options together make a lock that needs both."""
    ways = Ways(passphrase=passphrase, key_file=key_file, keyring=keyring, key_server=key_server)
    ways.check()
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    with store.changing():
        keys = vault.unlocked(settings, shares=shares_of(share))
        new = new_lock(settings, lock, keys.organisation, ways)
        store.keep_keyset(with_lock(keys, new).file)
    tell(f"The lock {lock} was added. It needs: {', '.join(new.needs)}.")
    if key_server and vault.usual_key_file(settings).is_file():
        tell("A key file still lies beside the keys and opens them without the server: take its lock out, delete it.")


@app.command("try-server")
def try_server_command() -> None:
    """Try the key server: it seals a word, opens it again, refuses it in another place, and opens its locks."""
    settings = read_settings(os.environ)
    server = vault.get_server(settings)
    server.try_it()
    tell("The key server answers: it seals, opens, and refuses what stands in another's place.")
    file = vault.store_of(settings).find_keyset()
    for lock in file.locks if file else ():
        if file and lock.served:
            server.open(lock.served, server_place(file.organisation, lock.id))
            tell(f"It opens what the lock {lock.name} holds.")


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


@app.command("rotate-agency")
def rotate_agency_command(
    agency: Annotated[str, typer.Argument(help="The reference of the agency, as sarana keys show tells it.")],
    *,
    share: ByShares = None,
) -> None:
    """Begin a new epoch for one agency and seal the keys of its people anew, while others work; may be cut short."""
    settings = read_settings(os.environ)
    try:
        ref = UUID(agency)
    except ValueError as err:
        raise BadSetting(
            "VAULT-072",
            "This is no reference of an agency.",
            where=agency[:40],
            cure="See them with: sarana keys show.",
        ) from err
    if vault.store_of(settings).find_agency_file(str(ref)) is None:
        raise NotYet(
            "VAULT-072", "This agency has no keys here.", where=agency, cure="See who has with: sarana keys show."
        )
    start.door("sarana.ground.vault.identities.opening.opens_with")(
        lambda: vault.unlocked(settings, shares=shares_of(share))
    )
    rotate = start.door("sarana.ground.vault.identities.actions.turning.rotate")
    done = rotate(Actor.local(dt.datetime.now(dt.UTC)), agency=ref)
    tell(f"{done:,} keys of people and of what others gave were sealed anew. The old epoch is kept for 35 days.")
    tell("Backups of keys from before lack the new ones: make another now, sarana backup --keys --to FOLDER.")


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
        store.forget_drill()
        finish_rotation(store, fresh)
    for path in written:
        tell(f"Share: {path}")
    tell("Print each, hand them to three people, delete the files, then try two of them: sarana keys drill.")


@app.command("sweep")
def sweep_command(*, share: ByShares = None) -> None:
    """Destroy keys whose time is over, of runs with their files, and of agencies that were turned 35 days ago."""
    settings = read_settings(os.environ)
    store = vault.store_of(settings)
    with store.changing():
        swept = sweep(store, now=dt.datetime.now(dt.UTC))
    n_erased = sum(erase_swept(Path(key.folder), key.run) for key in swept)
    tell(f"The keys of {len(swept)} runs were destroyed; the files of {n_erased} of them were erased here.")
    if any(file.over(_today()) for file in store.agency_files()):
        _sweep_agencies(settings, share)


def _sweep_agencies(settings: Settings, share: Sequence[Path] | None) -> None:
    start.door("sarana.ground.vault.identities.opening.opens_with")(
        lambda: vault.unlocked(settings, shares=shares_of(share))
    )
    of = "sarana.ground.vault.identities.actions.destroying"
    destroy, now = start.door(f"{of}.destroy_over"), Actor.local(dt.datetime.now(dt.UTC))
    n_epochs = sum(destroy(now, agency) for agency in start.door(f"{of}.agencies_over")(_today()))
    tell(f"{n_epochs} old keys of agencies were destroyed; those that something still needs were kept.")


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
    if said["agencies"]:
        rows = [(each["agency"], each["epoch"], each["began_on"]) for each in said["agencies"]]
        tell_table("Agencies", ("agency", "epoch", "since"), rows, n_words=1)
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
    agencies = [(each.agency, each.epochs[-1]) for each in store.agency_files()]
    if any((today - epoch.began_on).days >= EPOCH_DAYS for _agency, epoch in agencies):
        remarks.append(f"Keys of agencies seal for more than {EPOCH_DAYS} days: sarana keys rotate-agency AGENCY.")
    return {
        "agencies": [{"agency": ref, "epoch": epoch.number, "began_on": epoch.began_on} for ref, epoch in agencies],
        "organisation": file.organisation,
        "name": file.name,
        "epoch": now.number,
        "began_on": now.began_on,
        "locks": [{"name": lock.name, "needs": lock.needs} for lock in file.locks],
        "n_run_keys": len(store.run_keys()),
        "last_drill": drilled,
        "remarks": remarks,
    }


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
