"""The notebook in examples/: its cells run, and print what is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.make.notebook import NOTEBOOK, updated_notebook
from tests.conftest import ROOT

TEXT = (ROOT / NOTEBOOK).read_text(encoding="utf-8")
CELLS: list[dict[str, Any]] = json.loads(TEXT)["cells"]


@pytest.mark.usefixtures("shipped_graph")
def test_cells_print_what_is_stored() -> None:
    pytest.importorskip("pandas")
    assert updated_notebook(TEXT) == TEXT, "run make docs"


def test_it_has_the_steps_of_a_first_hour() -> None:
    code = "".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code")
    steps = ("ask(", '"trend"', "to_dataframe()", "evidence()", '"conflicts"', "entity(", "search(")
    assert [step for step in steps if step not in code] == []


def test_only_short_text_is_stored() -> None:
    outputs = [output for cell in CELLS for output in cell.get("outputs", ())]
    assert len(outputs) >= 8
    for output in outputs:
        assert set(output.get("data", {"text/plain": []})) == {"text/plain"}
        lines = (
            output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
        )
        assert len(lines) <= 30
    assert len(TEXT.encode()) < 25_000
    assert len({cell["id"] for cell in CELLS}) == len(CELLS)
