"""Forms that were sent: kept for a day, so that one that is sent twice is done once."""

from typing import ClassVar

from django.db import models

from sarana.basics.privacy import Privacy


class SentForm(models.Model):
    """One form of one page, from the moment it was sent.

    `mark` is a keyed mark of the person and of the page's own word: neither can be read from it. `answer_sealed` is the
    address to which the answer led, sealed with a key that lies outside the database; empty while the act goes on.
    """

    mark = models.CharField(max_length=64, primary_key=True)
    sent_at = models.DateTimeField(db_index=True)
    answer_sealed = models.BinaryField(null=True)

    PRIVACY: ClassVar = {
        "mark": Privacy.SECRET,
        "sent_at": Privacy.TECHNICAL,
        "answer_sealed": Privacy.SECRET,
    }

    def __str__(self) -> str:
        """When it was sent, nothing more."""
        return self.sent_at.isoformat()
