"""Canonical Turtle: the same graph gives the same bytes, laid out for people."""

from g60kg.turtle.document import turtle, turtle_blocks, write_turtle
from g60kg.turtle.streaming import stream_turtle
from g60kg.turtle.terms import natural_key

__all__ = ["natural_key", "stream_turtle", "turtle", "turtle_blocks", "write_turtle"]
