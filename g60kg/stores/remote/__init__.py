"""Stores behind a SPARQL 1.1 endpoint: queried over HTTP, copied only on request."""
