"""Whether quotations stand in the articles' texts, word for word, where they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from g60kg.namespaces import A, compact, g60, term
from g60kg.sources import Text
from g60kg.stores.base import GraphStore
from g60kg.validation.codes import CheckCode
from g60kg.validation.report import Finding, QuotationCounts, Severity

QUOTATION_VERBATIM: Final = CheckCode(
    "QuotationVerbatim",
    (Severity.VIOLATION,),
    "The text of the article does not read at the quotation's offsets what the quotation says.",
    "A quotation is shown as the words of its source, so it must be these words, letter for "
    "letter. Words that stand elsewhere in the text have wrong offsets, and the places are named; "
    "for other words the nearest ones of the text are.",
)
QUOTATION_UNCHECKED: Final = CheckCode(
    "QuotationUnchecked",
    (Severity.WARNING,),
    "Quotations could not be compared with their article, for its text is not at hand.",
    "Texts are their publishers' and come with no graph; whoever has one names its folder with "
    "--articles, and it is found by its digest, whatever the file is called. Without it a wrong "
    "quotation would go unseen: one warning an article says so, and --strict bars it.",
)
#: The codes of this check.
CODES: Final = (QUOTATION_VERBATIM, QUOTATION_UNCHECKED)

_SOURCE = term("oa:hasSource")
_SELECTOR = term("oa:hasSelector")
_DIGEST = g60("textDigest")


@dataclass(frozen=True, slots=True)
class QuotationCheck:
    """What came of checking quotations: how many, and a finding for each that fails.

    Quotations of an article whose text is not at hand are counted as unchecked, with one warning
    an article that says how to supply the text.
    """

    counts: QuotationCounts
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Quotation:
    iri: str
    article: str
    exact: str
    start: int
    end: int


def check_quotations(
    store: GraphStore, quotations: Iterable[NamedNode], texts: Mapping[str, Text]
) -> QuotationCheck:
    """Compares each quotation with its article's text, found by the digest the article records.

    Args:
        store: where the quotations and articles are described.
        quotations: the Quotation nodes to check.
        texts: texts by their SHA-256.
    """
    verified = 0
    findings: list[Finding] = []
    unchecked: dict[str, int] = {}
    for node in quotations:
        quotation = _read(store, node)
        if quotation is None:
            continue  # what it lacks is for the shapes to say
        text = texts.get(_digest(store, quotation.article))
        if text is None:
            unchecked[quotation.article] = unchecked.get(quotation.article, 0) + 1
        elif text.content[quotation.start : quotation.end] == quotation.exact:
            verified += 1
        else:
            findings.append(_failure(quotation, text))
    counts = QuotationCounts(verified, len(findings), sum(unchecked.values()))
    findings.extend(_unchecked(article, count) for article, count in sorted(unchecked.items()))
    return QuotationCheck(counts, tuple(findings))


def quotation_nodes(store: GraphStore) -> list[NamedNode]:
    """Every Quotation of a store, sorted."""
    found = {quad.subject for quad in store.quads(None, A, g60("Quotation"))}
    return sorted((node for node in found if isinstance(node, NamedNode)), key=str)


def _read(store: GraphStore, node: NamedNode) -> _Quotation | None:
    sources = [quad.object for quad in store.quads(node, _SOURCE, None)]
    selectors = [quad.object for quad in store.quads(node, _SELECTOR, None)]
    found: dict[str, str] = {}
    for selector in selectors:
        if isinstance(selector, (NamedNode, BlankNode)):
            for name in ("exact", "start", "end"):
                for quad in store.quads(selector, term(f"oa:{name}"), None):
                    if isinstance(quad.object, Literal):
                        found[name] = quad.object.value
    article = sources[0] if len(sources) == 1 else None
    whole = found.keys() >= {"exact", "start", "end"} and isinstance(article, NamedNode)
    if not whole or not (found["start"].isdecimal() and found["end"].isdecimal()):
        return None
    assert isinstance(article, NamedNode)
    return _Quotation(
        node.value, article.value, found["exact"], int(found["start"]), int(found["end"])
    )


def _digest(store: GraphStore, article: str) -> str:
    for quad in store.quads(NamedNode(article), _DIGEST, None):
        if isinstance(quad.object, Literal):
            return quad.object.value
    return ""


def _failure(quotation: _Quotation, text: Text) -> Finding:
    places = text.places(quotation.exact)
    there = text.content[quotation.start : quotation.end]
    if places:
        hint = f"These words stand at {', '.join(map(str, places))}."
    elif near := text.nearest(quotation.exact):
        hint = f"The nearest words of the text: {near}"
    else:
        hint = "The article's text has nothing like it."
    return Finding(
        severity=Severity.VIOLATION,
        code=QUOTATION_VERBATIM.name,
        message=f"The text at {quotation.start}–{quotation.end} reads “{there}”, "
        f"not “{quotation.exact}”.",
        focus=quotation.iri,
        focus_label=None,
        path=term("oa:exact").value,
        value=quotation.exact,
        file=None,
        line=None,
        column=None,
        hint=hint,
    )


def _unchecked(article: str, count: int) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code=QUOTATION_UNCHECKED.name,
        message=f"{count} quotations of {compact(article)} were not compared with its text: "
        "the text is not at hand.",
        focus=article,
        focus_label=None,
        path=None,
        value=None,
        file=None,
        line=None,
        column=None,
        hint="Give the folder that holds it: --articles DIR (found by the digest of the text).",
    )
