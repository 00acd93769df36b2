"""Explanation of an inconsistent graph: a minimal set of contradictory statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from g60kg.namespaces import local_name
from g60kg.reasoning.owl_axioms import Axiom, read_axioms
from g60kg.reasoning.reasoner_process import (
    first_inconsistent,
    suspects,
    workplace,
    write_ontology,
)

# Ontologies per HermiT run: starting Java costs about as much as reading this many.
_BATCH: Final = 24


def explain(triples: Iterable[Triple]) -> tuple[Axiom, ...]:
    """Return a minimal set of statements that make a graph inconsistent.

    Empty if it is consistent, or inconsistent only by a cycle of anonymous individuals.
    Assertions are first, then axioms of the ontology. There may be other such sets.

    An axiom on a list of disjoint classes is reduced to the two classes involved, so such a triple
    may be in the explanation without being in the graph.

    Raises:
        MissingExtra, EngineFailure: as :func:`classify`.
    """
    axioms = read_axioms(triples)
    # Assertions last: the search finds the shortest contradictory prefix, and so drops the
    # longest part first.
    stated = sorted(axioms.stated, key=lambda axiom: axiom.is_assertion)
    with workplace() as folder:
        search = _Search(folder, axioms.declarations)
        hint = suspects(search.write(stated, "whole"))
        named = [axiom for axiom in stated if _names(axiom) <= hint]
        core = search.core(named) if hint else None
        if core is None and search.contradicts(stated):
            core = search.core(stated)
    return tuple(sorted(core or (), key=lambda one: (not one.is_assertion, *map(str, one.triple))))


def _names(axiom: Axiom) -> set[str]:
    """Return the local names of the terms of an axiom, without terms of the W3C's vocabularies."""
    terms = {part for t in axiom.triples for part in (t.subject, t.predicate, t.object)}
    return {
        local_name(part.value)
        for part in terms
        if isinstance(part, NamedNode) and not part.value.startswith("http://www.w3.org/")
    }


@dataclass(frozen=True, slots=True)
class _Search:
    folder: Path
    declarations: tuple[Triple, ...]

    def write(self, axioms: Iterable[Axiom], name: str) -> Path:
        triples = dict.fromkeys(t for axiom in axioms for t in axiom.triples)
        spoken_of = {term for t in triples for term in (t.subject, t.predicate, t.object)}
        declared = [t for t in self.declarations if t.subject in spoken_of]
        return write_ontology(self.folder / f"{name}.nt", [*declared, *triples])

    def contradicts(self, axioms: Sequence[Axiom]) -> bool:
        return first_inconsistent([self.write(axioms, "all")]) is not None

    def core(self, pool: Sequence[Axiom]) -> list[Axiom] | None:
        """Return a minimal contradictory subset of ``pool``; None if ``pool`` is consistent."""
        core: list[Axiom] = []
        while (length := self._shortest(core, pool)) is not None:
            if length == 0:
                return core
            core.append(pool[length - 1])
            pool = pool[: length - 1]
        return None

    def _shortest(self, core: list[Axiom], pool: Sequence[Axiom]) -> int | None:
        low, high = -1, len(pool) + 1
        while high - low > 1:
            step = max(1, -(-(high - low) // (_BATCH + 1)))
            lengths = list(range(low + step, high, step))
            if high > len(pool) and lengths[-1] < len(pool):
                lengths.append(len(pool))
            ontologies = [
                self.write([*core, *pool[:length]], f"{index}")
                for index, length in enumerate(lengths)
            ]
            found = first_inconsistent(ontologies)
            if found is None and lengths[-1] == len(pool):
                return None
            low, high = (
                (lengths[-1], high)
                if found is None
                else (lengths[found - 1] if found else low, lengths[found])
            )
        return high
