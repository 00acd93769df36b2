"""What the pages show, read from the graph: frozen values, one module a kind of page."""
