"""Input policy: statements and terms that files of facts may contain.

Shapes cannot protect the graph from a file that changes the shapes, makes statements
about subjects outside the namespaces ``id:``, ``measure:``, ``fact:`` and ``quote:``, or
uses terms that the graph does not support.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.model.ontology_lookup import Vocabulary
from g60kg.rdf.text_excerpt import excerpt
from g60kg.validation.check_codes import CheckCode, FindingList
from g60kg.validation.checks.input_policy.quad_faults import (
    BLANK_NODE,
    FOREIGN_SUBJECT,
    LEXICAL_FORM,
    LONG_CHAIN,
    MAX_CHAIN,
    MAX_IRI,
    MAX_LITERAL,
    ONTOLOGY_CHANGED,
    RDF_12_TERM,
    SCHEMA_PROPERTY,
    SOURCE_GRAPH,
    Fault,
    InputPolicy,
)
from g60kg.validation.report.findings import Finding
from g60kg.validation.texts import check_texts

#: Maximum statements about foreign entities that further checks read, since a subject is easily
#: misspelt; with more of them, they are not a typing error.
MOST_FOREIGN: Final = 1_000
#: Codes of statements that change the meaning of others or that no check can read: left out.
_NOT_BELIEVED: Final = frozenset((ONTOLOGY_CHANGED, SCHEMA_PROPERTY, SOURCE_GRAPH, RDF_12_TERM))
#: Numbers that an engine computes with although they are invalid for their datatype.
_UNUSABLE: Final = re.compile(r"e|nan|inf|\d{19}", re.IGNORECASE)
_LONGEST_TERM: Final = 200
#: The limit in a message.
_LIMITS: Final = {"long IRI": MAX_IRI, "long text": MAX_LITERAL, "chain": MAX_CHAIN}
#: A quad with a fault.
Faulty: TypeAlias = tuple[Quad, Fault]


def faults_in(quads: Iterable[Quad], vocabulary: Vocabulary) -> list[Faulty]:
    """Return each fault of each quad with the quad, in the order of the quads."""
    policy = InputPolicy(vocabulary)
    return [(quad, fault) for quad in quads for fault in policy.faults(quad)]


def foreign_statements(
    quads: Sequence[Quad],
    vocabulary: Vocabulary,
    language: str = "en",
    faults: Sequence[Faulty] | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of the input policy: statements that a file of facts must not make.

    A fault of a subject, a graph or a blank node is reported once, any other once for each subject.
    ``faults`` is the result of :func:`faults_in`, if known.
    """
    listing = FindingList(language)
    reported: set[tuple[str, ...]] = set()
    faults = [*(faults_in(quads, vocabulary) if faults is None else faults)]
    for quad in long_chains(quads, vocabulary):
        end = quad.object.value if isinstance(quad.object, NamedNode) else str(quad.object)
        faults.append((quad, Fault(LONG_CHAIN, "chain", end, "")))
    for quad, fault in faults:
        once = fault.of_subject or fault.code in (SOURCE_GRAPH, BLANK_NODE)
        key = (fault.code.name, fault.at, *(() if once else (str(quad.subject),)))
        if key not in reported:
            reported.add(key)
            listing.add(fault.code, _finding, quad, fault, language)
    return listing.findings()


def _finding(quad: Quad, fault: Fault, language: str) -> Finding:
    words = check_texts("input policy", language)
    term, limit = excerpt(fault.term, _LONGEST_TERM), f"{_LIMITS.get(fault.message, 0):,}"
    found = fault.code.finding(
        words[fault.message].format(term=term, limit=limit),
        words[f"{fault.message} hint"],
        focus=None if isinstance(quad.subject, Triple) else quad.subject,
    )
    if fault.of_subject:
        return found  # reported at its first line, any other fault at the triple
    return replace(found, path=quad.predicate.value, value=fault.at, term=str(quad.object))


def facts_alone(quads: Sequence[Quad], faults: Iterable[Faulty]) -> list[Quad]:
    """Return the quads for further checks, without those that would change their results.

    Left out are statements about terms and shapes, or that define terms; those in a named
    graph that is no source's, or in RDF 1.2; literals that are invalid for their datatype
    and that may make an engine slow or end it (with "e", "nan", "inf" or 19 digits in a
    row); and, if there are more than :data:`MOST_FOREIGN`, all statements about foreign
    subjects. All of them are violations already.
    """
    codes: dict[Quad, set[CheckCode]] = defaultdict(set)
    for quad, fault in faults:
        codes[quad].add(fault.code)
    left_out = {
        quad
        for quad, of_quad in codes.items()
        if not of_quad.isdisjoint(_NOT_BELIEVED)
        or (LEXICAL_FORM in of_quad and _UNUSABLE.search(str(quad.object).partition('"^^')[0]))
    }
    kept = [quad for quad in quads if quad not in left_out]
    foreign = {quad for quad, of_quad in codes.items() if FOREIGN_SUBJECT in of_quad}
    if sum(quad in foreign for quad in kept) <= MOST_FOREIGN:
        return kept
    return [quad for quad in kept if quad not in foreign]


def long_chains(quads: Sequence[Quad], vocabulary: Vocabulary) -> Sequence[Quad]:
    """Return the quads of transitive properties at the end of a chain that is too long.

    At least :data:`MAX_CHAIN` statements lead to their subject. If more than :data:`MAX_CHAIN`
    subjects are in or after cycles, the quads of these subjects are returned, too.
    """
    chained = [
        quad
        for quad in quads
        if quad.predicate.value in vocabulary.transitive_properties
        and not isinstance(quad.subject, Triple)
        and isinstance(quad.object, NamedNode | BlankNode)
    ]
    if len(chained) <= MAX_CHAIN:
        return ()
    steps: dict[object, set[object]] = defaultdict(set)
    incoming: Counter[object] = Counter()
    for quad in chained:
        if quad.object not in steps[quad.subject]:
            steps[quad.subject].add(quad.object)
            incoming[quad.object] += 1
    # Node by node from those without predecessors; nodes that are never reached are in a cycle.
    before: dict[object, int] = {node: 0 for node in steps if not incoming[node]}
    waiting = list(before)
    done: set[object] = set()
    while waiting:
        node = waiting.pop()
        done.add(node)
        for following in steps.get(node, ()):
            before[following] = max(before.get(following, 0), before[node] + 1)
            incoming[following] -= 1
            if not incoming[following]:
                waiting.append(following)
    long = {node for node in done if before[node] >= MAX_CHAIN}
    circular = steps.keys() - done
    if len(circular) > MAX_CHAIN:
        long |= circular
    return [quad for quad in chained if quad.subject in long]
