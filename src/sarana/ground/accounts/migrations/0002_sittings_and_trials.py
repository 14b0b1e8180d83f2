"""Sittings, trials of signing in, ways back."""

from django.db import migrations, models

import sarana.basics.references


class Migration(migrations.Migration):
    """Sittings, trials of signing in, ways back."""

    dependencies = [
        ("accounts", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sitting",
            fields=[
                ("session_key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("session_data", models.TextField()),
                ("expire_date", models.DateTimeField(db_index=True)),
                ("ref", models.UUIDField(default=sarana.basics.references.new_ref, editable=False, unique=True)),
                ("owner_mark", models.CharField(blank=True, db_index=True, max_length=64)),
                ("about_sealed", models.BinaryField(null=True)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("recent", models.JSONField(default=list)),
                ("n_times_full", models.PositiveSmallIntegerField(default=0)),
                ("since_at", models.DateTimeField(db_index=True)),
                ("wait_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="invitation",
            name="is_way_back",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("is_active", True)),
                    models.Q(("ended_at__isnull", False), ("is_active", False)),
                    _connector="OR",
                ),
                name="account_ended_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_at__isnull", True), ("account__isnull", False), _connector="OR"),
                name="invitation_used_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_way_back", False), ("account__isnull", False), _connector="OR"),
                name="invitation_back_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen_at__gte", models.F("began_at"))), name="sitting_seen_after_it_began"
            ),
        ),
    ]
