"""Boundary files of a province: brought, looked through against the list of areas, put in force, and drawn by runs."""
