"""Tests of methods.invented."""
