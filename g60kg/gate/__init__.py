"""The gate for new facts: input files, validation, transactions, semantic diff."""
