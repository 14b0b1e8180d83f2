"""Photographs of people: sealed, opened one at a time, and let out only with faces and marks hidden."""
