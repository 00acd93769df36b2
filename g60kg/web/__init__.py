"""The graph over HTTP: SPARQL, linked data, an API, and pages for people."""
