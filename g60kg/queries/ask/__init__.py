"""Questions in English or Chinese, understood as a canned query with its parameters."""
