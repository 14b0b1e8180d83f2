"""The steps of the year in words: how each stands, why, and the one page where it is done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sarana.basics.actors import Actor
from sarana.ground.pages.calendars import say_day
from sarana.ground.pages.shell import find_address
from sarana.ground.vault import policy as vault
from sarana.ground.vault.journal import LATE_DAYS, RED_DAYS
from sarana.learning.population.year.reckoning import Year
from sarana.methods.sealing.store import DRILL_DAYS

DONE, TODO, FIRST, LATER = "done", "todo", "first", "later"
"""Nothing to do; to do now; to do before anything else; not yet possible."""

STATES: dict[str, Any] = {
    DONE: gettext_lazy("done"),
    TODO: gettext_lazy("to do"),
    FIRST: gettext_lazy("see to this first"),
    LATER: gettext_lazy("comes later"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, how it stands, what is known of it, and where it is done."""

    code: str
    title: str
    state: str
    says: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()

    @property
    def state_words(self) -> str:
        """How it stands, in words."""
        return str(STATES[self.state])


def steps(actor: Actor, year: Year) -> list[Step]:
    """Every step of the year, in the order in which it is done."""
    makers: tuple[Callable[[Actor, Year], Step], ...] = (
        *(_backup, _keys, _lists, _asking, _files, _reading, _update, _comparing, _telling),
    )
    return [make(actor, year) for make in makers]


def _backup(actor: Actor, year: Year) -> Step:
    made, tried = year.backups.last_made, year.backups.last_passed
    says = [
        _("The last backup was made on %(day)s.") % {"day": _day(made.made_at)}
        if made
        else _("No backup was made here yet."),
        _("The last one that was tried and passed: %(day)s.") % {"day": _day(tried.at)}
        if tried
        else _("None was tried yet, and what was never tried is no backup."),
    ]
    if not year.has_backup:
        says.append(
            _("One has to be made every %(made)s days, and tried every %(tried)s days.")
            % {"made": LATE_DAYS, "tried": RED_DAYS}
        )
    says.append(
        _("Before this program is brought to a new version, see that both are of today: the command setup makes one.")
    )
    link = (_("Backups"), find_address("desk:backups")) if vault.may_see(actor) else _manual(_("Whom to ask"), "backup")
    state = DONE if year.has_backup else FIRST
    return Step("backup", _("A backup that was tried"), state, tuple(says), (link,))


def _keys(_actor: Actor, year: Year) -> Step:
    keys = year.keys
    says = []
    if keys is None or not keys.are_there:
        says.append(_("There are no keys here that could be read. Without them no file can be taken or opened."))
    elif not keys.open_by_themselves:
        says.append(_("The keys do not open by themselves. Files can be taken, and none can be looked through."))
    else:
        says.append(_("A key file lies here. Whether it opens the keys shows when a file is looked through."))
    if keys and keys.are_there and not keys.have_shares:
        says.append(_("There are no sheets with shares: if the key is lost, all that is sealed is lost."))
    elif keys and keys.tried_on is None:
        says.append(_("Two of the three sheets were never tried."))
    elif keys and keys.tried_on:
        says.append(_("Two of the three sheets were tried on %(day)s.") % {"day": say_day(keys.tried_on)})
    if not year.are_shares_well:
        says.append(_("Try two of them every %(days)s days.") % {"days": DRILL_DAYS})
    is_open = keys is not None and keys.are_there and keys.open_by_themselves
    state = DONE if year.are_keys_well else TODO if is_open else FIRST
    return Step("keys", _("Keys that open"), state, tuple(says), (_manual(_("If they do not open"), "keys"),))


def _lists(_actor: Actor, year: Year) -> Step:
    says, villages = [], year.villages
    if year.edition is None:
        says.append(_("No list of areas of the country is in force."))
    else:
        told = {"version": year.edition.version, "day": _day(year.edition.in_force_at)}
        says.append(_("Areas of the country: version %(version)s, in force since %(day)s.") % told)
    if year.is_list_other:
        says.append(_("With this program came version %(version)s. Bring it in.") % {"version": year.edition_here})
    elif year.is_list_old and year.edition is not None:
        says.append(_("Nobody looked for a newer one for more than a year. Ask whoever keeps the list."))
    if villages is None:
        says.append(_("The province's list of villages is not registered yet. All other files speak of it."))
    else:
        says.append(
            _("The province's list of villages is as of %(day)s.") % {"day": say_day(villages.known.source.as_of)}
        )
    is_old = (
        year.is_open and villages is not None and bool(year.runs) and villages.known.source.as_of <= year.runs[0].as_of
    )
    if is_old:
        says.append(_("It is the one of the last map: ask whether villages were founded, merged or renamed since."))
    if year.with_old_codes:
        told = {"names": ", ".join(year.with_old_codes)}
        says.append(
            _(
                "These sources have their own codes of areas, and the list that says what they mean is from before "
                "this year, or older than the list of villages: %(names)s. Ask those offices whether it still holds."
            )
            % told
        )
    says += _outlines(year)
    links = [(_("Words and areas"), find_address("desk:lists")), (_("Boundaries"), reverse("population:boundaries"))]
    if villages is not None:
        links.append((_("The list of villages"), reverse("population:source", args=[villages.known.source.ref])))
    state = (
        FIRST
        if villages is None or not villages.is_here
        else TODO
        if is_old or year.is_list_old or year.are_boundaries_old
        else DONE
    )
    return Step("lists", _("Codes and boundaries of this year"), state, tuple(says), tuple(links))


def _outlines(year: Year) -> Iterator[str]:
    """By which outlines the next map is drawn, and whether they are of today."""
    if year.boundaries is None:
        yield _(
            "No boundary file is in force: each subdistrict is drawn as a patch around its villages. "
            "That is enough for a map."
        )
        return
    file, against = year.boundaries
    yield _("Boundaries are as of %(day)s.") % {"day": say_day(file.as_of)}
    if against.lacking:
        yield (
            ngettext(
                "%(count)s subdistrict of today has no outline in it: ask for a newer file.",
                "%(count)s subdistricts of today have no outline in it: ask for a newer file.",
                len(against.lacking),
            )
            % {"count": len(against.lacking)}
        )
    if against.ended:
        yield (
            ngettext(
                "%(count)s subdistrict in it is no more.",
                "%(count)s subdistricts in it are no more.",
                len(against.ended),
            )
            % {"count": len(against.ended)}
        )


def _asking(_actor: Actor, year: Year) -> Step:
    says = list(_registers(year.holdings))
    if not year.is_open:
        says.append(_("Ask from %(day)s on.") % {"day": say_day(year.opens_on)})
    n_without = sum(not line.has_papers for line in year.wanted)
    if n_without:
        says.append(
            ngettext(
                "Of %(count)s source the agreement has run out or is missing: nothing of it may be read.",
                "Of %(count)s sources the agreement has run out or is missing: nothing of them may be read.",
                n_without,
            )
            % {"count": n_without}
        )
    says += _left_out(year)
    says.append(_("Ask the office that keeps each file, with the right by which it is used. Say until when."))
    is_left = n_without or year.holdings["late"] or (year.is_open and not year.are_files_here)
    state = TODO if is_left else DONE
    links = ((_("Who holds what, and who refused"), reverse("population:holdings")),)
    return Step("asking", _("Asking for every file"), state, tuple(says), links)


def _registers(counts: Mapping[str, int]) -> Iterator[str]:
    """What is written down of registers that offices hold."""
    if not sum(counts.values()):
        yield _("Nothing is written down yet of who holds what. Begin with it: the next officer will need it too.")
        return
    told = {name.replace("-", "_"): n for name, n in counts.items()}
    yield _("May be had: %(yes)s. Asked: %(asked)s. Not asked yet: %(not_asked)s. Refused: %(no)s.") % told
    if counts["late"]:
        yield (
            ngettext("%(late)s next step is due.", "%(late)s next steps are due.", counts["late"])
            % {"late": counts["late"]}
        )


def _files(_actor: Actor, year: Year) -> Step:
    told = {"n": sum(line.is_fresh for line in year.wanted), "of": len(year.wanted)}
    says = [_("Handed over since the last update: %(n)s of %(of)s.") % told, *_left_out(year)]
    if any(not line.is_dated for line in year.wanted):
        says.append(_("Of some, the day of their values is still that of last year: change it."))
    if not year.lines:
        says = [_("No source of this province is registered yet.")]
    state = DONE if year.are_files_here or not year.is_open else TODO
    return Step(
        "files", _("Every file, handed over"), state, tuple(says), ((_("Sources"), reverse("population:sources")),)
    )


def _reading(_actor: Actor, year: Year) -> Step:
    villages = [line for line in year.wanted if line.is_villages]
    n_open = sum(line.n_open for line in (*year.fresh, *villages))
    n_unknown = sum(line.n_unknown for line in year.fresh)
    n_unseen = sum(not line.is_looked_through for line in year.fresh)
    if not year.is_open:
        done = _("They were known for the map that is made.")
        return Step("reading", _("Columns and codes"), DONE, (done,))
    says = []
    if n_unseen:
        says.append(
            ngettext("%(count)s source was not looked through yet.", "%(count)s were not looked through yet.", n_unseen)
            % {"count": n_unseen}
        )
    if n_open:
        says.append(
            ngettext(
                "%(count)s column has another name than our layout has, or is there again: point at it.",
                "%(count)s columns have other names than our layout has, or are there again: point at them.",
                n_open,
            )
            % {"count": n_open}
        )
    if n_unknown:
        says.append(
            ngettext(
                "%(count)s code is not known: say what it means.",
                "%(count)s codes are not known: say what they mean.",
                n_unknown,
            )
            % {"count": n_unknown}
        )
    if year.are_files_read:
        says.append(_("A run can read all that is here of this year."))
    state = DONE if year.are_files_read else TODO if year.fresh else LATER
    return Step("reading", _("Columns and codes"), state, tuple(says or [_("Nothing of this year is here yet.")]))


def _update(_actor: Actor, year: Year) -> Step:
    title, here = _("Making the update"), reverse("population:updates")
    if year.is_under_way and year.asked is not None:
        says = _("Asked for on %(day)s; no map came of it yet.") % {"day": _day(year.asked.asked_at)}
        return Step("update", title, TODO, (says, *_shutting(year)), ((_("See how far it is"), here),))
    if not year.is_open:
        says = _("Done: the map is as of %(day)s.") % {"day": say_day(year.runs[0].as_of)}
        return Step("update", title, DONE, (says, *_shutting(year)), ((_("Yearly updates"), here),))
    is_ready = year.are_files_here and year.are_files_read and year.are_keys_well and year.has_backup
    more = [_("Due on %(day)s.") % {"day": say_day(year.due_on)} if year.runs else _("None was made here yet.")]
    more += [*_broken_off(year), *_shutting(year), *_left_out(year)]
    if year.made_elsewhere is not None:
        more.append(_("The last map was made at the machine, and the next one is made beside it: not here."))
        more.append(str(_(year.made_elsewhere.cure)))
        return Step("update", title, FIRST if year.is_shutting else TODO, tuple(more), ((_("Yearly updates"), here),))
    if not is_ready:
        more.append(_("First see to the steps above; a source that was refused is left out."))
    state = FIRST if year.is_shutting else TODO if is_ready else LATER
    return Step("update", title, state, tuple(more), ((_("Start the update"), here),))


def _broken_off(year: Year) -> Iterator[str]:
    """Of an update that was asked for and ended without a map since the last one."""
    asked = year.asked
    if asked is not None and asked.run_ref is None and all(asked.asked_at > run.taken_in_at for run in year.runs):
        told = {"day": _day(asked.asked_at)}
        yield _("The one of %(day)s did not come to a map. Whoever asked for it can go on; or start anew.") % told


def _shutting(year: Year) -> Iterator[str]:
    """Until which day the next update can be made beside the last map."""
    if year.shuts_on is None:
        return
    told = {"day": say_day(year.shuts_on)}
    if year.is_shut:
        yield _("The last day, %(day)s, is over: what lies behind the last map is destroyed.") % told
        yield _("None can be made beside it any more. Talk to whoever runs the machine before anything else.")
    else:
        yield _("The next one has to be made by %(day)s. Then what lies behind the last map is destroyed.") % told
        yield _("After that day none can be made beside it.")


def _left_out(year: Year) -> list[str]:
    """Which sources are left out, because their office refused."""
    names = ", ".join(year.refused)
    return [_("Left out, because it was refused: %(names)s.") % {"names": names}] if names else []


def _comparing(_actor: Actor, year: Year) -> Step:
    title = _("Beside last year's map")
    if year.is_open or not year.runs:
        return Step("comparing", title, LATER, (_("When the map is there: look at it before anybody else does."),))
    if len(year.runs) == 1:
        return Step("comparing", title, LATER, (_("It is the first map here: there is nothing to compare with yet."),))
    links = ((_("What changed, by area"), reverse("population:changes", args=[year.runs[0].ref])),)
    says = _("A change that nobody expects is a change of files as often as one of people. Ask before you tell.")
    return Step("comparing", title, TODO, (says,), links)


def _telling(_actor: Actor, year: Year) -> Step:
    title = _("Telling the districts")
    says = _("District officers sign in themselves and find their own district first. Nothing is sent from here.")
    if year.is_open or not year.runs:
        return Step("telling", title, LATER, (says,))
    map_ = reverse("population:map", args=[year.runs[0].ref])
    return Step("telling", title, TODO, (says,), ((_("The map, to read and to print"), map_),))


def _manual(words: str, place: str) -> tuple[str, str]:
    return words, f"{reverse('population:year-manual')}#{place}"


def _day(moment: Any) -> str:
    return say_day(timezone.localtime(moment).date()) if moment else "–"
