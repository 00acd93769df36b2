"""Benchmarks, run by ``python -m benchmarks``, or ``make bench``."""
