"""Structure of shapes: targets, paths, and the patterns of their SPARQL queries."""
