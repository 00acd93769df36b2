"""Nanopublications of facts, as TriG: assertion, provenance and publication info.

They follow https://nanopub.net/guidelines/working_draft/. Their IRIs begin with the IRI
of the fact; they are not trusty URIs. The assertion is the direct triple of the fact and
the triples of its figure. Without a direct triple (a goal, a plan, an expectation or what
is past, unless it is a figure), it is the description of the fact, with its status.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from g60kg import namespaces as ns
from g60kg.export.release.dataset_description import LICENCE, PROJECT
from g60kg.export.selection import evidence_and_source
from g60kg.model.facts import FACT_TRIPLE, read_fact
from g60kg.namespaces import A, term
from g60kg.stores.base import GraphStore

_NP: Final = "http://www.nanopub.org/nschema#"
#: The graphs of a nanopublication by the end of their IRI, and the property of its head.
_PARTS: Final = {
    "assertion": "hasAssertion",
    "provenance": "hasProvenance",
    "pubinfo": "hasPublicationInfo",
}
_DERIVED: Final = term("prov:wasDerivedFrom")


def write_nanopublications(store: GraphStore, out: IO[bytes], date: str) -> None:
    """Write, in TriG, a nanopublication for each fact with evidence, sorted by the facts' IRIs."""
    facts = store.subjects(A, ns.FACT)
    quads = (quad for fact in facts for quad in nanopublication(store, fact, date))
    serialize(quads, out, RdfFormat.TRIG, prefixes={**ns.PREFIXES, "np": _NP})


def nanopublication(store: GraphStore, fact: NamedNode, date: str) -> Iterator[Quad]:
    """Yield the four graphs of a fact's nanopublication; no quads for a fact without evidence."""
    evidence = [one for one in store.objects(fact, ns.HAS_EVIDENCE) if isinstance(one, NamedNode)]
    if not evidence:
        return
    # A fact that was loaded, not added, can have any IRI.
    base = f"{fact.value}-" if "#" in fact.value else f"{fact.value}#"
    itself = NamedNode(f"{base}nanopub")
    graphs = {name: NamedNode(base + name) for name in ("head", *_PARTS)}
    assertion = graphs["assertion"]
    head = [Triple(itself, A, NamedNode(_NP + "Nanopublication"))]
    head += [Triple(itself, NamedNode(_NP + way), graphs[name]) for name, way in _PARTS.items()]
    behind = {quad.triple for one in evidence for quad in evidence_and_source(store, one, set())}
    sources = {triple.object for triple in behind if triple.predicate == ns.HAS_SOURCE}
    said = {
        "head": head,
        "assertion": _assertion(store, fact),
        "provenance": [
            *(Triple(assertion, _DERIVED, one) for one in evidence),
            *(Triple(assertion, term("prov:hadPrimarySource"), one) for one in sources),
            # Its time, speaker and wording; the modality of a triple is not in its assertion.
            Triple(assertion, _DERIVED, fact),
            *_triples(store.quads(fact, None, None)),
            *behind,
        ],
        "pubinfo": [
            Triple(
                itself,
                term("dcterms:created"),
                Literal(f"{date}T00:00:00Z", datatype=term("xsd:dateTime")),
            ),
            Triple(itself, term("dcterms:creator"), PROJECT),
            Triple(itself, term("dcterms:license"), NamedNode(LICENCE)),
            Triple(itself, _DERIVED, fact),
        ],
    }
    for name, graph in graphs.items():
        for triple in sorted(set(said[name]), key=str):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def _assertion(store: GraphStore, iri: NamedNode) -> list[Triple]:
    """Return the triple that a Fact states if the graph has it, else the Fact's triples.

    The latter are without links to evidence. The triples of its figure, if any, follow.
    """
    fact = read_fact(store, iri)
    subject, predicate, value = map(fact.first, FACT_TRIPLE)
    found: list[Triple] = []
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
        found += {quad.triple for quad in store.quads(subject, predicate, value, fact.graph)}
    if not found:
        own = _triples(store.quads(iri, None, None))
        found = [triple for triple in own if triple.predicate != ns.HAS_EVIDENCE]
    if isinstance(value, NamedNode) and any(store.quads(value, A, ns.OBSERVATION)):
        found += _triples(store.quads(value, None, None))
    return found


def _triples(quads: Iterable[Quad]) -> list[Triple]:
    return [quad.triple for quad in quads if quad.graph_name != ns.HISTORY_GRAPH]
