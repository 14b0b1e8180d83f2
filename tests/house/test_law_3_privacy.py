"""Law 3: every stored field of every room has a privacy grade, and no grade speaks of a field that is gone."""

from django.apps import apps

from sarana.basics.privacy import Privacy


def test_every_stored_field_has_a_privacy_grade() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("sarana.")]
    assert models, "nothing was found, so nothing was proved"
    for model in models:
        grades = getattr(model, "PRIVACY", {})
        assert set(grades) == {field.name for field in model._meta.concrete_fields}, model.__name__
        assert all(isinstance(grade, Privacy) for grade in grades.values()), model.__name__
