"""Sealed identities: a row for each person, her tiers, on which basis others read, what they read with, who was erased.

Nothing here says who anybody is: names lie sealed in `Sealed`, and no other column comes from a person.
"""

import datetime as dt
from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.methods.sealing.identities import Tier

TIERS = [str(tier) for tier in Tier]


class Subject(models.Model):
    """A person of one agency: her key, sealed for that agency, which versions her tiers have, whether she is held."""

    class Held(models.TextChoices):
        """Why a person may not be erased now."""

        COURT = "court", "a court asks for it"
        INVESTIGATION = "investigation", "an investigation is going on"
        COMPLAINT = "complaint", "a complaint is not settled"
        LAW = "law", "a law asks for it"

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    agency_ref = models.UUIDField()
    epoch = models.PositiveIntegerField()
    own_key = models.BinaryField()
    versions = models.JSONField(default=dict)
    held = models.CharField(max_length=20, blank=True, choices=Held.choices)
    held_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "agency_ref", "epoch", "versions"), Privacy.TECHNICAL),
        "own_key": Privacy.SECRET,
        **dict.fromkeys(("held", "held_at", "review_on"), Privacy.SENSITIVE),
    }

    class Meta:
        """A hold has a moment and a day on which somebody looks at it again."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(held="", held_at__isnull=True, review_on__isnull=True)
                | (~models.Q(held="") & models.Q(held_at__isnull=False, review_on__isnull=False)),
                name="vault_hold_has_a_review",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency_ref", "epoch", "id"], name="vault_subject_epoch")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)


class Sealed(models.Model):
    """One tier of a person, sealed under the key that is derived from hers."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="sealed")
    agency_ref = models.UUIDField()
    tier = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "subject", "agency_ref", "tier", "version"), Privacy.TECHNICAL),
        "sealed": Privacy.IDENTIFYING,
    }

    class Meta:
        """A tier is there once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "tier"], name="vault_sealed_once_a_tier"),
            models.CheckConstraint(condition=models.Q(tier__in=TIERS), name="vault_sealed_tier_is_known"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="vault_sealed_versions_begin_at_one"),
        ]

    def __str__(self) -> str:
        """Which tier of whom."""
        return f"{self.subject_id} {self.tier}"


class Earlier(models.Model):
    """A version of a tier that was changed while its person was held: as it was sealed, which her key still opens."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="earlier")
    agency_ref = models.UUIDField()
    tier = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    until_at = models.DateTimeField()
    """Until when it was what is kept of the person."""
    goes_on = models.DateField(null=True)
    """On which day it goes, once nobody holds the person any more."""

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "subject", "agency_ref", "tier", "version"), Privacy.TECHNICAL),
        "sealed": Privacy.IDENTIFYING,
        **dict.fromkeys(("until_at", "goes_on"), Privacy.SENSITIVE),
    }

    class Meta:
        """A version is kept once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "tier", "version"], name="vault_earlier_once_a_version"),
            models.CheckConstraint(condition=models.Q(tier__in=TIERS), name="vault_earlier_tier_is_known"),
        ]

    def __str__(self) -> str:
        """Which version of which tier of whom."""
        return f"{self.subject_id} {self.tier} {self.version}"


class Basis(models.Model):
    """Why another agency reads tiers of a person: what she agreed to, or what a law says; never changed, once ended."""

    class Kind(models.TextChoices):
        """What it stands on."""

        CONSENT = "consent", "the person agreed"
        LAW = "law", "a law, or an order under it"

    class Ground(models.TextChoices):
        """What lets another agency read where nobody agreed."""

        ORDER = "order", "a court or a prosecutor ordered it"
        DUTY = "duty", "a law demands that it is told"
        DANGER = "danger", "somebody's life or health is in danger"

    ref = models.UUIDField(unique=True, default=new_ref, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="bases")
    agency_ref = models.UUIDField()
    recipient_ref = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    tiers = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    begins_at = models.DateTimeField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=10, blank=True, choices=Ground.choices)
    decided_by_ref = models.UUIDField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "ref", "subject"), Privacy.TECHNICAL),
        **dict.fromkeys(
            ("agency_ref", "recipient_ref", "kind", "tiers", "purpose", "begins_at", "until", "ended_at", "ground"),
            Privacy.SENSITIVE,
        ),
        "decided_by_ref": Privacy.STAFF,
    }

    class Meta:
        """It lets another agency in, not one's own, and into something."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(recipient_ref=models.F("agency_ref")), name="vault_basis_is_for_another"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["consent", "law"]) & ~models.Q(tiers="") & ~models.Q(purpose=""),
                name="vault_basis_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="consent", ground="") | (models.Q(kind="law") & ~models.Q(ground="")),
                name="vault_basis_of_law_has_a_ground",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["recipient_ref", "subject"], name="vault_basis_recipient")]

    def __str__(self) -> str:
        """Its reference."""
        return str(self.ref)

    def all_tiers(self) -> tuple[Tier, ...]:
        """The tiers that it lets in to."""
        return tuple(Tier(tier) for tier in self.tiers.split())

    def lives(self, day: dt.date) -> bool:
        """Whether it lets anybody in on a day: it did not end, and its last day is not over."""
        return self.ended_at is None and day <= self.until


class Shared(models.Model):
    """The key of one version of a tier, sealed for the agency that a basis names: it cannot stand without that basis.

    Another agency gives it sealed to a public half; the first rotation of whoever was given it seals it as its own.
    """

    class Form(models.TextChoices):
        """How it is sealed."""

        GIVEN = "given", "to the public half of whoever was given it"
        OWN = "own", "with the key of whoever was given it"

    basis = models.ForeignKey(Basis, on_delete=models.CASCADE, related_name="shared")
    agency_ref = models.UUIDField()
    recipient_ref = models.UUIDField()
    tier = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    form = models.CharField(max_length=10, choices=Form.choices)
    sealed = models.BinaryField()

    PRIVACY: ClassVar = {
        **dict.fromkeys(
            ("id", "basis", "agency_ref", "recipient_ref", "tier", "version", "epoch", "form"), Privacy.TECHNICAL
        ),
        "sealed": Privacy.SECRET,
    }

    class Meta:
        """One for each tier of a basis, always for another agency."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["basis", "tier"], name="vault_shared_once_a_tier"),
            models.CheckConstraint(
                condition=~models.Q(recipient_ref=models.F("agency_ref")), name="vault_shared_is_for_another"
            ),
            models.CheckConstraint(condition=models.Q(tier__in=TIERS), name="vault_shared_tier_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["recipient_ref", "epoch", "id"], name="vault_shared_epoch")]

    def __str__(self) -> str:
        """Which tier on which basis."""
        return f"{self.basis_id} {self.tier}"


class Erased(models.Model):
    """That somebody was erased, a basis ended, a hold set or ended: a line of the list in the key folder, kept here.

    Lines that tell of holds and of numbers of keys have reasons of their own (`methods.sealing.erased`).
    """

    class Reason(models.TextChoices):
        """Why."""

        OWN_REQUEST = "own-request", "the person asked for it"
        KEPT = "kept", "kept as long as it was to be"
        MISTAKE = "mistake", "entered by mistake"
        ORDER = "order", "a court or an authority ordered it"
        ENDED = "ended", "no person: what another agency read on was ended"

    mark = models.CharField(max_length=64, unique=True)
    at = models.CharField(max_length=20)
    reason = models.CharField(max_length=40, choices=Reason.choices)
    agency_ref = models.UUIDField()
    key = models.CharField(max_length=8)
    hash = models.CharField(max_length=64)

    PRIVACY: ClassVar = {
        **dict.fromkeys(("id", "mark", "key", "hash"), Privacy.TECHNICAL),
        **dict.fromkeys(("at", "reason", "agency_ref"), Privacy.SENSITIVE),
    }

    def __str__(self) -> str:
        """Its place in the database."""
        return str(self.pk)
