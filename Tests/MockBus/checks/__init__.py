"""Checks of the mock bus itself, without Thenar."""
