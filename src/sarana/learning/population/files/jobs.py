"""Making files of maps as long work, and taking away those whose time is over."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.work import Args, Due, Kind, Receipt, Step, Work
from sarana.learning.population import policy
from sarana.learning.population import queries as maps
from sarana.learning.population.files import actions, folder, queries
from sarana.learning.population.files.outlines import Place, outlines
from sarana.learning.population.files.telling import Told, tell
from sarana.learning.population.files.writing import FORMATS
from sarana.learning.population.looking import Look, hash_of, look
from sarana.learning.population.models import AreaLevel, Drawing, Figure, MapFile
from sarana.learning.population.rollup import packing
from sarana.learning.population.rollup.keys import signing
from sarana.learning.population.rollup.policy import check_may_hand_over

AGAIN = dt.timedelta(hours=1)
"""So often the schedule asks at most for files to be taken away."""


def _check_may_make(actor: Actor, args: Args) -> None:
    """Whoever has a door to maps, for a file that she asked for on the page of one.

    Raises:
        NotYet: POPULATION-009 no file is named.
        Refused: POPULATION-001 she has no door here.
    """
    if not args.get("file"):
        raise actions.not_there()
    maps.runs_for(actor)


def _make(work: Work) -> Receipt:
    """Read the map as whoever asked sees it now, write the file, and note it.

    Begun again after a crash it reads anew, and puts the same file in the place of what was left.
    """
    with work.saving(0, 0):
        file = _find(work)
    return _pack(work, file) if file.kind == MapFile.Kind.NATION else _write(work, file)


def _pack(work: Work, file: MapFile) -> Receipt:
    """The signed file for the nation; the key is opened after what it says was read."""
    with work.saving(0, 0):
        check_may_hand_over(work.actor, file.run)
        found, numbers = packing.seen_of(file.run)
    content = packing.packed(file.run, found, signing(work.actor.today))
    return _kept(work, file, content, numbers)


def _write(work: Work, file: MapFile) -> Receipt:
    """A map as somebody sees it now."""
    with work.saving(0, 0):
        seen = look(work.actor, file.run, file.as_asked(), file.language)
        actions.check_is_as_asked(seen, file)
        figures = list(seen.figures)
        drawing = maps.drawing_of(file.run) if FORMATS[file.kind].has_outlines else None
        places = maps.places_of_villages(file.run) if drawing and seen.choice.is_of_villages else {}
    # What takes long, outlines and words, holds no lock of the database.
    with translation.override(file.language):
        content = FORMATS[file.kind].write(_told(seen, file, figures, drawing, places))
    return _kept(work, file, content, [figure.pk for figure in figures])


def _kept(work: Work, file: MapFile, content: bytes, numbers: Sequence[int]) -> Receipt:
    n_rows, n_bytes, sha256 = len(numbers), len(content), folder.put(file.ref, content)
    seen_hash = hash_of(numbers)
    try:
        with work.saving(n_rows, n_rows):
            actions.note_made(work.actor, file, n_rows=n_rows, n_bytes=n_bytes, sha256=sha256, seen_hash=seen_hash)
    except NotYet:
        folder.drop([file.ref])
        raise
    return {"rows": n_rows, "bytes": n_bytes}


def _find(work: Work) -> MapFile:
    try:
        found = queries.get_file(work.actor, UUID(work.args["file"]))
    except MapFile.DoesNotExist:
        raise actions.not_there() from None
    if found.gone_at is not None or found.run.withdrawn_at is not None:
        raise actions.not_there()
    return found


def _told(
    seen: Look, file: MapFile, figures: Sequence[Figure], drawing: Drawing | None, places: Mapping[str, Place]
) -> Told:
    rows = seen.all_shown(figures)
    if not FORMATS[file.kind].has_outlines:
        return tell(seen, rows)
    if seen.choice.is_of_villages:
        return tell(seen, rows, points=places)
    return tell(seen, rows, outlines(drawing, file.level, file.run.area[2:]), drawing)


def _about(args: Args) -> str:
    """Which kind of file of which level."""
    kind, level = args.get("kind", ""), args.get("level", "")
    if kind not in MapFile.Kind.values or level not in AreaLevel.values:
        return ""
    return f"{MapFile.Kind(kind).label}, {AreaLevel(level).label}"


MAKE_FILE = Kind(
    code=actions.MAKE,
    words=_("Make a file of a map"),
    check=_check_may_make,
    thing=lambda args: f"population.file:{args.get('file', '')}",
    steps=lambda _args: (Step(_("Read the map and write the file"), _make),),
    about=_about,
    counts={"rows": _("Areas"), "bytes": _("Bytes")},
)


def _let_go(work: Work) -> Receipt:
    with work.saving(0, 0):
        return {"gone": actions.let_go(work.actor)}


LET_GO = Kind(
    code="population.let-files-go",
    words=_("Take away files of maps whose time is over"),
    check=lambda actor, _args: policy.check_may_take_in(actor),
    thing=lambda _args: "population.files",
    steps=lambda _args: (Step(_("Take them away"), _let_go),),
    counts={"gone": _("Files taken away")},
)
KINDS = (MAKE_FILE, LET_GO)


def due(actor: Actor) -> Iterator[Due]:
    """What the schedule asks for now: files whose time is over go within the hour, and so do those of no row."""
    if queries.over(actor).exists() or folder.lying() - queries.living():
        yield Due(LET_GO.code, AGAIN)
