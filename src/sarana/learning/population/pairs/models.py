"""Pairs that wait to be judged, who opened them, and what was judged; of the people in them nothing stands here."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.methods.linkage.judged import CANNOT_SAY, NOT_SAME, SAME


class Verdict(models.TextChoices):
    """What may be said of a pair."""

    SAME = SAME, _("same person")
    NOT_SAME = NOT_SAME, _("not the same person")
    CANNOT_SAY = CANNOT_SAY, _("cannot say")


class Pair(models.Model):
    """One pair of a run's queue, by its place in it; what it says of two people lies sealed on the shelf of the run.

    `place` is 0 for one that is in the queue no more. `sure` is the verdict under which it may be decided with others
    of its kind. `needs` is how many people judge it: a few go to two, who do not know of each other. It is held for a
    while by whoever opened it. `asked_by_ref` is who wrote down that a row of this person is of somebody else (others
    who said so too stand beside, `AlsoAsked`): none of them judges it, and it counts only once two others did. Where
    what was judged before does not count any more, another pair is asked for `instead` of this one.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    run = models.ForeignKey("population.Run", on_delete=models.PROTECT, related_name="pairs")
    place = models.PositiveIntegerField()
    sure = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    needs = models.PositiveSmallIntegerField(default=1)
    held_by_ref = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    asked_by_ref = models.UUIDField(null=True)
    instead = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "run", "instead"), Privacy.TECHNICAL),
        **dict.fromkeys(("place", "sure", "needs"), Privacy.OFFICIAL),
        **dict.fromkeys(("held_by_ref", "held_until", "asked_by_ref"), Privacy.STAFF),
    }

    class Meta:
        """The queue of a run is read in its order; one or two people judge a pair."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(needs__in=(1, 2)), name="population_one_or_two_judge"),
            models.CheckConstraint(
                condition=models.Q(asked_by_ref__isnull=True) | models.Q(needs=2),
                name="population_two_judge_what_is_asked",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "place"], name="population_queue")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class AlsoAsked(models.Model):
    """Somebody who said so of the same person, too, after another did: she does not judge the pair either."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="also_asked")
    by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "pair"), Privacy.TECHNICAL),
        "by_ref": Privacy.STAFF,
    }

    class Meta:
        """She stands there once a pair."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair", "by_ref"], name="population_also_asked_once"),
        ]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Batch(models.Model):
    """A decision on all sure pairs of one kind at once; `undone_at` says when it was taken back as a whole."""

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    run = models.ForeignKey("population.Run", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    n_pairs = models.PositiveIntegerField()
    judged_at = models.DateTimeField()
    judged_by_ref = models.UUIDField()
    undone_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "run"), Privacy.TECHNICAL),
        **dict.fromkeys(("verdict", "n_pairs", "judged_at", "undone_at"), Privacy.OFFICIAL),
        "judged_by_ref": Privacy.STAFF,
    }

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Judgement(models.Model):
    """What one person judged of one pair. A row is never changed but to say that it was taken back, and never deleted.

    `sealed` names the two rows for the next run. It is sealed to the organisation's keys, which lie elsewhere: whoever
    has this table learns nothing of anybody, and not even whether two judgements are of one pair.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="judgements")
    turn = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    sealed = models.BinaryField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="judgements")
    judged_at = models.DateTimeField()
    judged_by_ref = models.UUIDField()
    undone_at = models.DateTimeField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "pair", "turn", "batch"), Privacy.TECHNICAL),
        **dict.fromkeys(("verdict", "judged_at", "undone_at"), Privacy.OFFICIAL),
        "sealed": Privacy.IDENTIFYING,
        "judged_by_ref": Privacy.STAFF,
    }

    class Meta:
        """A pair is judged once a turn, and by nobody twice."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pair", "turn"],
                condition=models.Q(undone_at__isnull=True),
                name="population_one_judgement_a_turn",
            ),
            models.UniqueConstraint(
                fields=["pair", "judged_by_ref"],
                condition=models.Q(undone_at__isnull=True),
                name="population_nobody_judges_twice",
            ),
            models.CheckConstraint(condition=models.Q(turn__in=(1, 2)), name="population_first_or_second_turn"),
        ]
        indexes: ClassVar = [models.Index(fields=["judged_by_ref", "-judged_at"], name="population_judged")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)
