"""Migrations of this room, named by hand."""
