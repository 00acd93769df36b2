"""Contradictions: for each clash the few statements and axioms that lead to it.

A closure does not say what follows from what. So a smallest set is searched for: parts of the
statements near a clash, then of the axioms that speak of their terms, are closed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import Literal, Triple

from g60kg.namespaces import A, term
from g60kg.reason.axioms import Axiom
from g60kg.validation.consistency.clashes import Clash, Clashes
from g60kg.validation.consistency.closure import Value
from g60kg.validation.consistency.context import Context
from g60kg.validation.consistency.literals import value_of
from g60kg.validation.consistency.schema import DIFFERENT, DISJOINT, Schema, kind_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements that cannot all be true.

    Attributes:
        facts: those about individuals.
        axioms: those of the ontology.
        literal: a value that is not of the datatype that the last axiom asks for.
    """

    facts: tuple[Triple, ...]
    axioms: tuple[Axiom, ...]
    literal: Literal | None = None


def contradictions(schema: Schema, context: Context) -> list[Contradiction]:
    """Return the contradictions in a context, in the order of what they are about.

    Where an added statement is at odds with several others, one of these is named.
    """
    if not context.added:
        return []
    facts = sorted(context.known, key=_types_first) + list(context.added)
    search = _Search(schema, frozenset(context.added), facts)
    clashes = Clashes(schema.axioms, facts).found
    return list(dict.fromkeys(found for clash in clashes for found in search.explain(clash)))


class _Search:
    def __init__(self, schema: Schema, added: frozenset[Triple], facts: list[Triple]) -> None:
        self._schema = schema
        self._added = added
        self._facts = facts
        self._of_node: dict[object, list[int]] = {}
        for number, fact in enumerate(facts):
            for end in _ends(fact):
                self._of_node.setdefault(end, []).append(number)
        self._known_axioms: dict[object, list[Axiom]] = {}

    def explain(self, clash: Clash) -> Iterator[Contradiction]:
        """Yield a contradiction behind a clash, and one more for each other added statement."""
        near, axioms = self._near(clash)

        def clashes(facts: Sequence[Triple]) -> bool:
            return Clashes(axioms, facts).touch(clash)

        old = [fact for fact in near if fact not in self._added]
        if clashes(old):
            yield self._contradiction(clash, smallest(old, clashes))
            return
        new = [fact for fact in near if fact in self._added]
        core = smallest([*old, *new], clashes)
        while core is not None:
            yield self._contradiction(clash, core)
            new = [fact for fact in new if fact not in core]
            # Most other added statements are at odds with the same old ones.
            kept = [fact for fact in core if fact not in self._added]
            single = next((fact for fact in new if clashes([*kept, fact])), None)
            pool = [*kept, single] if single is not None else [*old, *new]
            core = smallest(pool, clashes) if new and clashes(pool) else None

    def _near(self, clash: Clash) -> tuple[list[Triple], list[Axiom]]:
        """Return the statements around a clash that lead to it, and the axioms on their terms."""
        nodes = {node.subject if isinstance(node, Value) else node for node in clash.nodes}
        numbers: set[int] = set()
        while True:
            wider = {number for node in nodes for number in self._of_node.get(node, ())}
            near = [self._facts[number] for number in sorted(wider)]
            axioms = speaking_of(near, self._schema.axioms)
            if wider == numbers or Clashes(axioms, near).touch(clash):
                return near, axioms
            numbers = wider
            nodes |= {end for fact in near for end in _ends(fact)}

    def _contradiction(self, clash: Clash, facts: list[Triple] | None) -> Contradiction:
        core = facts or []
        axioms = self._axioms(clash, core)
        literals = [fact.object for fact in core if isinstance(fact.object, Literal)]
        literal = literals[0] if clash.kind == "datatype" else None
        return Contradiction(tuple(core), tuple(axioms), literal)

    def _axioms(self, clash: Clash, facts: list[Triple]) -> list[Axiom]:
        """Return a smallest set of axioms by which statements lead to a clash."""

        def clashes(axioms: Sequence[Axiom]) -> bool:
            return Clashes(axioms, facts).touch(clash)

        pattern = tuple((fact.predicate, _class_or_value(fact)) for fact in facts)
        known = self._known_axioms.get((clash.kind, pattern))
        if known is None or not clashes(known):
            pool = speaking_of(facts, self._schema.axioms)
            known = sorted(smallest(pool, clashes) or (), key=_reading_order)
            self._known_axioms[(clash.kind, pattern)] = known
        return known


def smallest(pool: Sequence[T], is_contradictory: Callable[[Sequence[T]], bool]) -> list[T] | None:
    """Return a part of a pool that is contradictory, and no longer is without any one element.

    Those that come first in the pool are preferred. None where the pool is not contradictory.

    >>> smallest(range(100), lambda numbers: {7, 40} <= set(numbers))
    [7, 40]
    """
    core: list[T] = []
    if not is_contradictory(pool):
        return None
    while not is_contradictory(core):
        # The last element of the shortest contradictory beginning is needed.
        low, high = 0, len(pool)
        while high - low > 1:
            middle = (low + high) // 2
            if is_contradictory([*core, *pool[:middle]]):
                high = middle
            else:
                low = middle
        core.append(pool[high - 1])
        pool = pool[: high - 1]
    return core[::-1]


def speaking_of(facts: Iterable[Triple], axioms: Iterable[Axiom]) -> list[Axiom]:
    """Return the axioms that can add to what follows from statements, the most direct first."""
    terms: set[object] = set()
    for fact in facts:
        terms |= {fact.subject, fact.predicate, fact.object}
    waiting, found = list(axioms), list[Axiom]()
    while True:
        new = [axiom for axiom in waiting if _adds_to(axiom, terms)]
        if not new:
            return found
        found += new
        waiting = [axiom for axiom in waiting if not _adds_to(axiom, terms)]
        terms |= {part for axiom in new for t in axiom.triples for part in (t.subject, t.object)}


def _adds_to(axiom: Axiom, terms: set[object]) -> bool:
    kind, triple = kind_of(axiom), axiom.triple
    if kind in (DISJOINT, DIFFERENT):
        return triple.subject in terms and triple.object in terms
    return triple.subject in terms or (
        triple.predicate != A
        and kind not in _FROM_SUBJECT
        and any(part in terms for t in axiom.triples for part in (t.subject, t.object))
    )


#: Axioms by which something follows for those who use their subject alone.
_FROM_SUBJECT: Final = tuple(
    term(f"rdfs:{name}") for name in ("subClassOf", "subPropertyOf", "domain", "range")
)
_READING_ORDER: Final = (
    term("owl:inverseOf"),
    term("owl:SymmetricProperty"),
    term("owl:propertyChainAxiom"),
    term("rdfs:subPropertyOf"),
    term("rdfs:domain"),
    term("rdfs:range"),
    term("rdfs:subClassOf"),
    term("owl:FunctionalProperty"),
)


def _reading_order(axiom: Axiom) -> tuple[int, bool, str]:
    kind = kind_of(axiom)
    place = _READING_ORDER.index(kind) if kind in _READING_ORDER else len(_READING_ORDER)
    return place, not axiom.structure, str(axiom.triple)


def _types_first(fact: Triple) -> tuple[bool, str]:
    return fact.predicate != A, str(fact)


def _class_or_value(fact: Triple) -> object:
    """Return what matters of an object to axioms: a class, or the value of a literal."""
    if isinstance(fact.object, Literal):
        return value_of(fact.object)
    return fact.object if fact.predicate == A else None


def _ends(fact: Triple) -> tuple[object, ...]:
    if fact.predicate == A or isinstance(fact.object, Literal):
        return (fact.subject,)
    return fact.subject, fact.object
