"""SVG layouts of the map and of the graph of neighbours."""
