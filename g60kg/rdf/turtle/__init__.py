"""Canonical Turtle: the same graph gives the same bytes, laid out for people."""

from g60kg.rdf.turtle.turtle_stream import stream_turtle, turtle, write_turtle
from g60kg.rdf.turtle.turtle_writer import natural_key

__all__ = ["natural_key", "stream_turtle", "turtle", "write_turtle"]
