"""What the graph holds: facts, observations, evidence, labels, names, history."""
