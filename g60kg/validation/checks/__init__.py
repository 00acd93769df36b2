"""Checks of files, except shapes of the delta validation."""
