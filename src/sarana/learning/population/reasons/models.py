"""What a run tells beside its table of areas: answers, sectors, and areas held against their circumstances."""

from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy


class Indicator(models.Model):
    """An indicator of which a run tells; with the strength that its lowest answer is, where it is one."""

    run = models.ForeignKey("population.Run", on_delete=models.CASCADE, related_name="indicators")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    sector = models.CharField(max_length=120, blank=True)
    strength = models.CharField(max_length=120, blank=True)
    strength_local = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "run"), Privacy.TECHNICAL),
        **dict.fromkeys(("key", "name", "sector", "strength", "strength_local", "position"), Privacy.OFFICIAL),
    }

    class Meta:
        """Each once in a run."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "key"], name="population_one_indicator"),
        ]

    def __str__(self) -> str:
        """Its key."""
        return self.key


class Answer(models.Model):
    """Of how many people of an area the answer to an indicator is known, and how many of these are in need."""

    run = models.ForeignKey("population.Run", on_delete=models.CASCADE, related_name="answers")
    level = models.CharField(max_length=12)
    code = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    n_known = models.PositiveIntegerField()
    n_need = models.PositiveIntegerField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "run"), Privacy.TECHNICAL),
        **dict.fromkeys(("level", "code", "key", "n_known", "n_need"), Privacy.OFFICIAL),
    }

    class Meta:
        """One line for each indicator of an area."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "level", "code", "key"], name="population_one_answer"),
            models.CheckConstraint(
                condition=models.Q(n_need__lte=models.F("n_known")), name="population_need_within_known"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["province", "district", "subdistrict"]),
                name="population_no_answer_of_a_village",
            ),
        ]

    def __str__(self) -> str:
        """Where, and what."""
        return f"{self.code} {self.key}"


class Sector(models.Model):
    """A sector of which a run tells: by which question people are known to it, and all its questions, by name."""

    run = models.ForeignKey("population.Run", on_delete=models.CASCADE, related_name="sectors")
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    known_by = models.CharField(max_length=40)
    questions = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "run"), Privacy.TECHNICAL),
        **dict.fromkeys(("key", "name", "known_by", "questions", "position"), Privacy.OFFICIAL),
    }

    class Meta:
        """Each once in a run."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "key"], name="population_one_sector"),
        ]

    def __str__(self) -> str:
        """Its key."""
        return self.key


class SectorAnswer(models.Model):
    """How many people of an area are known by a sector's one question, and how many have a gravest answer."""

    run = models.ForeignKey("population.Run", on_delete=models.CASCADE, related_name="sector_answers")
    level = models.CharField(max_length=12)
    code = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    n_known = models.PositiveIntegerField()
    n_gravest = models.PositiveIntegerField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "run"), Privacy.TECHNICAL),
        **dict.fromkeys(("level", "code", "key", "n_known", "n_gravest"), Privacy.OFFICIAL),
    }

    class Meta:
        """One line for each sector of an area."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "level", "code", "key"], name="population_one_sector_answer"),
            models.CheckConstraint(
                condition=models.Q(n_gravest__lte=models.F("n_known")), name="population_gravest_within_known"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["province", "district", "subdistrict"]),
                name="population_no_sector_of_a_village",
            ),
        ]

    def __str__(self) -> str:
        """Where, and which."""
        return f"{self.code} {self.key}"


class Better(models.Model):
    """A published subdistrict held against its circumstances: whether it does better, and no figure."""

    run = models.ForeignKey("population.Run", on_delete=models.CASCADE, related_name="held_against")
    code = models.CharField(max_length=30)
    is_better = models.BooleanField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "run"), Privacy.TECHNICAL),
        **dict.fromkeys(("code", "is_better"), Privacy.OFFICIAL),
    }

    class Meta:
        """Each area once in a run."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "code"], name="population_held_once"),
        ]

    def __str__(self) -> str:
        """Its code."""
        return self.code
