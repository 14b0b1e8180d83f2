"""Answers that may be missing for a reason: typed, kept, read again and shown, and never mixed up."""

from typing import Any

import pytest
from django import forms
from django.db import IntegrityError, connection, models, transaction
from django.template import Context, Template
from django.test.utils import isolate_apps
from django.utils import translation

from makers.second_wall import as_owner
from sarana.basics.gaps import Answer, Gap
from sarana.ground.pages import answers


class Asking(forms.Form):
    """Two questions, one of which has to be answered somehow."""

    age = answers.AnswerField(forms.IntegerField(min_value=0, max_value=120), label="Age")
    wish = answers.AnswerField(forms.CharField(max_length=20), label="Wish", required=False)


def sent(**typed: str) -> Asking:
    """The form as a browser sends it."""
    return Asking(typed)


@pytest.mark.parametrize("gap", list(Gap))
def test_each_reason_is_another_answer(gap: Gap) -> None:
    form = sent(age_gap=gap.value)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["age"] == Answer(gap=gap)
    assert not form.cleaned_data["age"].is_given


def test_what_is_typed_is_the_answer_and_zero_is_one() -> None:
    form = sent(age="0", age_gap="", wish="school")
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"age": Answer(0), "wish": Answer("school")}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"age": "30", "age_gap": "refused"}, "Keep the one that holds"),
        ({"age": "", "age_gap": ""}, "choose why there is none"),
        ({}, "choose why there is none"),
        ({"age": "200"}, "less than or equal to 120"),
        ({"age_gap": "nonsense"}, "nonsense"),
    ],
)
def test_what_does_not_hold_together_is_said_and_nothing_typed_is_lost(typed: dict[str, str], says: str) -> None:
    form = sent(**typed)
    assert says in str(form.errors["age"])
    widgets = form["age"].subwidgets[0].data["subwidgets"]
    assert (widgets[0]["value"] or "") == typed.get("age", "")
    assert widgets[1]["value"] == [typed.get("age_gap", "")]


def test_a_question_that_nobody_had_to_answer_was_not_asked() -> None:
    assert sent(age="1").is_valid()
    form = sent(age="1")
    form.full_clean()
    assert form.cleaned_data["wish"] == Answer(gap=Gap.NOT_ASKED)


def test_a_form_shows_the_answer_it_had_before_and_notices_a_change() -> None:
    form = Asking({"age_gap": "unknown"}, initial={"age": Answer(gap=Gap.REFUSED)})
    assert "age" in form.changed_data
    assert "age" not in Asking({"age_gap": "refused"}, initial={"age": Answer(gap=Gap.REFUSED)}).changed_data
    shown = Asking(initial={"age": Answer(gap=Gap.REFUSED)})["age"].subwidgets[0].data["subwidgets"]
    assert (shown[0]["value"], shown[1]["value"]) == (None, ["refused"])


def test_a_screen_reader_is_told_the_question_with_its_input_and_its_reasons() -> None:
    bound = sent()["age"]
    assert bound.use_fieldset
    assert 'aria-label="Age"' in str(bound)
    assert str(bound).count('type="radio"') == len(Gap) + 1


def test_reasons_are_shown_apart_from_words_and_in_thai() -> None:
    template = Template("{% load house %}{% answer one %}|{% answer two %}")
    with translation.override("th"):
        shown = template.render(Context({"one": Answer(gap=Gap.REFUSED), "two": Answer("<b>refused</b>")}))
    told, typed = shown.split("|")
    assert 'class="gap gap-refused"' in told
    assert "ไม่ประสงค์จะตอบ" in told
    assert typed == "&lt;b&gt;refused&lt;/b&gt;"


@pytest.mark.parametrize(("value", "gap"), [(None, None), ("", None), (1, Gap.UNKNOWN)])
def test_an_answer_is_one_of_the_two(value: Any, gap: Gap | None) -> None:
    with pytest.raises(ValueError, match="a value or a gap"):
        Answer(value, gap)


@pytest.mark.django_db(transaction=True)
@isolate_apps("sarana.ground.pages")
def test_the_database_keeps_an_answer_or_a_reason_and_nothing_else() -> None:
    class Told(models.Model):
        """Somebody's age as it was told."""

        age = models.PositiveSmallIntegerField(null=True)
        age_gap = answers.gap_column()

        class Meta:
            """One of the two."""

            app_label = "pages"
            constraints = (answers.one_or_gap("told", "age"),)

    with as_owner():
        with connection.schema_editor() as editor:
            editor.create_model(Told)
        try:
            _keep_and_read(Told)
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(Told)


def _keep_and_read(told: type[models.Model]) -> None:
    rows = told._default_manager
    for kept in (Answer(0), *(Answer(gap=gap) for gap in Gap)):
        row = rows.create(**answers.columns_of("age", kept))
        row.refresh_from_db()
        assert answers.answer_of(row, "age") == kept
    for age, gap in ((None, ""), (3, "refused"), (None, "other")):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.create(age=age, age_gap=gap)
