"""Sealed identities: who a person is, sealed for her agency, and for another one as far as a basis lets it."""
