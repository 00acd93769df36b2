"""Drawings of the pages, worked out here: a map, and an entity among its neighbours."""
