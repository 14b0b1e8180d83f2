"""Tests of taking people in."""
