"""HTTP server of the graph: SPARQL endpoint, linked data, API and HTML pages."""
