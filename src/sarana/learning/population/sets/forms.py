"""What is asked when a note is left, a set copied, and a draft changed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import BadSetting
from sarana.ground.accounts.models import Agency
from sarana.learning.population.sets import policy
from sarana.learning.population.sets.actions import Said
from sarana.learning.population.sets.models import OwnSet
from sarana.learning.population.sets.showing import name_in, said_in
from sarana.methods.population.chain_sets import check_own
from sarana.methods.risk.changing import changed_set, with_indicator, without_indicator
from sarana.methods.risk.sets import list_sets
from sarana.methods.risk.shapes import Indicator, IndicatorSet

PROVINCE = 4
"""So many signs has the code of a province in a mandate: two of the country, and two more."""

NEW_SOURCE = "new_source"
OTHER_FAULT = _("The set cannot be used so.")
FAULTS: dict[str, Any] = {
    "RISK-003": _("This rule cannot be read."),
    "RISK-004": _("This rule uses a name that nobody knows."),
    "RISK-005": _("This rule compares what cannot be compared."),
    "RISK-006": _("This rule names a code that the field does not have."),
    "RISK-007": _("A rule and the fields of the indicator do not fit together."),
    "RISK-008": _("This is never scored."),
    "RISK-012": _("The bands are not whole."),
    "RISK-017": _("This waits for an ethics decision, which is recorded with a run and not in a set."),
    "RISK-018": _("A rule may not name one person, one household or one day."),
    "RISK-019": _("This is held as our sets have it."),
    "RISK-016": _("What harms a person if it is known has to be kept apart."),
}
"""What is said at the field, in the reader's language; the page has place and cure in English, as the manual."""

RULES = (("3", _("When the answer is 3, high")), ("2", _("When it is 2")), ("1", _("When it is 1, low")))


def _rule(label: Any, **more: Any) -> forms.CharField:
    """A rule is written in the language of rules, which is the same for readers of every language."""
    widget = forms.Textarea(attrs={"rows": 2, "lang": "en"})
    return forms.CharField(label=label, max_length=2000, widget=widget, **more)


def _text(label: Any, most: int, *, lines: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


class _Sentence(forms.CharField):
    """One line that may be long: it is seen whole, and holds no ends of lines."""

    def __init__(self, label: Any, most: int, **more: Any) -> None:
        super().__init__(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 2, "lang": "und"}), **more)

    def to_python(self, value: Any) -> str:
        """With one space where there were several, or an end of a line."""
        return " ".join(str(super().to_python(value)).split())


class NoteForm(forms.Form):
    """A note on a set or on one of its indicators."""

    agency = forms.ChoiceField(label=_("For which agency you speak"))
    indicator = forms.ChoiceField(label=_("About"), required=False)
    text = _text(_("Note"), 1000, lines=3, help_text=_("No name of a person, and nothing by which one is known."))
    source = _text(_("Where that is written, or who found it out"), 300, help_text=_("A study, a law, a count."))

    def __init__(self, of: IndicatorSet, agencies: Sequence[Agency], *words: Any, **more: Any) -> None:
        """Offer the indicators of the set and her agencies."""
        super().__init__(*words, **more)
        language = get_language() or "en"
        self.found_agencies = {str(each.ref): each for each in agencies}
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [(ref, each.called(language)) for ref, each in self.found_agencies.items()]
        every = [(each.id, f"{each.id}: {name_in(each.name, language)}") for each in of.indicators]
        fields["indicator"].choices = [("", _("the set as a whole")), *every]

    def agency_chosen(self) -> Agency:
        """For which agency she speaks."""
        return self.found_agencies[self.cleaned_data["agency"]]

    def said(self) -> Said:
        """What was given, as the action takes it."""
        return Said(**{name: self.cleaned_data[name] for name in Said.__slots__})


class CopyForm(forms.Form):
    """Which set is copied, for which province."""

    of = forms.ChoiceField(label=_("Set to begin with"))
    agency = forms.ChoiceField(label=_("Agency"))
    area = forms.ChoiceField(label=_("Province"))

    def __init__(
        self, actor: Actor, agencies: Sequence[Agency], own: Sequence[OwnSet], *words: Any, **more: Any
    ) -> None:
        """Offer every set that comes with Sarana, all versions of provinces, her agencies and their provinces."""
        super().__init__(*words, **more)
        language = get_language() or "en"
        self.found_agencies = {str(each.ref): each for each in agencies}
        self.own = {str(each.ref): each for each in own}
        held = {held for grant in policy.changer_grants(actor) for held in grant.mandate}
        areas = sorted(each for each in held if len(each) == PROVINCE and policy.may_change_in(actor, each))
        fields: dict[str, Any] = self.fields
        fields["of"].choices = [(name, name) for name in list_sets()]
        fields["of"].choices += [(ref, f"{each.called} ({each.get_state_display()})") for ref, each in self.own.items()]
        fields["agency"].choices = [(ref, each.called(language)) for ref, each in self.found_agencies.items()]
        fields["area"].choices = [(area, area) for area in areas]


class _DraftForm(forms.Form):
    """A form over a draft: what is typed becomes a set, and what is wrong with it stands beside its field."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, of: IndicatorSet, *words: Any, **more: Any) -> None:
        """Over this set."""
        super().__init__(*words, **more)
        self.of = of
        self.held: IndicatorSet | None = None
        self.in_english = ""

    def clean(self) -> dict[str, Any]:
        """Make the set that was typed; a fault of it is a fault of the form."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                held = self.made(given)
                check_own(held, held.id)
                self.held = held
            except BadSetting as err:
                plain = FAULTS.get(err.code, OTHER_FAULT)
                what = f"{err.what[:1].upper()}{err.what[1:]}"
                self.in_english = f"{what} {err.cure}"
                self.add_error(self.field_of(err.where), f"{plain} ({err.code})")
        return given

    def made(self, given: dict[str, Any]) -> IndicatorSet:
        """The set that was typed."""
        raise NotImplementedError

    def field_of(self, where: str) -> str | None:
        """The field beside which a fault stands; None where it is about more than one."""
        raise NotImplementedError


class IndicatorForm(_DraftForm):
    """One indicator of a draft."""

    name = _text(_("What is asked"), 200)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=100, help_text=_("From 1 to 100."))
    is_off = forms.BooleanField(label=_("Off until the province records an ethics decision"), required=False)
    max_age_months = forms.IntegerField(
        label=_("Older than so many months is not known"),
        min_value=0,
        max_value=1200,
        required=False,
        help_text=_("Empty: as the set has it. 0: it stays true for life."),
    )
    applies = _rule(_("For whom the question makes sense"))
    rule_3 = _rule(RULES[0][1], required=False)
    rule_2 = _rule(RULES[1][1], required=False)
    rule_1 = _rule(RULES[2][1], required=False)
    sources = forms.MultipleChoiceField(
        label=_("What it rests on"), widget=forms.CheckboxSelectMultiple, required=False
    )
    new_source = _text(_("And something else"), 300, required=False, help_text=_("Who, when, what."))
    note = _text(_("What should be known of it"), 2000, lines=3, required=False)
    leave_out = forms.BooleanField(label=_("Leave this indicator out of the set"), required=False)

    def __init__(self, of: IndicatorSet, indicator: Indicator, *words: Any, **more: Any) -> None:
        """Over one indicator, as it stands."""
        score = {f"rule_{key}": indicator.score.get(key, "") for key, _label in RULES}
        before = {name: getattr(indicator, name) for name in ("name", "weight", "max_age_months", "applies", "note")}
        more["initial"] = {
            **before,
            **score,
            "sources": list(indicator.sources),
            "is_off": indicator.status == "ethics",
            **more.get("initial", {}),
        }
        super().__init__(of, *words, **more)
        self.indicator = indicator
        fields: dict[str, Any] = self.fields
        fields["sources"].choices = list(of.literature.items())

    def made(self, given: dict[str, Any]) -> IndicatorSet:
        """The set with this indicator as it was typed, or without it."""
        key = self.indicator.id
        if given["leave_out"]:
            return without_indicator(self.of, key)
        of, sources = self.of, list(given["sources"])
        if given[NEW_SOURCE]:
            number = next(n for n in range(1, 1000) if f"P{n}" not in of.literature)
            of = changed_set(of, literature={**of.literature, f"P{number}": given[NEW_SOURCE]})
            sources.append(f"P{number}")
        parts = {name: given[name] for name in ("name", "weight", "max_age_months", "applies", "note")}
        score = {each: given[f"rule_{each}"].strip() for each, _label in RULES if given[f"rule_{each}"].strip()}
        return with_indicator(
            of, key, **parts, score=score, sources=sources, status="ethics" if given["is_off"] else "on"
        )

    def clean_sources(self) -> list[str]:
        """Something it must rest on."""
        given: list[str] = self.cleaned_data["sources"]
        if not given and not self.data.get(NEW_SOURCE, "").strip() and not self.data.get("leave_out"):
            raise forms.ValidationError(_("Say what it rests on."))
        return given

    def field_of(self, where: str) -> str | None:
        """By the part of the indicator that the place names."""
        parts = {f"score {key}": f"rule_{key}" for key, _label in RULES} | {"applies": "applies"}
        return next((name for part, name in parts.items() if f", {part}" in where), None)

    def clean_is_off(self) -> bool:
        """What waits for a decision keeps waiting."""
        given: bool = self.cleaned_data["is_off"]
        if self.indicator.status == "ethics" and not given:
            raise forms.ValidationError(FAULTS["RISK-017"])
        return given


class WholeForm(_DraftForm):
    """What holds for a draft as a whole: its title, its numbers, its bands."""

    title = _Sentence(_("Title"), 200)
    max_age_months = forms.IntegerField(label=_("Older than so many months is not known"), min_value=1, max_value=1200)
    banding = forms.ChoiceField(label=_("Way of banding"))

    def __init__(self, of: IndicatorSet, *words: Any, **more: Any) -> None:
        """With a field for each number and each rule of a band that the set has."""
        before: dict[str, Any] = {name: getattr(of, name) for name in ("title", "max_age_months", "banding")}
        more["initial"] = {**before, **more.get("initial", {})}
        super().__init__(of, *words, **more)
        fields: dict[str, Any] = self.fields
        language = get_language() or "en"
        fields["banding"].choices = [(name, said_in(each.says, language)) for name, each in of.bandings.items()]
        self.groups: list[tuple[str, str, list[str]]] = []
        for name, said in of.parameters.items():
            parts = [f"{part}-{name}" for part in ("value", "unit", "source")]
            fields[parts[0]] = forms.FloatField(label=_("Number"), initial=said.value)
            fields[parts[1]] = _text(_("Unit"), 200, initial=said.unit)
            fields[parts[2]] = _Sentence(_("Source"), 300, initial=said.source)
            self.groups.append((name, "", parts))
        for name, banding in of.bandings.items():
            rules = {f"band-{name}-{band}": band for band in banding.order[:-1]}
            for key, band in rules.items():
                label = _("When the band is %(band)s") % {"band": str(BANDS[band])}
                fields[key] = _rule(label, initial=banding.rules[band])
            self.groups.append((name, said_in(banding.says, language), list(rules)))

    def first_fields(self) -> list[forms.BoundField]:
        """What belongs to no number and no way of banding."""
        grouped = {key for _name, _says, keys in self.groups for key in keys}
        return [field for field in self.visible_fields() if field.name not in grouped]

    def grouped_fields(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Numbers and ways of banding: the name of each, what it says of itself, its fields."""
        return [(name, says, [self[key] for key in keys]) for name, says, keys in self.groups]

    def made(self, given: dict[str, Any]) -> IndicatorSet:
        """The set with what was typed."""
        parameters = {
            name: {part: given[f"{part}-{name}"] for part in ("value", "unit", "source")} for name in self.of.parameters
        }
        bandings = {
            name: {
                "says": each.says,
                "order": each.order,
                "rules": {band: given.get(f"band-{name}-{band}", rule) for band, rule in each.rules.items()},
            }
            for name, each in self.of.bandings.items()
        }
        parts = {name: given[name] for name in ("title", "max_age_months", "banding")}
        return changed_set(self.of, **parts, parameters=parameters, bandings=bandings)

    def field_of(self, where: str) -> str | None:
        """By the banding and the band that the place names."""
        return next((name for name in self.fields if name.startswith("band-") and where.endswith(_place(name))), None)


def _place(name: str) -> str:
    _band, banding, band = name.split("-", 2)
    return f"banding {banding}, {band}"


BANDS = {"red": _("high"), "yellow": _("middle"), "green": _("low"), "grey": _("not known enough")}
