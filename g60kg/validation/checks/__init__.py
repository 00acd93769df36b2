"""Checks of the gate, one job each."""
