"""Photographs of people."""
