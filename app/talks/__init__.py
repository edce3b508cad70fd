"""Talks: planned by the quality clause, arranged, held or declined, and logged."""
