"""Corrections and objections: recorded on a person's page, settled by the custodian of the data."""
