"""The reading doors of code lists: editions, areas as they were on a day, words in a language, what changed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Count, Q, QuerySet

from sarana.basics.actors import Actor
from sarana.basics.errors import BadTable
from sarana.ground.codelists import policy
from sarana.ground.codelists.models import Area, Change, Edition, Purpose, Translation, Word
from sarana.ground.codelists.reading import folded
from sarana.ground.prepared import Prepared

State = Edition.State
NEWER = "-begun_at"
BY_CODE = Prepared(lambda code: Purpose.objects.filter(code=code), models.CharField())


@dataclass(frozen=True, slots=True)
class Told:
    """A word as it is shown: its label, whether that is in the language asked for, and what standards call it."""

    code: str
    label: str
    is_translated: bool
    also: dict[str, str]


def editions_for(actor: Actor, list_code: str = "") -> QuerySet[Edition]:
    """The editions of a list, or of all, the newest first."""
    rows = Edition.objects.filter(policy.openable_by(actor))
    return (rows.filter(list_code=list_code) if list_code else rows).order_by(NEWER, "-id")


def get_edition(actor: Actor, ref: UUID) -> Edition:
    """One edition.

    Raises:
        Edition.DoesNotExist: there is none.
    """
    return editions_for(actor).get(ref=ref)


def find_in_force(actor: Actor, list_code: str) -> Edition | None:
    """The edition of a list that is in force; None while it was never loaded."""
    return editions_for(actor, list_code).filter(state=State.IN_FORCE).first()


def find_ref_in_force(actor: Actor, list_code: str) -> UUID | None:
    """The same by its reference alone: all that a page asks that has to know whether a list changed."""
    return editions_for(actor, list_code).filter(state=State.IN_FORCE).values_list("ref", flat=True).first()


def areas_for(actor: Actor, country: str, *, on: dt.date | None = None) -> QuerySet[Area]:
    """The areas of a country in the edition in force, in the order of their codes: all, or as they were on a day."""
    edition = editions_for(actor, f"areas.{country}").filter(state=State.IN_FORCE).order_by()
    rows = Area.objects.filter(edition__in=edition).order_by("code", "-valid_until", "id")
    return rows if on is None else rows.filter(held_on(on))


def no_areas() -> QuerySet[Area]:
    """A list without an area, for a question that could not be understood."""
    return Area.objects.none()


def areas_within(actor: Actor, area: Area) -> QuerySet[Area]:
    """What lies right below an area: today, or on its last day where it ended."""
    below = areas_for(actor, area.code[:2]).filter(parent=area.code)
    return below.filter(held_on(area.valid_until or actor.today))


def page_of(rows: QuerySet[Area], after: str, size: int) -> tuple[list[Area], str]:
    """The next areas after a code, and the code after which the page that follows begins; "" where none follows.

    A code that meant several areas one after the other is never cut in two: all of them stand on one page.
    """
    found = list((rows.filter(code__gt=after) if after else rows)[: size + 1])
    if len(found) <= size:
        return found, ""
    whole = [area for area in found if area.code != found[size].code]
    if not whole:
        return list(rows.filter(code=found[size].code)), found[size].code
    return whole, whole[-1].code


def held_on(day: dt.date) -> Q:
    """Areas that were there on a day, as far as is known."""
    began = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return began & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))


def search_areas(rows: QuerySet[Area], text: str) -> QuerySet[Area]:
    """Those of some areas whose code or name holds a text, whatever its capitals and marks."""
    for part in folded(text).split():
        rows = rows.filter(search__contains=part)
    return rows


def find_area(actor: Actor, code: str, day: dt.date) -> Area | None:
    """The area that a code meant on a day."""
    return areas_for(actor, code[:2], on=day).filter(code=code).first()


def stretches_of(actor: Actor, code: str) -> list[Area]:
    """All that a code ever meant, the latest first."""
    return list(areas_for(actor, code[:2]).filter(code=code))


def above(actor: Actor, area: Area) -> list[Area]:
    """The areas in which one lies, the topmost first, as they were when it was last there."""
    day = area.valid_until or actor.today
    chain: list[Area] = []
    code = area.parent
    while code and code not in {each.code for each in chain}:
        found = Area.objects.filter(held_on(day), edition_id=area.edition_id, code=code).first()
        if found is None:
            break
        chain.insert(0, found)
        code = found.parent
    return chain


def changes_of(actor: Actor, code: str) -> tuple[list[tuple[Change, Area]], list[tuple[Change, Area]]]:
    """What an area came from, and what it became, each with the area at the other end."""
    edition = find_in_force(actor, f"areas.{code[:2]}")
    told = list(Change.objects.filter(Q(before=code) | Q(after=code), edition=edition).order_by("on", "line"))
    ends = {each.before for each in told} | {each.after for each in told}
    known: dict[str, list[Area]] = {}
    for area in Area.objects.filter(edition=edition, code__in=ends):
        known.setdefault(area.code, []).append(area)
    came = [(each, _at(known[each.before], until=each.before_until)) for each in told if each.after == code]
    became = [(each, _at(known[each.after], begins=each.after_from)) for each in told if each.before == code]
    return came, became


def _at(stretches: list[Area], *, until: dt.date | None = None, begins: dt.date | None = None) -> Area:
    """The stretch of a code that ends, or begins, on a day; the only one where the day is not known."""
    for area in stretches:
        if (until and area.valid_until == until) or (begins and area.valid_from == begins):
            return area
    return stretches[-1]


def successors(actor: Actor, code: str, day: dt.date) -> list[str]:
    """The codes that stand today for what a code meant on a day: itself, or all it became, step by step."""
    edition = find_in_force(actor, f"areas.{code[:2]}")
    found: list[str] = []
    seen: set[tuple[str, dt.date]] = set()
    open_ends = [(code, day)]
    while open_ends:
        now = open_ends.pop()
        if now in seen:
            continue
        seen.add(now)
        stretch = Area.objects.filter(held_on(now[1]), edition=edition, code=now[0]).first()
        if stretch is not None and (stretch.valid_until is None or stretch.valid_until >= actor.today):
            found.append(now[0])
            continue
        until = stretch.valid_until if stretch else now[1]
        later = Change.objects.filter(Q(before_until=until) | Q(before_until=None), edition=edition, before=now[0])
        open_ends += [(each.after, each.after_from or actor.today) for each in later]
    return sorted(set(found))


def counts_by_level(edition: Edition) -> dict[int, int]:
    """How many areas of each level an edition has, of those that did not end."""
    rows = Area.objects.filter(edition=edition, valid_until__isnull=True).values("level")
    return {row["level"]: row["n"] for row in rows.annotate(n=Count("id")).order_by("level")}


def count_ended(edition: Edition) -> int:
    """How many areas of an edition have ended."""
    return Area.objects.filter(edition=edition, valid_until__isnull=False).count()


def words_for(actor: Actor, name: str, language: str) -> list[Told]:
    """The words of a list as they are shown in a language; in English where nobody translated them yet."""
    edition = find_in_force(actor, f"words.{name}")
    given = _translations(f"words.{name}", language)
    return [_told(word, given, language) for word in Word.objects.filter(edition=edition).order_by("line")]


def _told(word: Word, given: dict[str, str], language: str) -> Told:
    label = given.get(word.code) or word.labels.get(language, "")
    return Told(word.code, label or word.labels["en"], bool(label), word.also)


def _translations(list_code: str, language: str) -> dict[str, str]:
    rows = Translation.objects.filter(list_code=list_code, language=language, replaced_at__isnull=True)
    return dict(rows.values_list("code", "text"))


def check_words(actor: Actor, name: str, codes: Iterable[str]) -> None:
    """Every code is a word of the list: asked by whatever takes rows from elsewhere, before it takes any.

    Raises:
        BadTable: CODELISTS-006 a code is no word of the list; nothing invents one on the way in.
    """
    edition = find_in_force(actor, f"words.{name}")
    known = set(Word.objects.filter(edition=edition).values_list("code", flat=True))
    strange = sorted(set(codes) - known)
    if strange:
        shown = ", ".join(f"'{code[:20]}'" for code in strange[:3])
        raise BadTable(
            "CODELISTS-006",
            "This is no word of the list; nothing was taken.",
            where=f"{name} {shown}",
            cure="Use the words of the list, or have a new edition of it brought in first.",
        )


def changes_between(before: Edition | None, after: Edition) -> tuple[QuerySet[Area], QuerySet[Area], QuerySet[Area]]:
    """The areas that an edition adds, those it leaves out or ends, and those to which it gives another name."""
    new, old = _open(after), _open(before)
    codes = models.Subquery(old.values("code"))
    renamed = new.filter(code__in=codes).exclude(
        models.Exists(old.filter(code=models.OuterRef("code"), name_local=models.OuterRef("name_local")))
    )
    return new.exclude(code__in=codes), old.exclude(code__in=models.Subquery(new.values("code"))), renamed


def _open(edition: Edition | None) -> QuerySet[Area]:
    return Area.objects.filter(edition=edition, valid_until__isnull=True).order_by("code")


def purposes_for(actor: Actor) -> QuerySet[Purpose]:
    """Every purpose there is or was, those that were not ended first."""
    rows = Purpose.objects.filter(policy.openable_purposes(actor))
    return rows.order_by(models.F("ended_at").asc(nulls_first=True), "code").fetch_mode(models.FETCH_RAISE)


def get_purpose(actor: Actor, ref: UUID) -> Purpose:
    """One purpose.

    Raises:
        Purpose.DoesNotExist: there is none.
    """
    return purposes_for(actor).get(ref=ref)


def purposes_open_to(actor: Actor) -> list[Purpose]:
    """The purposes that somebody may state today."""
    return [each for each in purposes_for(actor) if each.is_in_force(actor.today) and actor.roles & set(each.roles)]


def purpose_that_holds(code: str, roles: frozenset[str], today: dt.date) -> str:
    """What somebody stated, as long as it is in force and for a role that she holds; else "", which opens nothing.

    Asked at every request and at every piece of work, so that a purpose that was ended ends at once.
    """
    found = BY_CODE.first(code) if code else None
    return code if found and found.is_in_force(today) and roles & set(found.roles) else ""
