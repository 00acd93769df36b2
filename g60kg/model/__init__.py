"""The model: facts, observations, evidence, labels, names and history, read from a store."""
