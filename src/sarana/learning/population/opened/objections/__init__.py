"""Objections as lists ask for them: who is hidden from everybody but the custodian."""
