"""Agencies, the people who sign in, their memberships, second factors and sittings."""
