"""Columns of handed files and what was said of them, what is asked for before one comes, and activities."""

import django.db.models.deletion
from django.db import migrations, models

import sarana.basics.references

SECTORS = [
    ("health", "health"),
    ("education", "education"),
    ("welfare", "social development and human security"),
    ("community", "community development"),
    ("interior", "registration and local administration"),
    ("labour", "labour"),
    ("other", "another sector"),
]
STANDS = [
    ("not-asked", "not asked yet"),
    ("asked", "asked, no answer yet"),
    ("yes", "it may be had"),
    ("no", "refused by the office"),
]
REASONS = [
    ("no-right", "they see no right to hand it over"),
    ("no-agreement", "an agreement is missing or has run out"),
    ("no-assessment", "an impact assessment is missing"),
    ("no-consent", "those in it did not agree"),
    ("not-safe", "they doubt that it is safe here"),
    ("no-means", "they have nobody or nothing to make it with"),
    ("not-kept", "they do not keep it any more"),
    ("no-answer", "no answer came"),
    ("other", "another reason, in their letter"),
]
KINDS = [
    ("papers", "papers: registration, citizenship, legal status"),
    ("school", "staying in school"),
    ("work", "skills and decent work"),
    ("health", "health and counselling"),
    ("income", "support in money or in kind"),
    ("family", "families and care"),
    ("migration", "safe migration"),
    ("knowing", "telling people how recruitment works"),
    ("other", "another kind"),
]
GROUPS = [
    ("class", "a whole class or school"),
    ("hamlet", "a whole hamlet or village"),
    ("ages", "an age group"),
    ("all", "everybody in the area"),
    ("officials", "those who help at work"),
]


class Migration(migrations.Migration):
    """Columns as they were seen, columns that were pointed at, and registers that offices hold."""

    dependencies = [
        ("population", "0008_pairs"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("part", models.CharField(max_length=120)),
                ("told", models.JSONField(default=list)),
                ("seen_at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="population.source"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="columns",
                        to="population.handedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ColumnSaid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("part", models.CharField(max_length=120)),
                ("column", models.CharField(max_length=120)),
                ("header", models.CharField(blank=True, max_length=120)),
                ("version", models.PositiveIntegerField()),
                ("said_at", models.DateTimeField()),
                ("said_by_ref", models.UUIDField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="columns_said",
                        to="population.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("sector", models.CharField(choices=SECTORS, max_length=12)),
                ("holder", models.CharField(max_length=160)),
                ("contact", models.CharField(blank=True, max_length=160)),
                ("legal_basis", models.CharField(blank=True, max_length=200)),
                ("codes", models.CharField(blank=True, max_length=200)),
                ("stands", models.CharField(choices=STANDS, max_length=10)),
                ("refused_by", models.CharField(blank=True, max_length=160)),
                ("reason", models.CharField(blank=True, choices=REASONS, max_length=14)),
                ("next_step", models.CharField(blank=True, max_length=160)),
                ("next_on", models.DateField(blank=True, null=True)),
                ("written_at", models.DateTimeField()),
                ("written_by_ref", models.UUIDField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="population.source",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("area", models.CharField(max_length=20)),
                ("place", models.CharField(blank=True, max_length=30)),
                ("organiser", models.CharField(max_length=160)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("group", models.CharField(choices=GROUPS, max_length=10)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("n_reached", models.PositiveIntegerField()),
                ("cost", models.PositiveBigIntegerField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("source_line", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("written_by_ref", models.UUIDField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_on__lte", models.F("until_on"))),
                name="population_activity_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost__isnull", True), ("currency", "")),
                    models.Q(("cost__isnull", False), models.Q(("currency", ""), _negated=True)),
                    _connector="OR",
                ),
                name="population_cost_in_a_currency",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["area", "-from_on", "-id"], name="population_activities"),
        ),
        migrations.AddIndex(
            model_name="filecolumns",
            index=models.Index(fields=["source", "part", "-seen_at"], name="population_columns_seen"),
        ),
        migrations.AddConstraint(
            model_name="columnsaid",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("source", "part", "column"),
                name="population_one_header_of_a_column",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("stands", "no"),
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("refused_by", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("stands", "no"), _negated=True),
                        ("reason", ""),
                        ("refused_by", ""),
                    ),
                    _connector="OR",
                ),
                name="population_refused_by_somebody_for_a_reason",
            ),
        ),
    ]
