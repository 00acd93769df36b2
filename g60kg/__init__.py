"""The G60 corridor as a knowledge graph: each statement with the words that support it."""

__version__ = "0.1.0"
