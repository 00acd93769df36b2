"""The gate for new facts: input files, validation, transactions, and suggestions for sheets."""
