"""Consent: what a person agreed to, for which purpose, with whom, until when; and that she took it back."""
