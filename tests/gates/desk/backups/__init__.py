"""Mirrors the page of backups."""
