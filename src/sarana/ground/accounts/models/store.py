"""How sittings are kept: Django's sessions in the database, with the key hashed and everything else sealed.

What the browser holds (256 random bits) is not in the table: there stands its hash, and what the sitting holds is
sealed under a key made from the browser's value. The limits are kept here, on the server, whatever a browser says:
fifteen minutes without a request, eight hours in all. A clock that was set back ends every sitting it would prolong.
"""

import datetime as dt
import hashlib
import json
import os
import secrets
from base64 import b64decode, b64encode
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import models
from django.utils import timezone

from sarana.ground.accounts import keyed
from sarana.ground.accounts.models.sittings import Sitting
from sarana.ground.prepared import Prepared

IDLE = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=8)
SEEN_EVERY = dt.timedelta(seconds=20)
"""A sitting is marked as seen at most this often, so that reading a page seldom writes."""

CLOCK_MAY_BE_OFF = dt.timedelta(minutes=1)
OWNER, BEGAN, ABOUT = "sitting_owner", "sitting_began", "sitting_about"
"""What a sitting holds about itself: the person's reference, when she signed in, and words about her browser."""

NONCE_BYTES = 12
BY_HASH = Prepared(lambda key: Sitting.objects.filter(session_key=key), models.CharField())


def owner_mark(account_ref: Any) -> str:
    """The mark under which all sittings of a person are found."""
    return keyed.mark("sitting owner", str(account_ref))


def about(sitting: Sitting) -> str:
    """The words about the browser of a sitting; "" where there are none."""
    if not sitting.about_sealed:
        return ""
    return keyed.open_sealed("sitting about", bytes(sitting.about_sealed), bound_to=sitting.session_key) or ""


class SessionStore(DatabaseStore):
    """Django's sessions, kept as sittings."""

    @classmethod
    def get_model_class(cls) -> type[Sitting]:
        """Ours, in place of Django's own table."""
        return Sitting

    def load(self) -> dict[str, Any]:
        """What the sitting holds; nothing where it ended, lapsed, or is not of this browser."""
        row = BY_HASH.first(hashed(self.session_key or ""))
        now = timezone.now()
        if row is None or not _lives(row, now):
            self._session_key = None
            return {}
        held = _opened(self.session_key or "", row)
        if held is None:
            self._session_key = None
            return {}
        if now - row.seen_at >= SEEN_EVERY:
            lapses = _lapses(now, row.began_at)
            Sitting.objects.filter(pk=row.pk).update(seen_at=now, expire_date=lapses)
        return held

    def exists(self, session_key: str | None) -> bool:
        """True where there is a sitting with this key."""
        return Sitting.objects.filter(session_key=hashed(session_key or "")).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Sitting:
        """The row of a sitting as it is now."""
        key: str = self._get_or_create_session_key()  # type: ignore[attr-defined]
        now = timezone.now()
        began = self._began(data, now)
        owner = data.get(OWNER, "")
        words = data.get(ABOUT, "")
        pk = hashed(key)
        known = Sitting.objects.filter(pk=pk).values_list("ref", flat=True).first()
        row = Sitting(
            session_key=pk,
            session_data=_sealed(key, data),
            expire_date=_lapses(now, began),
            owner_mark=owner_mark(owner) if owner else "",
            about_sealed=keyed.seal("sitting about", words, bound_to=pk) if words else None,
            began_at=began,
            seen_at=now,
        )
        if known is not None:
            row.ref = known
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End the sitting with this key, or this one."""
        key = session_key or self.session_key
        if key:
            Sitting.objects.filter(session_key=hashed(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Take away the rows of sittings that lapsed."""
        Sitting.objects.filter(expire_date__lt=timezone.now()).delete()

    def _get_new_session_key(self) -> str:
        return secrets.token_urlsafe(32)

    @staticmethod
    def _began(data: dict[str, Any], now: dt.datetime) -> dt.datetime:
        """When the person signed in; a new key for the same sitting does not begin it again."""
        if SESSION_KEY not in data:
            return now
        began = dt.datetime.fromisoformat(data.setdefault(BEGAN, now.isoformat()))
        return min(began, now)


def hashed(session_key: str) -> str:
    """What is stored of a browser's value; it has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(b"sarana sitting " + session_key.encode()).hexdigest()


def _lapses(now: dt.datetime, began: dt.datetime) -> dt.datetime:
    return min(now + IDLE, began + LONGEST)


def _lives(row: Sitting, now: dt.datetime) -> bool:
    """True until the first of its limits; a sitting seen in the future stands on a clock that was set back."""
    return row.expire_date > now and row.seen_at <= now + CLOCK_MAY_BE_OFF


def _key(session_key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sarana sitting data")
    return derive.derive(session_key.encode())


def _sealed(session_key: str, data: dict[str, Any]) -> str:
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(session_key)).encrypt(nonce, json.dumps(data).encode(), hashed(session_key).encode())
    return b64encode(nonce + sealed).decode()


def _opened(session_key: str, row: Sitting) -> dict[str, Any] | None:
    raw = b64decode(row.session_data)
    try:
        opened = AESGCM(_key(session_key)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], row.session_key.encode())
    except (InvalidTag, ValueError):
        return None
    held: dict[str, Any] = json.loads(opened)
    return held
