"""How closely a stored value is kept: every stored field of every room carries one of these grades."""

from enum import StrEnum


class Privacy(StrEnum):
    """What somebody learns who reads the value, from nothing to who a person is."""

    TECHNICAL = "technical"
    """Row numbers, references, versions, times of the machine: tells of nobody."""

    PUBLIC = "public"
    """May stand on a public page."""

    OFFICIAL = "official"
    """About an agency or its work; for those who work in the system."""

    STAFF = "staff"
    """About a person who signs in: her name at work, her sign-in, what she did."""

    SENSITIVE = "sensitive"
    """A fact about a person who is helped, which alone does not say who she is."""

    IDENTIFYING = "identifying"
    """Says who a person who is helped is, or where. Always sealed."""

    SECRET = "secret"  # noqa: S105
    """Opens something: hashes of passphrases and of links, keys of second factors."""
