"""Decisions as members see them, and how far a group has gone towards leading itself."""
