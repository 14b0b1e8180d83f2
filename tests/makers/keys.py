"""A key in software: answers as a security key with a PIN would, and lies where a test wants it to."""

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


@dataclass(slots=True)
class SoftKey:
    """One credential: its private part, its name, for whom it was made, and how often it answered."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    counts: bool = True
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    handle: str = ""
    counter: int = 0
    verified: bool = True

    def make(self, question: dict[str, Any]) -> str:
        """Answer the question of a registration."""
        asked = question["publicKey"]
        self.handle = asked["user"]["id"]
        public = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        made = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        about = self._about(NEW) + made
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": about})
        said = self._said("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=websafe_encode(said), attestationObject=websafe_encode(attested))

    def answer(self, question: dict[str, Any]) -> str:
        """Answer the question of a sign-in."""
        said = self._said("webauthn.get", question["publicKey"]["challenge"])
        about = self._about(0)
        signature = self.private.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=websafe_encode(said),
            authenticatorData=websafe_encode(about),
            signature=websafe_encode(signature),
            userHandle=self.handle,
        )

    def copied(self) -> "SoftKey":
        """The same key once more, as a thief would have it."""
        return replace(self)

    def _about(self, extra: int) -> bytes:
        self.counter += 1 if self.counts else 0
        flags = PRESENT | (VERIFIED if self.verified else 0) | extra
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **response: str) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )
