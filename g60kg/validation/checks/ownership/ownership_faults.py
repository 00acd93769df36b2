"""Codes and findings of statements that a file may not make about other sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad, Triple

from g60kg.namespaces import compact
from g60kg.validation.check_codes import CheckCode, check_code
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

FOREIGN_SOURCE: Final = check_code("ForeignSource")
ACCEPTED_CHANGED: Final = check_code("AcceptedChanged")
UNSUPPORTED_ADDITION: Final = check_code("UnsupportedAddition")


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason why a file may not make a statement, with the node and its source's graph."""

    code: CheckCode
    message: str
    node: str
    owner: str = ""


def ownership_finding(quad: Quad, fault: Fault, language: str) -> Finding:
    """Return the finding for a statement."""
    texts = check_texts("ownership", language)
    named = {
        "node": compact(fault.node),
        "owner": compact(fault.owner),
        "graph": compact(str(quad.graph_name).strip("<>")),
    }
    assert not isinstance(quad.subject, Triple)
    assert not isinstance(quad.object, Triple)
    return fault.code.finding(
        texts[fault.message].format(**named),
        texts[f"{fault.message} hint"].format(**named),
        focus=quad.subject,
        path=quad.predicate,
        value=quad.object,
    )
