"""Questions whose answer may be missing for a reason: the field of a form, its two columns, and how it is shown.

A model keeps two columns, `<name>` and `<name>_gap`, and a constraint that one of them, and only one, says something:

    age = models.PositiveSmallIntegerField(null=True, blank=True)
    age_gap = answers.gap_column()
    constraints = [answers.one_or_gap("person", "age")]

A form has `age = AnswerField(forms.IntegerField(min_value=0), label=…)`; its clean value is an `Answer`, which
`columns_of("age", answer)` turns into what is saved, and `answer_of(row, "age")` reads again.
"""

from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sarana.basics.gaps import Answer, Gap

GAPS: dict[Gap, Any] = {
    Gap.UNKNOWN: _("unknown"),
    Gap.NOT_ASKED: _("not asked"),
    Gap.REFUSED: _("did not want to say"),
    Gap.NOT_APPLICABLE: _("does not apply"),
}
"""A refusal is a right: it is told without a word of blame."""

GIVEN = ""
CHOICES = ((GIVEN, _("answered")), *((gap.value, words) for gap, words in GAPS.items()))
LONGEST = 16


def gap_column() -> "models.CharField[str, str]":
    """The column that says why there is no answer; a new row was not asked yet."""
    choices = [(gap.value, words) for gap, words in GAPS.items()]
    return models.CharField(max_length=LONGEST, choices=choices, blank=True, default=Gap.NOT_ASKED.value)


def one_or_gap(model: str, name: str, *, is_text: bool = False) -> models.CheckConstraint:
    """A constraint: an answer or one of the four reasons, never both and never neither."""
    empty = Q(**{name: ""}) if is_text else Q(**{f"{name}__isnull": True})
    gap = Q(**{f"{name}_gap__in": [gap.value for gap in Gap]})
    none = Q(**{f"{name}_gap": GIVEN})
    return models.CheckConstraint(condition=(~empty & none) | (empty & gap), name=f"{model}_{name}_answer_or_gap")


def columns_of(name: str, answer: Answer, *, is_text: bool = False) -> dict[str, Any]:
    """An answer as the two columns keep it."""
    missing = "" if is_text else None
    return {
        name: answer.value if answer.is_given else missing,
        f"{name}_gap": answer.gap.value if answer.gap else GIVEN,
    }


def answer_of(row: models.Model, name: str) -> Answer:
    """The answer that a row keeps."""
    gap = getattr(row, f"{name}_gap")
    return Answer(gap=Gap(gap)) if gap else Answer(getattr(row, name))


class AnswerWidget(forms.MultiWidget):
    """The question's own input, and under it why there may be no answer; works without script."""

    use_fieldset = True

    def __init__(self, inner: forms.Widget, label: Any) -> None:
        """The input is named by the question itself: a screen reader says it with the group."""
        inner.attrs = {**inner.attrs, "aria-label": label, "data-answer": ""}
        reasons = forms.RadioSelect(choices=CHOICES, attrs={"class": "gaps"})
        super().__init__({"": inner, "gap": reasons})

    def decompress(self, value: Any) -> list[Any]:
        """An answer as the two inputs show it."""
        if isinstance(value, Answer):
            return [value.value, value.gap.value if value.gap else GIVEN]
        return [value, GIVEN]


class AnswerField(forms.MultiValueField):
    """A question that is answered, or of which is said why it is not.

    Where it is not required and nothing was said, it was not asked. What was typed beside a reason is neither saved nor
    thrown away: the person is asked which of the two holds.
    """

    def __init__(self, inner: forms.Field, *, label: Any, **more: Any) -> None:
        """Put a question around a field of any kind."""
        inner.required = False
        reason = forms.ChoiceField(choices=CHOICES, required=False)
        widget = AnswerWidget(inner.widget, label)
        super().__init__((inner, reason), label=label, widget=widget, require_all_fields=False, **more)

    def clean(self, value: Any) -> Answer:
        """The answer.

        Raises:
            forms.ValidationError: both were said, or neither where one has to be, or the answer has not its shape.
        """
        typed, reason = [*(value or ()), None, None][:2]
        given = self.fields[0].clean(typed)
        said = self.fields[1].clean(reason)
        is_empty = given in self.empty_values
        if said and not is_empty:
            raise forms.ValidationError(
                _("There is an answer, and a reason why there is none. Keep the one that holds.")
            )
        if is_empty and not said:
            if self.required:
                raise forms.ValidationError(_("Write the answer, or choose why there is none."))
            said = Gap.NOT_ASKED.value
        return Answer(gap=Gap(said)) if said else Answer(given)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True where it is another answer than before."""
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True
