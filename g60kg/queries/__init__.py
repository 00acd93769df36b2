"""Canned queries: catalog, parameters, binding, execution, answers."""
