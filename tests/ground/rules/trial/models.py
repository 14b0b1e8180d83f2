"""A row with an agency, its chain, an area, a level, an owner, and people to whom it was given."""

from django.db import models


class Person(models.Model):
    """Somebody to whom a row can be given."""

    ref = models.UUIDField(unique=True)


class Row(models.Model):
    """A thing as a room would store it."""

    agency_ref = models.UUIDField(null=True)
    agency_path = models.CharField(max_length=400, blank=True)
    area = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=12)
    owner_ref = models.UUIDField(null=True)
    assigned = models.ManyToManyField(Person)
