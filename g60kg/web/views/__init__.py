"""What runs in the worker processes. Each takes plain values and returns plain values."""
