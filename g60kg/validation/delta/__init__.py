"""The verdict on a change without a look at the whole graph: what it breaks, and what it mends."""
