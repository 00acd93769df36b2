"""Jobs that return the view models of pages: frozen values, one module per kind of page."""
