"""Sittings: browsers in which people are signed in, kept so that a stolen table tells neither key nor person."""

from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref


class Sitting(AbstractBaseSession):
    """One sitting. The cookie's value opens it; only its hash is stored, and what the sitting holds is sealed by it.

    `owner_mark` is a keyed mark of the person, made with a key that lies outside the database: this program finds all
    sittings of one person by it, a thief of the table does not learn whose they are. `about_sealed` holds the coarse
    words about the browser, sealed with a key of the same folder, so that the person can tell her sittings apart.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    owner_mark = models.CharField(max_length=64, blank=True, db_index=True)
    about_sealed = models.BinaryField(null=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    PRIVACY: ClassVar = {
        "session_key": Privacy.SECRET,
        "session_data": Privacy.SECRET,
        "expire_date": Privacy.TECHNICAL,
        "ref": Privacy.TECHNICAL,
        "owner_mark": Privacy.SECRET,
        "about_sealed": Privacy.SECRET,
        "began_at": Privacy.STAFF,
        "seen_at": Privacy.STAFF,
    }

    class Meta:
        """A sitting was not seen before it began."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(seen_at__gte=models.F("began_at")), name="sitting_seen_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        """The reference; never the key, nor its hash."""
        return str(self.ref)
