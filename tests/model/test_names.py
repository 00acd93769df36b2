"""Names mean IRIs, or the nearest names are offered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from g60kg.errors import AmbiguousName, UnknownName, UsageError
from g60kg.model.names import Names
from g60kg.namespaces import PREFIXES, A, compact, entity, expand, slug
from g60kg.queries.parameters import Resolver
from g60kg.stores.local_store import LocalStore


@pytest.mark.parametrize(
    "words",
    [
        "Hangzhou",
        "hangzhou",
        "HANGZHOU",
        " Hangzhou ",
        "杭州",
        "id:hangzhou",
        "https://w3id.org/g60kg/id/hangzhou",
        "<https://w3id.org/g60kg/id/hangzhou>",
    ],
)
def test_a_city_by_any_of_its_names(store: LocalStore, words: str) -> None:
    assert Resolver(store).entity(words, "Place") == entity("hangzhou")


def test_suzhou_is_the_one_of_the_corridor(store: LocalStore) -> None:
    assert Resolver(store).entity("suzhou", "Place") == entity("suzhou")


def test_a_city_may_be_any_place(store: LocalStore) -> None:
    assert Resolver(store).entity("Zhejiang", "Place") == entity("zhejiang")


def test_a_local_name_is_a_name_if_no_label_is(store: LocalStore) -> None:
    assert Resolver(store).entity("corridor") == entity("corridor")
    with pytest.raises(UnknownName):
        Resolver(store).entity("corridor", "Place")


@pytest.mark.parametrize(
    ("words", "nearest"),
    [("Hangzou", "Hangzhou"), ("id:hangzou", "Hangzhou"), ("Songjiag", "Songjiang")],
)
def test_an_unknown_city_is_answered_with_the_nearest(
    store: LocalStore, words: str, nearest: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        Resolver(store).entity(words, "Place")
    assert nearest in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("words", "of_class", "nearest"),
    [
        *(("杭洲", "Place", "杭州"), ("嘉星", "Place", "嘉兴"), ("苏洲", "Place", "苏州")),
        *(
            ("松江科技城", None, "临港松江科技城"),
            ("蘇州", "Place", "苏州"),
            ("蘇洲", "Place", "苏州"),
        ),
    ],
)
def test_a_chinese_name_with_a_wrong_or_traditional_character_is_answered_with_the_nearest(
    store: LocalStore, words: str, of_class: str | None, nearest: str
) -> None:
    if "蘇" in words:
        pytest.importorskip("opencc", reason="the extra `traditional` is not installed")
    with pytest.raises(UnknownName) as caught:
        Resolver(store).entity(words, of_class)
    assert (caught.value.hint or "").startswith(f"Did you mean {nearest}")


def test_terms_and_shapes_are_never_suggested(store: LocalStore) -> None:
    for words in ("G60 corridor shapes", "G60科创走廊约束", "G60 corridor ontology"):
        with pytest.raises(UnknownName) as caught:
            Resolver(store).entity(words)
        assert not {"shapes", "ontology", "约束", "本体"} & set((caught.value.hint or "").split())
        assert "shapes" not in (caught.value.hint or "")


def test_a_company_is_no_city(store: LocalStore) -> None:
    with pytest.raises(UnknownName):
        Resolver(store).entity("OmniVision", "Place")


def test_two_entities_with_one_name_are_both_listed() -> None:
    names = Names(
        [("Springfield", entity("springfield-1")), ("springfield", entity("springfield-2"))]
    )
    with pytest.raises(AmbiguousName) as caught:
        names.find("SPRINGFIELD", "city")
    assert "id:springfield-1" in caught.value.message
    assert "id:springfield-2" in caught.value.message


@given(st.text())
def test_any_words_mean_something_or_raise_a_usage_error(store: LocalStore, words: str) -> None:
    with suppress(UsageError):
        assert Resolver(store).entity(words, "Place").value.startswith(PREFIXES["id"])


@given(st.text())
def test_a_slug_is_stable_and_makes_a_curie(label: str) -> None:
    minted = slug(label)
    assert slug(minted) == minted
    if minted:
        iri = entity(minted)
        assert expand(compact(iri.value)) == iri


def test_the_types_of_an_entity_are_read_once(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entity has a label in the graph of each source that names it."""
    read: list[NamedNode] = []
    quads = LocalStore.quads

    def counted(
        self: LocalStore, subject: Any = None, predicate: Any = None, *rest: Any
    ) -> Iterator[Quad]:
        if predicate == A and subject is not None:
            read.append(subject)
        return quads(self, subject, predicate, *rest)

    monkeypatch.setattr(LocalStore, "quads", counted)
    with suppress(UnknownName):
        Resolver(store).entity("Hangzhoo", "Place")
    assert entity("hangzhou") in read
    assert len(read) == len(set(read))


def test_of_equally_similar_names_the_one_of_nearest_length_is_suggested_first() -> None:
    posts = (f"{post} of Songjiang District" for post in ("Deputy head", "Mayor", "Secretary"))
    names = Names((name, entity(slug(name))) for name in (*posts, "Songjiang"))
    assert names.nearest("Songjiang District")[0] == "Songjiang"


def test_a_short_name_in_the_letters_of_a_longer_text_is_not_near() -> None:
    names = Names([("NIO", entity("nio")), ("talent", entity("talent")), ("Kuka", entity("kuka"))])
    assert names.nearest("nonexistent") == ()
    assert names.nearest("Kuka Robotics of Foshan") == ("Kuka",)
