"""The stores: where quads lie and queries run."""
