"""What is typed about a person: shape of input only; `typed.py` makes values of it."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sarana.basics.errors import NotYet
from sarana.care.people.fields import Codes, Written, sentence
from sarana.care.people.models import Person, Relation
from sarana.care.people.values import LONGEST_NAME, LONGEST_TEXT, checked_name, cleaned
from sarana.care.people.world import country_name, find_country, find_language, language_name
from sarana.ground.pages.calendars import common_year
from sarana.ground.vault.identities.models import Erased, Subject

NAME_KINDS = (
    ("legal", _("as on papers")),
    ("nickname", _("what the person is called")),
    ("alias", _("a name that was used")),
    ("earlier", _("an earlier name")),
)
PAPERS = (
    ("national-id", _("identity card")),
    ("passport", _("passport")),
    ("border-pass", _("border pass")),
    ("work-permit", _("work permit")),
    ("birth-certificate", _("birth certificate")),
    ("stateless-card", _("card of a person without nationality")),
    ("other", _("other paper")),
)
HOLDERS = (
    ("unknown", _("not known")),
    ("self", _("the person has it")),
    ("agency", _("kept here for the person")),
    ("withheld", _("somebody withholds it")),
    ("lost", _("lost or destroyed")),
)
WAYS = (
    ("phone", _("telephone")),
    ("line", _("messages by an app")),
    ("email", _("e-mail")),
    ("visit", _("visit")),
    ("letter", _("letter")),
    ("through-person", _("through somebody")),
    ("other", _("another way")),
)
SAFETY = (
    ("unknown", _("nobody asked yet")),
    ("safe", _("safe")),
    ("at-hours", _("safe at certain hours")),
    ("through-other", _("safe through somebody")),
    ("unsafe", _("not safe")),
)
CALENDARS = (("gregorian", _("common era")), ("buddhist", _("Buddhist era")))
HOURS = (("", "–"), *((str(hour), f"{hour:02}:00") for hour in range(25)))
OLDEST = 130
EARLY, LATE = 1880, 2200


class NameForm(forms.Form):
    """One name."""

    text = Written(label=_("Name"), longest=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("Which name"), choices=NAME_KINDS, required=False)
    given = Written(label=_("Given name, where it is known"), longest=LONGEST_NAME)
    family = Written(label=_("Family name, where it is known"), longest=LONGEST_NAME)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written; signs that nobody sees are nothing."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in ("text", "given", "family"))

    def clean(self) -> dict[str, Any]:
        """A name that may be kept."""
        given: dict[str, Any] = self.cleaned_data
        if self.is_blank or "text" in self.errors:
            return given
        whole = given["text"] or " ".join(filter(None, (given.get("given", ""), given.get("family", ""))))
        try:
            given["name"] = checked_name(
                whole, given.get("kind") or "legal", given=given.get("given", ""), family=given.get("family", "")
            )
        except NotYet as wrong:
            self.add_error("text", sentence(wrong))
        return given


class BirthForm(forms.Form):
    """When she was born, or how old she is."""

    day = forms.IntegerField(label=_("Day"), required=False, min_value=1, max_value=31)
    month = forms.IntegerField(label=_("Month"), required=False, min_value=1, max_value=12)
    year = forms.IntegerField(label=_("Year"), required=False)
    calendar = forms.ChoiceField(label=_("Years counted in the"), choices=CALENDARS, required=False)
    give_or_take = forms.IntegerField(label=_("Give or take so many years"), required=False, min_value=0, max_value=10)
    age = forms.IntegerField(label=_("Or: age in years"), required=False, min_value=0, max_value=OLDEST)
    gender = Written(label=_("Gender, in own words"), longest=LONGEST_NAME)

    def clean(self) -> dict[str, Any]:
        """A day that there was, in one way only."""
        given: dict[str, Any] = self.cleaned_data
        if self.errors:
            return given
        year, month, day = given["year"], given["month"], given["day"]
        if given["age"] is not None and year is not None:
            self.add_error("age", _t("There is a year and an age. Keep the one that was told."))
        elif year is None and (day or month):
            self.add_error("year", _t("A day or a month needs its year; where that is not known, write the age."))
        elif year is not None:
            self._check_day(year, month, day)
        return given

    def _check_day(self, year: int, month: int | None, day: int | None) -> None:
        given = self.cleaned_data
        is_buddhist = given.get("calendar") == "buddhist"
        common = common_year(year, month) if is_buddhist else year
        if not EARLY <= common <= LATE:
            told = _t("The year is not one of the common era. Choose in which era it is counted, or correct it.")
            later = _t("The year is not one of the Buddhist era. Choose in which era it is counted, or correct it.")
            self.add_error("year", later if is_buddhist else told)
        elif day and not month:
            self.add_error("month", _t("A day needs its month."))
        elif day and month and not _is_day(common, month, day):
            self.add_error("day", _t("There is no such day in this month."))
        given["common"] = common


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


class PaperForm(forms.Form):
    """One paper of hers."""

    kind = forms.ChoiceField(label=_("Paper"), choices=PAPERS, required=False)
    number = Written(label=_("Its number"), longest=60)
    country = Written(label=_("Given by (country)"), longest=60, attrs={"list": "countries"})
    until = forms.DateField(
        label=_("Holds until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    held_by = forms.ChoiceField(label=_("Who holds it now"), choices=HOLDERS, required=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in ("number", "country", "until"))

    def clean(self) -> dict[str, Any]:
        """A paper with its number, of a country that there is."""
        given: dict[str, Any] = self.cleaned_data
        if self.is_blank or self.errors:
            return given
        if not given["number"]:
            self.add_error("number", _t("A paper needs its number; where nobody knows it, write a dash."))
        given["country_code"] = find_country(given["country"]) if given["country"] else ""
        if given["country"] and not given["country_code"]:
            self.add_error("country", _t("This country is not known here. Choose it from the list, or write its code."))
        return given


class WayForm(forms.Form):
    """One way to reach her, and whether it is safe. `mark` stands for one that is kept and not shown."""

    mark = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
    kind = forms.ChoiceField(label=_("Way"), choices=WAYS, required=False)
    value = Written(label=_("Number, address or name"), longest=LONGEST_NAME)
    whose = Written(label=_("Whose it is, or who answers"), longest=LONGEST_NAME)
    safety = forms.ChoiceField(label=_("Is it safe to use this way?"), choices=SAFETY, required=False)
    first = forms.ChoiceField(label=_("Safe from"), choices=HOURS, required=False)
    last = forms.ChoiceField(label=_("Safe until"), choices=HOURS, required=False)
    say = Written(label=_("What to say to whoever answers"), longest=500, rows=2)
    gone = forms.BooleanField(label=_("Take this way away"), required=False)

    @property
    def is_kept(self) -> bool:
        """Whether the line stands for a way that is kept and not shown."""
        return bool(self["mark"].value())

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written, and nothing kept."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in ("mark", "value", "whose", "say"))

    def clean(self) -> dict[str, Any]:
        """A way with what it needs to be used."""
        given: dict[str, Any] = self.cleaned_data
        if self.is_blank or self.errors or given["gone"]:
            return given
        safety, first, last = given["safety"], given["first"], given["last"]
        if not given["value"] and not given["mark"]:
            self.add_error("value", _t("Write the number, the address or the name that belongs to this way."))
        if safety == "at-hours" and not (first and last and int(first) % 24 != int(last) % 24):
            self.add_error("first", _t("Choose from when until when it is safe."))
        if safety != "at-hours" and (first or last):
            self.add_error("safety", _t("There are hours. Choose “safe at certain hours”, or take the hours away."))
        if safety == "through-other" and not given["whose"] and not given["mark"]:
            self.add_error("whose", _t("Write through whom."))
        return given


class WhereForm(forms.Form):
    """Where the person is."""

    area = Written(label=_("Area, by its code or name"), longest=100)
    address = Written(label=_("Address, or how one finds it"), longest=500, rows=2)


class StoryForm(forms.Form):
    """What she tells, and what health she needs."""

    own_words = Written(
        label=_("In own words"),
        longest=LONGEST_TEXT,
        rows=6,
        help_text=_("Only what the person wants to have written down. Nobody has to tell it twice."),
    )
    health = Written(label=_("What health care is needed"), longest=LONGEST_TEXT, rows=3)


class FactsForm(forms.Form):
    """What stands in the open, to plan with."""

    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, initial=Person.Sex.UNKNOWN)
    nationalities = Codes(
        label=_("Nationalities"), find=find_country, name_of=country_name, offered="countries", least=2
    )
    stateless = forms.ChoiceField(
        label=_("Without nationality"), choices=Person.Stateless.choices, initial=Person.Stateless.UNKNOWN
    )
    languages = Codes(
        label=_("Languages, the one spoken best first"),
        find=find_language,
        name_of=language_name,
        offered="languages",
        least=3,
    )
    needs_interpreter = forms.BooleanField(label=_("An interpreter is needed"), required=False)
    level = forms.ChoiceField(
        label=_("Who may open this person"), choices=Person.Level.choices, initial=Person.Level.AUDITED
    )


class RelationForm(forms.Form):
    """How she stands to another."""

    kind = forms.ChoiceField(label=_("This person is"), choices=(("", _("choose")), *Relation.Kind.choices))
    other = Written(label=_("of the person with the code"), longest=20)
    may_know = forms.BooleanField(label=_("Each may be told where the other is"), required=False)

    def clean_other(self) -> str:
        """The code as it is kept."""
        code = cleaned(self.cleaned_data["other"]).upper()
        if not code:
            raise forms.ValidationError(
                _t("Write the code of the other person, as it stands on the page of that person.")
            )
        return code


class EraseForm(forms.Form):
    """Why somebody is erased."""

    REASONS: ClassVar = (
        (Erased.Reason.OWN_REQUEST.value, _("the person asked for it")),
        (Erased.Reason.KEPT.value, _("kept as long as it was to be")),
        (Erased.Reason.MISTAKE.value, _("entered by mistake")),
        (Erased.Reason.ORDER.value, _("a court or an authority ordered it")),
    )
    reason = forms.ChoiceField(label=_("Why"), choices=(("", _("choose")), *REASONS))


class SureForm(forms.Form):
    """The same once more, with the code typed by hand."""

    reason = forms.ChoiceField(choices=EraseForm.REASONS, widget=forms.HiddenInput())
    code = Written(label=_("Type the code of this person"), longest=20)

    def __init__(self, *args: Any, code: str, **more: Any) -> None:
        """`code` is what has to be typed."""
        super().__init__(*args, **more)
        self.wanted = code

    def clean_code(self) -> str:
        """The very code."""
        code: str = self.cleaned_data["code"].upper()
        if code != self.wanted:
            raise forms.ValidationError(_t("This is not the code of this person. Type it as it stands above."))
        return code


class HoldForm(forms.Form):
    """Why somebody may not be erased, and when that is looked at again."""

    REASONS: ClassVar = (
        (Subject.Held.COURT.value, _("a court asks for it")),
        (Subject.Held.INVESTIGATION.value, _("an investigation is going on")),
        (Subject.Held.COMPLAINT.value, _("a complaint is not settled")),
        (Subject.Held.LAW.value, _("a law asks for it")),
    )
    reason = forms.ChoiceField(label=_("Why this person must be kept"), choices=(("", _("choose")), *REASONS))
    review_on = forms.DateField(label=_("Looked at again on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class CodeForm(forms.Form):
    """A person by her code."""

    code = Written(label=_("Code"), longest=20)

    def clean_code(self) -> str:
        """The code as it is kept."""
        code: str = self.cleaned_data["code"].upper()
        if not code:
            raise forms.ValidationError(_t("Write the code of a person, as it stands on the page of that person."))
        return code
