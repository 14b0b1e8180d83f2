"""What one searches people by: words and numbers are posted; what else is known stays in the address."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.care.people.finding.entries import years_of_age
from sarana.ground.codelists import queries as codelists
from sarana.methods.search.asking import read_query
from sarana.methods.search.entry import Birth, Query

KEPT = ("agency", "sex", "born", "age_from", "age_to", "place")
"""What stays in the address: it names nobody. Words, numbers of papers and telephones never do."""

OLDEST, LONGEST = 120, 200
SEXES = (("", _("not said")), ("female", _("female")), ("male", _("male")), ("other", _("other")))
ONE = 2
AREA_NOT_ONE = _("No area, or more than one, is called so: write its code, such as TH5001.")


class SearchForm(forms.Form):
    """A search: words at least, or a number, or a telephone."""

    agency = forms.ChoiceField(label=_("Agency"), required=False)
    words = forms.CharField(
        label=_("Name, number or telephone"),
        required=False,
        max_length=LONGEST,
        help_text=_("In any script and order, as it is heard; what you type stands in no address and no log."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )
    number = forms.CharField(label=_("Number of a paper"), required=False, max_length=60)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=SEXES)
    born = forms.CharField(
        label=_("Year of birth"), required=False, max_length=12, help_text=_("1985, 2528, ~1985 or 1984-1986")
    )
    age_from = forms.IntegerField(label=_("Age from"), required=False, min_value=0, max_value=OLDEST)
    age_to = forms.IntegerField(label=_("Age to"), required=False, min_value=0, max_value=OLDEST)
    place = forms.CharField(
        label=_("Where the person is"), required=False, max_length=60, help_text=_("The code or the name of an area")
    )

    def __init__(self, actor: Actor, agencies: list[tuple[str, str]], data: Any, kept: Any) -> None:
        """The agencies in which she helps; what stands in the address is filled in already."""
        super().__init__(data, initial={name: kept.get(name, "") for name in KEPT})
        self.actor, self.query = actor, Query()
        field: Any = self.fields["agency"]
        field.choices = agencies
        if len(agencies) == 1:
            field.widget = forms.HiddenInput()
        if not self.initial["agency"] and agencies:
            self.initial["agency"] = agencies[0][0]
        for name in ("number", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Read everything into one question."""
        found = super().clean() or {}
        if self.errors:
            return found
        try:
            read = read_query(found["words"], today=self.actor.today)
        except NotYet as err:
            self.add_error("words", f"{err.what} {err.cure}")
            return found
        if not (read.words or read.identifiers or read.phones or found["number"] or found["phone"]):
            self.add_error("words", _("Write a name, a number or a telephone: what else is known only puts in order."))
            return found
        self.query = Query(
            words=read.words,
            identifiers=(*read.identifiers, *((found["number"],) if found["number"] else ())),
            phones=(*read.phones, *((found["phone"],) if found["phone"] else ())),
            born=read.born or self._born(found),
            sex=read.sex or found["sex"] or None,
            places=(*read.places, *self._places(found["place"])),
        )
        return found

    def agency_ref(self) -> UUID:
        """For which agency is searched."""
        return UUID(self.cleaned_data["agency"] or self.initial["agency"])

    def address(self) -> str:
        """What stays in the address, as it was asked: no word, no number."""
        told = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        kept = {name: told[name] for name in KEPT if told.get(name) not in (None, "")}
        return f"?{urlencode(kept)}" if kept else ""

    def _born(self, found: dict[str, Any]) -> Birth | None:
        if found["born"]:
            try:
                return read_query(f"born:{''.join(found['born'].split())}", today=self.actor.today).born
            except NotYet as err:
                self.add_error("born", f"{err.what} {err.cure}")
                return None
        young, old = found.get("age_from"), found.get("age_to")
        if young is None and old is None:
            return None
        young, old = 0 if young is None else young, OLDEST if old is None else old
        if old < young:
            self.add_error("age_to", _("This is less than the first age: change one of the two."))
            return None
        return years_of_age(self.actor.today, young, old)

    def _places(self, said: str) -> tuple[str, ...]:
        """The code of an area, by code or by the only name that fits."""
        said = said.strip()
        if not said:
            return ()
        area = codelists.find_area(self.actor, said.upper(), self.actor.today)
        if area is None:
            country = said[:2].upper() if said[:2].isascii() and said[2:3].isdigit() else "TH"
            rows = codelists.areas_for(self.actor, country, on=self.actor.today)
            named = list(codelists.search_areas(rows, said)[:ONE])
            area = named[0] if len(named) == 1 else None
        if area is None:
            self.add_error("place", AREA_NOT_ONE)
            return ()
        return (area.code,)
