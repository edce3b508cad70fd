"""Admission of managers."""
