"""RDF texts: reading within limits, line positions, Turtle, SPARQL tokens, atomic output."""
