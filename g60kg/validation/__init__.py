"""The gate's checks, one job a module; what they have in common is the report."""
