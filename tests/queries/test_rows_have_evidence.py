"""Each row of a canned query that offers evidence has some, over all shipped sources."""

from __future__ import annotations

import pytest

import g60kg
from g60kg.queries.catalog import load_catalog
from g60kg.stores.local_store import LocalStore


@pytest.mark.long
def test_no_row_is_without_words_of_a_source(all_sources: LocalStore) -> None:
    graph = g60kg.KnowledgeGraph(all_sources)
    bare = {
        (query.name, str(row))
        for query in load_catalog().values()
        if query.evidence
        for answer in [graph.query(query.name)]
        for row, quotations in zip(answer.to_dicts(), answer.evidence(), strict=True)
        if not quotations
    }
    assert bare == set()
