"""A form that is sent twice is done once: by a double click, by a line that is tried again, by going back and forth.

Every form of every page carries a word of its own beside the word against forgery: the tag `csrf_token` writes both, so
that no template can forget it. Who sends a word first does the act; whoever sends it again waits until that is done,
and is led to where the first was led, with a sentence that says so. What was not done (an error in the form, a refusal,
a fault) lets the word go, so that it can be sent again.

This is what forms and views know of it; the middleware stands with the pages (`ground/pages/sent_twice.py`).

On PostgreSQL the word stands in the transaction of the act itself: the second waits for the first at its primary key.
On SQLite it is written before the act, and finished after it; if the machine stops between the two, the second is told
that nobody knows, and to look. It is never done twice.
"""

import re
import secrets
import string

from django.http import HttpRequest

from sarana.ground.accounts import keyed
from sarana.ground.accounts.models import Account

FIELD = "form_word"
WORD_SIGNS = 22
SIGNS = string.ascii_letters + string.digits
_WORD = re.compile(rf"[A-Za-z0-9]{{{WORD_SIGNS}}}")


def new_word() -> str:
    """A word for one form of one page: 130 random bits, asked of the system at once and not sign by sign."""
    left, signs = secrets.randbelow(len(SIGNS) ** WORD_SIGNS), []
    for _each in range(WORD_SIGNS):
        left, sign = divmod(left, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs)


def mark_of(account: Account, word: str) -> str:
    """What is kept of a person's form; "" where it came without a word of ours."""
    return keyed.mark("sent form", str(account.ref), word) if _WORD.fullmatch(word) else ""


def is_done(request: HttpRequest, address: str) -> None:
    """Say that a form was done though its answer is a page: whoever sends it again is led to this address."""
    request.once_done_at = address  # type: ignore[attr-defined]
