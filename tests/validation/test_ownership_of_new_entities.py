"""A new entity comes into the graph of an accepted source with a fact."""

from __future__ import annotations

from g60kg.stores.local_store import LocalStore
from tests.conftest import ARTICLE
from tests.validation.test_ownership import CHANGED, HEAD, found


def test_a_new_entity_comes_into_an_accepted_source_with_a_fact_that_mentions_it(
    store: LocalStore,
) -> None:
    alone = HEAD + (
        f'GRAPH graph:{ARTICLE} {{ id:new-works a g60:Enterprise ; rdfs:label "New Works"@en ;\n'
        '    rdfs:comment "Hangzhou is in Paris"@en }\n'
    )
    assert [code for code, _ in found(store, alone)] == [CHANGED] * 3
    mentioned = alone.replace(
        " }\n",
        " .\n    fact:2307119874-0123456789ab a g60:Fact ; g60:factSubject id:new-works ;\n"
        "        g60:factPredicate g60:locatedIn ; g60:factObject id:hangzhou }\n",
    )
    assert found(store, mentioned) == []
