"""Asking whether another agency knows a person, without showing names to either: under an agreement, with her yes."""
