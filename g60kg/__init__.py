"""The knowledge graph of the G60 science and technology innovation corridor.

Every statement in it has a quotation that supports it.

>>> import g60kg
>>> kg = g60kg.load()
>>> answer = kg.query("enterprises", industry="集成电路")
>>> answer.to_dicts()[0]["enterpriseLabel"]
'OmniVision'
>>> answer.evidence()[0][0].quote
'The integrated circuit industry is booming – major companies such as OmniVision ...'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from g60kg.package_data import __version__

__all__ = ["G60kgError", "KnowledgeGraph", "__version__", "connect", "load", "open"]

if TYPE_CHECKING:
    from g60kg.api import KnowledgeGraph, connect, load
    from g60kg.api import open_ as open
    from g60kg.errors import G60kgError


def __getattr__(name: str) -> Any:
    # The names above are imported on first use, so that `g60kg.cli` starts without them.
    if name in ("KnowledgeGraph", "connect", "load", "open"):
        from g60kg import api

        return getattr(api, "open_" if name == "open" else name)
    if name == "G60kgError":
        from g60kg.errors import G60kgError

        return G60kgError
    raise AttributeError(f"module 'g60kg' has no attribute {name!r}")
