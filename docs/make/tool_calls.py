"""Calls of tools for assistants in pages, with their answers: run them and update the answers.

A code block of the language ``tool`` contains the name of a tool and its arguments in JSON, a line
``---``, and the answer. An argument ``@PATH`` is the content of a file of the repository. The time
of a check varies and is shown as ``…``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from docs.make.snippets import ROOT
from g60kg.web.assistants.answer_pages import USUAL_SIZE
from g60kg.web.assistants.tool_catalog import call
from g60kg.web.server_settings import Settings
from g60kg.web.views import open_graph

PAGE: Final = Path("docs", "assistants.md")
#: The width of a line of an answer, in characters.
WIDTH: Final = 120
_BLOCK: Final = re.compile(r"^```tool\n(\w+) (.*?)\n---\n.*?^```$", re.MULTILINE | re.DOTALL)


def updated_calls(page: str) -> str:
    """Return the page with the current answers to its calls."""
    open_graph.open_for(Settings())
    return _BLOCK.sub(_block, page)


def _block(match: re.Match[str]) -> str:
    tool, arguments = match[1], match[2]
    given = {name: _content(value) for name, value in json.loads(arguments).items()}
    answer = call(tool, given, False, "en", USUAL_SIZE)
    shown = re.sub(r'("seconds": )[\d.e-]+', r"\1…", laid_out(answer))
    return f"```tool\n{tool} {arguments}\n---\n{shown}\n```"


def _content(value: object) -> object:
    if isinstance(value, str) and value.startswith("@"):
        return (ROOT / value[1:]).read_text(encoding="utf-8")
    return value


def laid_out(value: Any, indent: str = "", used: int = 0) -> str:
    """Return a JSON value on one line if it fits, else a line for each member.

    >>> print(laid_out({"rows": ["x" * 60, "y" * 60], "complete": True}))
    {
      "rows": [
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
      ],
      "complete": true
    }
    """
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + used + len(line) <= WIDTH or not isinstance(value, Mapping | list):
        return line
    inner = f"{indent}  "
    if isinstance(value, list):
        members = [inner + laid_out(member, inner) for member in value]
        return "\n".join(("[", ",\n".join(members), f"{indent}]"))
    keys = {key: f"{json.dumps(key, ensure_ascii=False)}: " for key in value}
    members = [
        f"{inner}{keys[key]}{laid_out(member, inner, len(keys[key]))}"
        for key, member in value.items()
    ]
    return "\n".join(("{", ",\n".join(members), f"{indent}}}"))
