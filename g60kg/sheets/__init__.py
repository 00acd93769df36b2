"""Fact sheets: reading, name resolution, quote offsets, compiling, writing."""
