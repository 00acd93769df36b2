"""Validation of a change that reads only what the change can affect."""
