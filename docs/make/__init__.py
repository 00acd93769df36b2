"""Generators of pages in docs/, run by `make docs`."""
