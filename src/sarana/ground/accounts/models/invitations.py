"""An invitation: a link that lets one person make her account, once, within the hour."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


def hash_word(word: str) -> str:
    """What is stored of a link's word: its hash; a word of 256 random bits needs nothing slower."""
    return hashlib.sha256(word.encode()).hexdigest()


class Invitation(models.Model):
    """A place kept for one person in an agency. Only the hash of the link's word is stored.

    A way back is an invitation for somebody who has an account and lost what she signs in with.
    """

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="invitations")
    role = models.ForeignKey("accounts.Role", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    word_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by_ref = models.UUIDField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_way_back = models.BooleanField(default=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "ref": Privacy.TECHNICAL,
        "agency": Privacy.STAFF,
        "role": Privacy.STAFF,
        "name": Privacy.STAFF,
        "word_hash": Privacy.SECRET,
        "made_at": Privacy.STAFF,
        "made_by_ref": Privacy.STAFF,
        "expires_at": Privacy.STAFF,
        "used_at": Privacy.STAFF,
        "withdrawn_at": Privacy.STAFF,
        "account": Privacy.STAFF,
        "is_way_back": Privacy.STAFF,
    }

    class Meta:
        """An invitation is used or withdrawn, never both, and lapses after it is made."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_is_used_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="invitation_lapses_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(account__isnull=False),
                name="invitation_used_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(is_way_back=False) | models.Q(account__isnull=False),
                name="invitation_back_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        """The reference."""
        return str(self.ref)
