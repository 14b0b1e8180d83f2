"""Fields and rows of forms about people: text that is kept as it was written, codes by their names, lines that repeat.

Nothing that was typed is lost: no field cuts what is too long, and a form that is shown again shows it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from sarana.basics.errors import SaranaError
from sarana.care.people.values import MOST, cleaned

MORE = 2
"""So many lines are added where somebody asks for more."""


class Written(forms.CharField):
    """Text in normal form, without signs that nobody sees; too long is said, and never cut by the browser."""

    def __init__(self, *, longest: int, rows: int = 0, attrs: Mapping[str, Any] | None = None, **more: Any) -> None:
        """One line, or so many rows."""
        shown = {"autocomplete": "off", "lang": "und", **(attrs or {})}
        widget = forms.Textarea({**shown, "rows": rows}) if rows else forms.TextInput(shown)
        super().__init__(required=False, widget=widget, strip=False, **more)
        self.longest, self.has_lines = longest, bool(rows)

    def to_python(self, value: Any) -> str:
        """The text as it is kept."""
        text = cleaned(str(value or "").replace("\r\n", "\n"))
        return text if self.has_lines else " ".join(text.split())

    def validate(self, value: str) -> None:
        """Not too long."""
        if len(value) > self.longest:
            told = {"most": f"{self.longest:,}", "has": f"{len(value):,}"}
            raise forms.ValidationError(_("This has %(has)s letters; %(most)s are kept at most. Shorten it.") % told)


class Several(forms.TextInput):
    """Several inputs of one name, with one that is free beside those that were filled in."""

    template_name = "people/parts/several.html"

    def __init__(self, offered: str, least: int) -> None:
        """`offered` is the id of the list of what may be chosen."""
        super().__init__({"list": offered, "autocomplete": "off"})
        self.least = least

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """All that was typed."""
        typed = data.getlist(name) if isinstance(data, QueryDict) else data.get(name) or []
        return [text for text in typed if text.strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never told from an empty line."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The inputs."""
        context = super().get_context(name, None, attrs)
        typed = list(value or [])
        context["widget"]["typed"] = typed + [""] * max(self.least - len(typed), 1)
        return context


class Codes(forms.Field):
    """Countries or languages, each by its name or its code."""

    def __init__(
        self, *, find: Callable[[str], str], name_of: Callable[[str], str], offered: str, least: int, **more: Any
    ) -> None:
        """`find` reads what was typed, `name_of` shows what was saved."""
        super().__init__(required=False, widget=Several(offered, least), **more)
        self.widget.attrs["aria-label"] = self.label
        self.find, self.name_of = find, name_of

    def prepare_value(self, value: Any) -> list[str]:
        """What was typed, or the names of what was saved."""
        return [self.name_of(text) if self.find(text) == text else text for text in value or []]

    def clean(self, value: Any) -> tuple[str, ...]:
        """The codes, each once."""
        found = {text: self.find(cleaned(text)) for text in value or []}
        wrong = [text for text, code in found.items() if not code]
        if wrong:
            raise forms.ValidationError(
                _("“%(typed)s” is not known here. Choose it from the list, or write its code.")
                % {"typed": cleaned(wrong[0])[:60]}
            )
        if len(found) > MOST:
            raise forms.ValidationError(_("At most %(most)s are kept.") % {"most": MOST})
        return tuple(dict.fromkeys(found.values()))


class Lines[F: forms.Form]:
    """Several forms of one kind, one below the other, as many as were there and some that are empty."""

    def __init__(
        self,
        form: type[F],
        prefix: str,
        data: Any = None,
        *,
        initial: list[dict[str, Any]] | None = None,
        least: int = 2,
        more: bool = False,
    ) -> None:
        """From what was sent, from what was saved, or empty; `more` keeps what was sent and adds lines, unchecked."""
        self.prefix, self.counter = prefix, f"{prefix}-n"
        if data is None:
            begun = initial or []
            n = max(least, len(begun) + 1) if begun else least
            self.forms = [
                form(prefix=f"{prefix}-{at}", initial=begun[at] if at < len(begun) else {}) for at in range(n)
            ]
            return
        n = _number(data.get(self.counter, ""), least)
        self.forms = [form(data, prefix=f"{prefix}-{at}") for at in range(n)]
        if more:
            typed = [raw(each) for each in self.forms]
            self.forms = [
                form(prefix=f"{prefix}-{at}", initial=typed[at] if at < n else {}) for at in range(min(n + MORE, MOST))
            ]

    def __iter__(self) -> Iterator[F]:
        """Line by line."""
        return iter(self.forms)

    @property
    def n(self) -> int:
        """How many lines there are."""
        return len(self.forms)

    def is_valid(self) -> bool:
        """Whether every line is; all are looked at."""
        wrong = [each for each in self.forms if not each.is_valid()]
        return not wrong

    def add_to(self, at: int, field: str, wrong: SaranaError) -> None:
        """Say at a field of a line what is wrong with it."""
        self.forms[at].add_error(field, sentence(wrong))


def raw(form: forms.Form) -> dict[str, Any]:
    """What was typed into a form, as it was typed."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def sentence(wrong: SaranaError) -> str:
    """An error of ours in the language of the page: what is wrong, and what to do."""
    return " ".join(filter(None, (_(wrong.what), _(wrong.cure) if wrong.cure else "")))


def _number(text: str, least: int) -> int:
    return max(least, min(int(text), MOST)) if text.isascii() and text.isdigit() and len(text) < 4 else least
