"""Code cells of a notebook: run them in order, store what they print as text.

The notebook is in the format of Jupyter (nbformat 4.5). It is run here without a kernel, so that
neither the tests nor the pages need Jupyter. HTML and pictures are not stored.
"""

from __future__ import annotations

import ast
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, Final

from docs.make.snippets import WIDTH

NOTEBOOK: Final = Path("examples", "first-hour.ipynb")


def updated_notebook(text: str) -> str:
    """Return a notebook with the current output of its code cells."""
    notebook: dict[str, Any] = json.loads(text)
    names: dict[str, Any] = {"__name__": "__main__"}
    number = 0
    with _width():
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                number += 1
                cell["execution_count"] = number
                cell["outputs"] = list(_outputs("".join(cell["source"]), names, number))
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _outputs(source: str, names: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Run a cell and yield its output: what it prints, and the value of its last line."""
    *statements, last = ast.parse(source).body
    value = None
    with redirect_stdout(io.StringIO()) as printed:
        if isinstance(last, ast.Expr):
            exec(compile(ast.Module(statements, []), "<cell>", "exec"), names)
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
        else:
            exec(compile(source, "<cell>", "exec"), names)
    if printed.getvalue():
        yield {
            "name": "stdout",
            "output_type": "stream",
            "text": printed.getvalue().splitlines(keepends=True),
        }
    if value is not None:
        yield {
            "data": {"text/plain": repr(value).splitlines(keepends=True)},
            "execution_count": number,
            "metadata": {},
            "output_type": "execute_result",
        }


@contextmanager
def _width() -> Iterator[None]:
    """Let tables have the width that they have in pages."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(WIDTH)
    try:
        yield
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
