"""Tests of methods.risk."""
