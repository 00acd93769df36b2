"""Jobs that cite the sources of any resource of the graph."""

import datetime as dt
from typing import Final

from pyoxigraph import NamedNode

from g60kg import namespaces as ns
from g60kg.errors import UnknownName
from g60kg.model.evidence_lookup import EvidenceReader
from g60kg.model.history import retraction_by_name
from g60kg.namespaces import A, expand, g60
from g60kg.rdf.text_excerpt import excerpt
from g60kg.row_formats.citations import Citation, citations_of, format_citations
from g60kg.web.views.open_graph import Context, current, lookup
from g60kg.web.views.query_results import Written, access_on

#: The most facts whose sources an entry cites, and its page; a canned query cites all of them.
MOST_FACTS: Final = 500
MOST_OF_PAGE: Final = 200


@lookup
def cited_entry(text: str, format_: str, *, language: str, accessed: dt.date) -> Written:
    """Return the citations of an IRI or a CURIE, from at most MOST_FACTS Facts, in a format.

    Raise UnknownName if there are none, Retracted if the resource was retracted.
    """
    node = expand(text)
    cited, is_part = (
        ((), False) if node is None else entry_citations(language, node.value, MOST_FACTS)
    )
    if node is None or not cited:
        gone = node and retraction_by_name(current().store, text, of_source=False)
        raise gone or UnknownName(
            f"No source in the graph is about {excerpt(text)}.",
            hint="Give the IRI or the CURIE of a fact, a figure, a source or an entity, such as "
            "id:kuka.",
        )
    access = access_on(accessed, node.value, language)
    body = format_citations(format_, cited, access).encode()
    return Written(body, not is_part, len(cited), is_part)


@lookup
def entry_citations(
    language: str, iri: str, most: int = MOST_OF_PAGE
) -> tuple[tuple[Citation, ...], bool]:
    """Return the citations of the sources of a resource, and whether Facts are left out.

    A source is cited itself, and a piece of evidence by its source. For any other resource, the
    sources of these Facts are cited:

    * a Fact: the Fact itself;
    * a figure: the Facts that state it;
    * a measure: the Facts that state figures of it;
    * an entity: the Facts about it, else the Facts with it as value;
    * a property: the Facts that use it.
    """
    context, node = current(), NamedNode(iri)
    context.need_process_unless_small(node)
    reader = EvidenceReader(context.store, context.labels(language))
    kinds = set(context.store.objects(node, A))
    if kinds & {ns.QUOTATION, ns.PASSAGE, ns.DATASET_RECORD}:
        return citations_of((reader.of(node),)), False
    if any(kind.value in context.vocabulary.subclasses(g60("Source")) for kind in kinds):
        return (Citation(reader.source(node), ()),), False
    facts = [node] if ns.FACT in kinds else _facts_to_cite(context, node)
    shown = facts[:most]
    return citations_of(reader.evidence_of(shown)), len(shown) < len(facts)


def _facts_to_cite(context: Context, node: NamedNode) -> list[NamedNode]:
    """Return the Facts whose sources are cited for a resource, sorted by IRI."""
    store = context.store
    figures = store.subjects(ns.OBSERVED_MEASURE, node)
    return (
        store.subjects(ns.FACT_SUBJECT, node)
        or sorted(
            {one for each in figures for one in store.subjects(ns.FACT_OBJECT, each)}, key=str
        )
        or store.subjects(ns.FACT_OBJECT, node)
        or store.subjects(ns.FACT_PREDICATE, node)
    )
