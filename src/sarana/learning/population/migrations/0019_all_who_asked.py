"""Everybody who said of a person that a row is of somebody else is kept from judging; a pair may be asked for anew."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Everybody who said of a person that a row is of somebody else is kept from judging; a pair may be asked for anew."""

    dependencies = [("population", "0018_drawn_by")]

    operations = [
        migrations.AddField(
            model_name="pair",
            name="instead",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="population.pair"
            ),
        ),
        migrations.CreateModel(
            name="AlsoAsked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("by_ref", models.UUIDField()),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="also_asked",
                        to="population.pair",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="alsoasked",
            constraint=models.UniqueConstraint(fields=("pair", "by_ref"), name="population_also_asked_once"),
        ),
    ]
