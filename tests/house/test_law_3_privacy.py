"""Law 3: every stored field of every room has a privacy grade, and no grade speaks of a field that is gone."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from sarana.basics.privacy import Privacy


def ungraded(rooms: Iterable[type[models.Model]]) -> list[str]:
    """Fields without a grade, grades without a field, and grades that are none."""
    found = []
    for model in rooms:
        grades: dict[str, Any] = getattr(model, "PRIVACY", {})
        fields = {field.name for field in model._meta.concrete_fields}
        found += [f"{model.__name__}.{name} has no privacy grade" for name in sorted(fields - set(grades))]
        found += [f"{model.__name__}.{name} is graded and not there" for name in sorted(set(grades) - fields)]
        found += [
            f"{model.__name__}.{name}: {grade!r} is no grade"
            for name, grade in grades.items()
            if not isinstance(grade, Privacy)
        ]
    return found


def test_every_stored_field_has_a_privacy_grade() -> None:
    rooms = [model for model in apps.get_models() if model.__module__.startswith("sarana.")]
    assert rooms, "nothing was found, so nothing was proved"
    assert ungraded(rooms) == []


GOOD = {"id": Privacy.TECHNICAL, "name": Privacy.STAFF}


@pytest.mark.parametrize(
    ("grades", "breach"),
    [
        (GOOD, []),
        ({"id": Privacy.TECHNICAL}, ["Ghost.name has no privacy grade"]),
        ({}, ["Ghost.id has no privacy grade", "Ghost.name has no privacy grade"]),
        ({**GOOD, "gone": Privacy.STAFF}, ["Ghost.gone is graded and not there"]),
        ({**GOOD, "name": "staff"}, ["Ghost.name: 'staff' is no grade"]),
    ],
)
@isolate_apps("sarana.ground.accounts")
def test_the_law_catches_a_field_without_a_grade(grades: dict[str, Any], breach: list[str]) -> None:
    class Ghost(models.Model):
        name = models.CharField(max_length=9)
        PRIVACY = grades

        class Meta:
            app_label = "accounts"

        def __str__(self) -> str:
            return self.name

    assert ungraded([Ghost]) == breach
