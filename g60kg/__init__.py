"""The knowledge graph of the G60 science and technology innovation corridor.

Every statement in it has a quotation or another piece of evidence that supports it.

>>> import g60kg
>>> kg = g60kg.load()
>>> answer = kg.ask("Which companies are in integrated circuits?")
>>> answer.to_dicts()[0]["enterpriseLabel"]
'OmniVision'
>>> answer.evidence()[0][0].quote
'The integrated circuit industry is booming – major companies such as OmniVision ...'

``load`` returns the graph of this package, ``open`` the graph in a store on disk, ``connect`` the
graph at an endpoint. ``kg.queries`` lists the canned queries, ``help(g60kg.KnowledgeGraph)`` all
methods. Errors are in ``g60kg.errors``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from g60kg.package_data import __version__

__all__ = [
    "Answer",
    "Entity",
    "G60kgError",
    "KnowledgeGraph",
    "__version__",
    "connect",
    "errors",
    "load",
    "open",
]

if TYPE_CHECKING:
    from g60kg import errors
    from g60kg.api import KnowledgeGraph, connect, load
    from g60kg.api import open_ as open
    from g60kg.errors import G60kgError
    from g60kg.queries.answers import Answer
    from g60kg.queries.entity_description import Entity


def __getattr__(name: str) -> Any:
    # The names above are imported on first use, so that `g60kg.cli` starts without them.
    if name == "errors":
        return import_module("g60kg.errors")
    if name == "G60kgError":
        from g60kg.errors import G60kgError

        return G60kgError
    if name in __all__:
        from g60kg import api

        return getattr(api, "open_" if name == "open" else name)
    raise AttributeError(f"module 'g60kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
