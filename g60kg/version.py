"""The version of the package; its ontology has the same."""

__version__ = "0.1.0"
