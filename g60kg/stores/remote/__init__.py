"""Stores behind a SPARQL 1.1 endpoint: asked over HTTP, never copied unless told."""
