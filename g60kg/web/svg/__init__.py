"""SVG drawings: the map, charts, the graph of neighbours, and the diagram of the ontology."""
