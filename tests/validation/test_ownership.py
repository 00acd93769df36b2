"""A file states nothing about other sources' facts and changes nothing that is accepted."""

from __future__ import annotations

from itertools import chain

import pytest
from pyoxigraph import NamedNode

from g60kg.gate.fact_validation import Validation
from g60kg.gate.input_files import incoming_of
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import PREFIXES, compact
from g60kg.stores.local_store import LocalStore
from g60kg.validation.checks.input_policy import facts_alone, faults_in
from g60kg.validation.checks.ownership import ownership_findings
from tests.conftest import ARTICLE, ROOT

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
LINE = HEAD.count("\n") + 1
ACCEPTED = "fact:2307119874-0aa5c0021604"
FIGURE = "id:observation-corridor-member-city-count-a0f0bf6f0b18"
FULL = FIGURE.replace("id:", PREFIXES["id"])
FOREIGN, CHANGED, ADDITION = "ForeignSource", "AcceptedChanged", "UnsupportedAddition"
SHEET = """\
# url: {url}
# title: A sample
# date: 2024-05-06
# publisher: Example
# language: en
# text-sha256: 3d2b2a0b5f1e4f9a3d2b2a0b5f1e4f9a3d2b2a0b5f1e4f9a3d2b2a0b5f1e4f9a
# text-length: 100
subject,predicate,object,quote,start
"""
EVIL = SHEET.format(url="https://example.org/news/2400000001")
#: A second file's own source, described, with a fact of its own.
OWN = """
GRAPH graph:evil {
    id:article-evil a g60:Article ; rdfs:label "Evil"@en ; g60:url "https://e.org/"^^xsd:anyURI .
}
"""


def found(store: LocalStore, content: str, name: str = "evil.trig") -> list[tuple[str, int | None]]:
    """The codes of this check that a file gets, with their lines."""
    file, terms = incoming_of(content.encode(), name, store), Vocabulary(store)
    change = Validation(store, [file]).change
    findings = ownership_findings(
        [facts_alone(file.quads, faults_in(file.quads, terms))], change, terms
    )
    placed = chain.from_iterable(map(file.placed, dict.fromkeys(findings)))
    return [(one.code, one.line) for one in placed]


@pytest.mark.parametrize(
    ("node", "code"),
    [
        ("id:hangzhou", ADDITION),
        (f"id:article-{ARTICLE}", FOREIGN),
        (ACCEPTED, FOREIGN),
        (FIGURE, FOREIGN),
        ("measure:enterprise-count", FOREIGN),
    ],
)
def test_any_property_of_another_vocabulary_is_found_on_what_others_describe(
    store: LocalStore, node: str, code: str
) -> None:
    properties = {iri for iri in Vocabulary(store).properties if compact(iri)[:4] != "g60:"}
    properties |= {PREFIXES["prov"] + "invalidated", PREFIXES["schema"] + "name"}
    said = [f"{node} <{iri}> id:shanghai ." for iri in sorted(properties)]
    codes = found(store, "\n".join([HEAD + "GRAPH graph:evil {", *said, "}", OWN]))
    assert len(said) > 30
    assert {line for _, line in codes} == {LINE + 1 + number for number in range(len(said))}
    # Coordinates need evidence, so they are a violation.
    assert {found for found, _ in codes} <= {code, FOREIGN}


#: Files that put a source of their own into the graph of an accepted one.
TAKEN = {
    "article": 'id:article-evil a g60:WebPage ; rdfs:label "Evil"@en .',
    "fact": "id:article-evil a g60:Article . "
    "fact:evil-0123456789ab a g60:Fact ; g60:hasEvidence quote:evil-1-9 .",
    "data set": 'id:dataset-evil a g60:Dataset ; rdfs:label "Evil"@en .',
    "other name": 'id:evil a g60:PressRelease ; rdfs:label "Evil"@en .',
    "quotation": "id:article-evil a g60:Article . "
    "quote:evil-1-9 a g60:Quotation ; oa:hasSource id:article-evil .",
}


@pytest.mark.parametrize("said", TAKEN.values(), ids=TAKEN)
def test_an_accepted_source_has_its_graph_for_itself(store: LocalStore, said: str) -> None:
    codes = found(store, f"{HEAD}GRAPH graph:2307119874 {{ {said} }}")
    assert {code for code, _ in codes} == {FOREIGN}
    assert len(codes) >= said.count(" a ")


def test_an_article_is_in_the_graph_that_is_named_for_it(store: LocalStore) -> None:
    said = "id:article-evil a g60:Article . fact:evil-0123456789ab a g60:Fact ."
    assert {code for code, _ in found(store, f"{HEAD}GRAPH graph:other {{ {said} }}")} == {FOREIGN}
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {said} }}") == []


def test_articles_of_one_file_each_have_the_graph_that_is_named_for_them(
    store: LocalStore,
) -> None:
    articles = {name: f"id:article-{name} a g60:Article . " for name in ("evil", "worse")}
    for graph in ("wikidata", "zzz", "evil", "evil-x"):
        codes = found(store, f"{HEAD}GRAPH graph:{graph} {{ {''.join(articles.values())} }}")
        assert {code for code, _ in codes} == {FOREIGN}
    both = "".join(f"GRAPH graph:{name} {{ {said} }}" for name, said in articles.items())
    assert found(store, HEAD + both) == []
    assert {code for code, _ in found(store, HEAD + "".join(articles.values()), "all.ttl")} == {
        FOREIGN
    }


def test_each_of_several_graphs_holds_its_source(store: LocalStore) -> None:
    name = 'id:blue-rock a g60:Enterprise ; rdfs:label "Blue Rock"@en .'
    other = f"GRAPH graph:other {{ {name} }}"
    (finding,) = {code for code, _ in found(store, HEAD + OWN + other)}
    assert finding == FOREIGN
    # A file with one graph is its own: `retract other` removes it.
    assert found(store, HEAD + other) == []


def test_a_source_of_any_class_is_not_described_by_others(all_sources: LocalStore) -> None:
    said = 'id:article-wuhu-8351756 g60:publisher "Liar News" .'
    assert found(all_sources, f"{HEAD}{said}\n", "evil.ttl") == [(FOREIGN, LINE)]
    assert found(all_sources, f"{HEAD}GRAPH graph:evil {{ {said} }}") == [(FOREIGN, LINE)]


#: What a file may not say of another source's nodes.
SAID = {
    "speaker": f'{ACCEPTED} g60:attributedTo "a liar"@en .',
    "second proof": f"{ACCEPTED} g60:hasEvidence quote:2307119874-192-281 .",
    "note": f'{ACCEPTED} rdfs:comment "It is not so."@en .',
    "modality": f"{ACCEPTED} g60:factStatus g60:Goal .",
    "time": f'{ACCEPTED} g60:time "2019" .',
    "verbatim": f'{ACCEPTED} g60:verbatim "words" .',
    "publisher": 'id:article-2307119874 g60:publisher "Liars" .',
    "title": 'id:article-2307119874 rdfs:label "Lies"@fr .',
    "comment on a quotation": 'quote:2307119874-192-281 rdfs:comment "Forged."@en .',
    "words of a selector": 'quote:2307119874-192-281-text oa:exact "Since 2017" .',
    "selector": "quote:2307119874-192-281 oa:hasSelector quote:2307119874-1-9-text .",
    "record": 'id:record-gbt2260-330100 g60:recordKey "330101" .',
    "dataset": 'id:dataset-geonames g60:licence "none" .',
    "figure": f"{FIGURE} g60:comparator g60:AtLeast .",
}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("evil.trig", "GRAPH graph:2307119874 { ", " }"),
        ("evil.trig", "GRAPH graph:evil { ", " }"),
        ("evil.trig", OWN.replace("\n", " ") + "GRAPH graph:2307119874 { ", " }"),
        ("evil.ttl", "", ""),
        ("2307119874.ttl", "", ""),
    ],
    ids=["its graph", "another graph", "both", "Turtle", "its file name"],
)
def test_nodes_of_another_source_are_not_described(
    store: LocalStore, name: str, before: str, after: str
) -> None:
    lines = [f"{before}{said}{after}\n" for said in SAID.values()]
    codes = found(store, HEAD + "".join(lines), name)
    assert {code for code, _ in codes} <= {FOREIGN, CHANGED}
    assert {line for _, line in codes} == set(range(LINE, LINE + len(SAID)))


NEW_FACT = """\
id:kuka g60:inIndustry id:new-energy .
fact:{prefix}-0123456789ab a g60:Fact ; g60:factSubject id:kuka ; g60:factPredicate g60:inIndustry ;
    g60:factObject id:new-energy ; g60:hasEvidence {evidence} .
"""


@pytest.mark.parametrize(
    ("prefix", "evidence"),
    [
        ("2307119874", "quote:2307119874-192-281"),
        ("evil", "quote:2307119874-192-281"),
        ("gbt2260", "id:record-gbt2260-330100"),
        ("evil", "id:record-gbt2260-330100"),
    ],
)
def test_a_fact_neither_takes_the_name_nor_the_evidence_of_another_source(
    store: LocalStore, prefix: str, evidence: str
) -> None:
    fact = NEW_FACT.format(prefix=prefix, evidence=evidence)
    codes = found(store, f"{HEAD}GRAPH graph:evil {{ {fact} }}")
    assert {code for code, _ in codes} == {FOREIGN}


def test_a_quotation_is_not_taken_from_another_source_s_article(store: LocalStore) -> None:
    text = "quote:evil-1-9 a g60:Quotation ; oa:hasSource id:article-2307119874 ."
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {text} }}") == [(FOREIGN, LINE)]


BORROWED = """\
id:corridor g60:hasObservation {figure} .
fact:evil-0123456789ab a g60:Fact ; g60:factSubject id:corridor ; g60:hasEvidence quote:evil-1-9 ;
    g60:factPredicate g60:hasObservation ; g60:factObject {figure} .
"""


def test_a_figure_of_another_source_is_described_again(store: LocalStore) -> None:
    """Else retracting that source would leave the fact's figure without its value."""
    node = NamedNode(FULL)
    parts = [f"{q.subject} {q.predicate} {q.object} ." for q in store.quads(node)]
    borrowed = BORROWED.format(figure=FIGURE)
    for described in ([], parts[:-1], [f"{FIGURE} a g60:Observation ."]):
        codes = found(store, f"{HEAD}GRAPH graph:evil {{ {borrowed} {' '.join(described)} }}")
        assert sorted(codes) == [(FOREIGN, LINE), (FOREIGN, LINE + 2)]
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {borrowed} {' '.join(parts)} }}") == []
    # So is the sum that a figure equals, and the figure of another new source.
    own = " ".join(parts).replace(str(node), "id:observation-own")
    equal = f"{own} id:observation-own g60:equivalentOf {FIGURE} ."
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {equal} }}") == [(FOREIGN, LINE)]
    other = f'GRAPH graph:other {{ id:article-other a g60:Article ; rdfs:label "O"@en . {own} }}'
    new = BORROWED.format(figure="id:observation-own")
    codes = found(store, f"{HEAD}{other} {OWN} GRAPH graph:evil {{ {new} }}")
    assert [code for code, _ in codes] == [FOREIGN, FOREIGN]
    # A comment is no part of it: only the source that comments is refused.
    comment = other.replace(own, f'{own} id:observation-own rdfs:comment "Abandoned."@en .')
    codes = found(store, f"{HEAD}{comment} {OWN} GRAPH graph:evil {{ {new} {own} }}")
    assert [code for code, _ in codes] == [FOREIGN]


OF_FIGURE = """\
{figure} {said} .
fact:evil-0123456789ab a g60:Fact ; g60:factSubject {figure} ; g60:hasEvidence quote:evil-1-9 ;
    g60:factPredicate {predicate} ; g60:factObject {object} .
"""


@pytest.mark.parametrize(
    "said", ["g60:referenceArea id:jinhua", 'rdfs:comment "Not so."@en', "g60:basis g60:Planned"]
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_fact_of_one_s_own_does_not_change_another_source_s_figure(
    store: LocalStore, said: str, order: int
) -> None:
    """Not even by a file that states the figure too, as sources of one figure do."""
    parts = [f"{q.subject} {q.predicate} {q.object} ." for q in store.quads(NamedNode(FULL))]
    predicate, object_ = said.split(" ", 1)
    fact = OF_FIGURE.format(figure=FIGURE, said=said, predicate=predicate, object=object_)
    restated = f"{BORROWED.format(figure=FIGURE).replace('-0123', '-aaaa')} {' '.join(parts)}"
    for described in ("", restated):
        codes = found(store, f"{HEAD}GRAPH graph:evil {{ {fact} {described} }}")
        assert sorted(codes) == [(FOREIGN, LINE), (FOREIGN, LINE + 1)]
    # With a status, the fact needs no triple.
    goal = "\n".join(fact.splitlines()[1:]).replace("a g60:Fact", "g60:factStatus g60:Goal")
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {goal} }}") == [(FOREIGN, LINE)]
    # The same for a figure that another file of the same addition brings.
    own = " ".join(parts).replace(FULL, f"{PREFIXES['id']}observation-own")
    new = fact.replace(FIGURE, "id:observation-own")
    graphs = (
        f'GRAPH graph:other {{ id:article-other a g60:Article ; rdfs:label "O"@en . {own} }}',
        OWN.replace("\n", " ") + f"GRAPH graph:evil {{ {new} {own} }}",
    )
    codes = found(store, HEAD + " ".join(graphs[::order]))
    assert [code for code, _ in codes] == [FOREIGN, FOREIGN]


@pytest.mark.parametrize(
    "node",
    ["quote:2307119874-192-281", "id:article-2307119874", "fact:2307119874-0aa5c0021604"],
)
def test_no_fact_is_about_another_source_s_record(store: LocalStore, node: str) -> None:
    fact = OF_FIGURE.format(figure=node, said="", predicate="g60:publisher", object='"Liars"')
    fact = "\n".join(fact.splitlines()[1:]).replace("a g60:Fact", "g60:factStatus g60:Past")
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {fact} }}") == [(FOREIGN, LINE)]


@pytest.mark.parametrize("status", ["g60:Past", "g60:Goal", "g60:Planned", "g60:Expected"])
def test_a_fact_with_a_status_gives_no_triple(store: LocalStore, status: str) -> None:
    """Else what another source states would rest on that source alone."""
    (quad, *_) = store.quads(None, NamedNode(PREFIXES["g60"] + "inIndustry"))
    fact = NEW_FACT.format(prefix="evil", evidence="quote:evil-1-9")
    fact = fact.replace("id:kuka", str(quad.subject)).replace("id:new-energy", str(quad.object))
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {fact} }}") == []
    said = fact.replace("a g60:Fact", f"a g60:Fact ; g60:factStatus {status}")
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {said} }}") == [(FOREIGN, LINE)]
    # The same source may say both: that it was, and that it is.
    both = said + "\n" + fact.replace("-0123", "-aaaa")
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {both} }}") == []


@pytest.mark.parametrize("known", [True, False])
def test_a_statement_and_its_fact_are_in_one_source(store: LocalStore, known: bool) -> None:
    """Of a known entity and of a new one, which two files of one addition state."""
    (quad, *_) = store.quads(None, NamedNode(PREFIXES["g60"] + "inIndustry"))
    fact = NEW_FACT.format(prefix="evil", evidence="quote:evil-1-9")
    fact = fact.replace("id:new-energy", str(quad.object))
    fact = fact.replace("id:kuka", str(quad.subject) if known else "id:blue-rock")
    stated, alone = fact.split("\n", 1)
    other = fact.replace("evil", "other")
    other = f'GRAPH graph:other {{ id:article-other a g60:Article ; rdfs:label "O"@en . {other} }}'
    for part in (stated, alone):
        assert found(store, f"{HEAD}{other} {OWN} GRAPH graph:evil {{ {fact} }}") == []
        codes = found(store, f"{HEAD}{other} {OWN} GRAPH graph:evil {{ {part} }}")
        assert [code for code, _ in codes] == [FOREIGN]


SHARED = {
    "label": 'id:hangzhou rdfs:label "Hang-tcheou"@fr .',
    "type": "id:hangzhou a g60:Municipality .",
    "comment": 'id:hangzhou rdfs:comment "A comment."@en .',
    "alignment": "id:hangzhou schema:sameAs id:shanghai .",
    "link": "id:hangzhou schema:sameAs wd:Q8686 .",
    "page": "id:hangzhou rdfs:seeAlso <https://example.org/> .",
}


@pytest.mark.parametrize("said", SHARED.values(), ids=SHARED)
def test_what_no_fact_supports_is_not_added_to_an_accepted_source(
    store: LocalStore, said: str
) -> None:
    for graph in ("2307119874", "reference"):
        codes = found(store, f"{HEAD}GRAPH graph:{graph} {{ {said} }}")
        assert codes == [(CHANGED, LINE)]
    both = f"{HEAD}GRAPH graph:2307119874 {{ {said} }}{OWN}"
    assert found(store, both) == [(FOREIGN, LINE)]


@pytest.mark.parametrize("said", SHARED.values(), ids=SHARED)
def test_in_a_source_s_own_graph_it_is_a_warning(store: LocalStore, said: str) -> None:
    assert found(store, f"{HEAD}GRAPH graph:evil {{ {said} }}") == [(ADDITION, LINE)]


def test_a_sheet_is_held_to_the_same(store: LocalStore) -> None:
    rows = (
        "Hangzhou,label@fr,Hang-tcheou,,\n"
        "Hangzhou,a,Municipality,,\n"
        "id:article-2307119874,publisher,Liars,,\n"
        f"{FIGURE},basis,another way of counting,more,5\n"
    )
    codes = found(store, EVIL + rows, "evil.csv")
    assert (ADDITION, 9) in codes
    assert (ADDITION, 10) in codes
    assert (FOREIGN, 11) in codes


def test_a_forged_source_changes_nothing_accepted(store: LocalStore) -> None:
    forged = SHEET.format(url="https://www.shine.cn/feature/district/2307119874/")
    rows = (
        "id:kuka,a,Enterprise,,\n"
        "id:robot-intelligent-manufacturing-systems,a,Industry,,\n"
        "id:kuka,inIndustry,id:robot-intelligent-manufacturing-systems,Since 2016,192\n"
    )
    codes = found(store, forged + rows, "forged.csv")
    assert {code for code, _ in codes} == {CHANGED}
    assert (CHANGED, 11) in codes, "a second proof of an accepted fact"


def test_statements_with_evidence_of_their_own_are_the_file_s(store: LocalStore) -> None:
    rows = (
        "Blue Rock,a,Enterprise,,\n"
        "Blue Rock,label@zh,蓝岩,,\n"
        "Blue Rock,locatedIn,Hangzhou,Blue Rock moved to Hangzhou,9\n"
        "Hangzhou,label@fr,Hang-tcheou,moved to Hang-tcheou,30\n"
        "Hangzhou,a,PrefectureCity,,\n"
        "id:corridor,member-city-count,9,nine cities,60\n"
    )
    assert found(store, EVIL + rows, "facts.csv") == []


def test_a_source_may_state_more_facts_and_be_given_again(store: LocalStore) -> None:
    text = (ROOT / "instances" / "articles" / f"{ARTICLE}.csv").read_text(encoding="utf-8")
    assert found(store, text, "again.csv") == []
    more = text + "Kuka,locatedIn,Suzhou,Since 2016,192,,,,,,,\n"
    assert found(store, more, "again.csv") == []


def test_datasets_of_a_graph_share_it(store: LocalStore) -> None:
    head = "# id: reference\nsubject,predicate,object,quote,dataset,record\n"
    row = (
        "id:dataset-geonames,a,Dataset,,,\n"
        "id:suzhou,a,PrefectureCity,,,\n"
        "id:suzhou,alternativeName,Soochow,,id:dataset-geonames,1886760\n"
    )
    assert found(store, head + row, "more.csv") == []
    codes = found(store, head.replace("reference", "x") + row, "more.csv")
    assert {code for code, _ in codes} == {FOREIGN}
    turtle = NEW_FACT.format(prefix="gbt2260", evidence="id:record-gbt2260-330100")
    assert found(store, HEAD + turtle, "more.ttl") == []


def test_a_statement_about_a_fact_of_another_source_does_not_make_it_the_file_s(
    store: LocalStore,
) -> None:
    own = "fact:2400000001-0123456789ab a g60:Fact ; g60:factSubject id:hangzhou .\n"
    said = f'{HEAD}{own}{ACCEPTED} g60:attributedTo "a liar"@en .'
    assert found(store, said, "liar.ttl") == [(FOREIGN, LINE + 1)]
