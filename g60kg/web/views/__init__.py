"""Jobs that read the graph; arguments and results are plain values that can be pickled."""
