"""Checks of files before they are added, and the report of their findings."""
