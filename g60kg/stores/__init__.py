"""Stores of quads: in memory, on disk, or behind a SPARQL endpoint."""
