"""Small cases of changes that matter to a focus node which they are far from, one for each way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from tests.validation.delta_runs import (
    EX,
    Verdict,
    by_delta,
    by_full_runs,
    shapes_graph,
    stored,
    turtle,
    verdict_of,
)

#: Declares the empty prefix to queries.
PREFIXED: Final = (
    f':prefixes a owl:Ontology ; sh:declare [ sh:prefix "" ; sh:namespace "{EX}"^^xsd:anyURI ] .\n'
)
#: Fails for every IRI that is a target.
NEVER: Final = "sh:not [ sh:nodeKind sh:IRI ]"
HOPS: Final = ":a :p :b . :b :p :c . :c :p :d . "


@dataclass(frozen=True, slots=True)
class Case:
    """Shapes, a graph, and a change that introduces or fixes a finding; all of it Turtle."""

    shapes: str
    graph: str
    added: str = ""
    removed: str = ""
    hidden: str = ""


def node(rules: str) -> str:
    return f":S a sh:NodeShape ; {rules} ."


def on(path: str, rules: str, target: str = "sh:targetNode :a") -> str:
    return f":S a sh:PropertyShape ; {target} ; sh:path {path} ; {rules} ."


def query(body: str, tail: str = "") -> str:
    return PREFIXED + node(f"sh:targetNode :a ; {sparql(body, tail)}")


def sparql(body: str, tail: str = "") -> str:
    select = f"SELECT $this ?value {{ {body} }} {tail}"
    return f'sh:sparql [ sh:prefixes :prefixes ; sh:select """{select}""" ]'


def target(body: str) -> str:
    select = f"SELECT ?this {{ {body} }}"
    found = f'[ a sh:SPARQLTarget ; sh:prefixes :prefixes ; sh:select """{select}""" ]'
    return PREFIXED + node(f"sh:target {found} ; {NEVER}")


#: What makes a node a target.
TARGETS = {
    "class": Case(node(f"sh:targetClass :C ; {NEVER}"), "", ":a a :C ."),
    "class by a subclass": Case(
        node(f"sh:targetClass :C ; {NEVER}"),
        ":a a :D . :E rdfs:subClassOf :C .",
        ":D rdfs:subClassOf :E .",
    ),
    "class that a shape is": Case(
        f":S a sh:NodeShape , owl:Class ; {NEVER} .", ":D rdfs:subClassOf :S .", ":a a :D ."
    ),
    "class no longer": Case(
        node(f"sh:targetClass :C ; {NEVER}"),
        ":a a :D . :D rdfs:subClassOf :C .",
        removed=":D rdfs:subClassOf :C .",
    ),
    "subjects": Case(node(f"sh:targetSubjectsOf :p ; {NEVER}"), "", ":a :p :b ."),
    "objects": Case(node(f"sh:targetObjectsOf :p ; {NEVER}"), "", ":b :p :a ."),
    "objects that are literals": Case(
        node("sh:targetObjectsOf :p ; sh:nodeKind sh:IRI"), "", ":b :p 1 ."
    ),
    "query": Case(target("?this :p ?x . ?x :q/:r ?y"), HOPS + ":b :q :x .", ":x :r :y ."),
    "query whose first match does not count": Case(
        target("?this :p ?x FILTER ( ?x = :z )"), ":a :p :b , :c , :d .", ":a :p :z ."
    ),
    "query with a second way": Case(
        target("{ ?this :p ?x FILTER ( ?x = :z ) } UNION { ?this :q ?x }"),
        ":a :p :b .",
        ":a :q :b .",
    ),
    "query for lack of something": Case(
        target("?this :p ?x OPTIONAL { ?x :q ?y } FILTER ( !BOUND(?y) )"), HOPS, ":b :q :x ."
    ),
    "query that takes something away": Case(
        target("?this a :C MINUS { ?x :p ?this }"), ":a a :C . :b :p :a .", removed=":b :p :a ."
    ),
    "blank nodes of which nothing is read": Case(
        node("sh:targetClass :C ; sh:equals :p"), "", "_:a a :C ."
    ),
}

PATHS = {
    "sequence": Case(on("( :p :p :q )", "sh:maxCount 0"), HOPS, ":c :q :x ."),
    "inverse": Case(on("[ sh:inversePath :p ]", "sh:maxCount 0"), "", ":b :p :a ."),
    "inverse after a step": Case(
        on("( :p [ sh:inversePath :q ] )", "sh:maxCount 0"), HOPS, ":x :q :b ."
    ),
    "alternative": Case(
        on("( :p [ sh:alternativePath ( :q :r ) ] )", "sh:maxCount 0"), HOPS, ":b :r :x ."
    ),
    "zero or more": Case(
        on("( [ sh:zeroOrMorePath :p ] :q )", "sh:maxCount 0"), HOPS, ":d :q :x ."
    ),
    "one or more": Case(on("[ sh:oneOrMorePath :p ]", "sh:maxCount 3"), HOPS, ":d :p :e ."),
    "zero or one": Case(
        on("( :p [ sh:zeroOrOnePath :p ] :q )", "sh:maxCount 0"), HOPS, ":c :q :x ."
    ),
    "of blank nodes": Case(
        on("( :p :q )", "sh:maxCount 0", "sh:targetClass :C"), "_:a a :C ; :p _:b .", "_:b :q _:c ."
    ),
}

#: What a shape says of the nodes that it leads to.
PARTS = {
    "a literal that stays a target": Case(
        on(
            "[ sh:zeroOrMorePath :p ]",
            "sh:property [ sh:path [ sh:zeroOrOnePath :p ] ; sh:class :C ]",
            "sh:targetNode :a , 1",
        ),
        ":a a :C ; :p 1 .",
        removed=":a :p 1 .",
    ),
    "node": Case(
        on(":p", "sh:node [ sh:property [ sh:path :q ; sh:maxCount 0 ] ]"), HOPS, ":b :q :x ."
    ),
    "property": Case(
        on(":p", "sh:property [ sh:path :q ; sh:minCount 1 ]"),
        HOPS + ":b :q :x .",
        removed=":b :q :x .",
    ),
    "not": Case(on(":p", "sh:not [ sh:path :q ; sh:minCount 1 ]"), HOPS, ":b :q :x ."),
    "and": Case(
        on(":p", "sh:and ( [ sh:class :C ] [ sh:path :q ; sh:maxCount 0 ] )"),
        HOPS + ":b a :C .",
        ":b :q :x .",
    ),
    "or": Case(
        on(":p", "sh:or ( [ sh:class :C ] [ sh:path :q ; sh:minCount 1 ] )"), HOPS, ":b :q :x ."
    ),
    "xone": Case(
        on(":p", "sh:xone ( [ sh:class :C ] [ sh:path :q ; sh:minCount 1 ] )"),
        HOPS + ":b a :C .",
        ":b :q :x .",
    ),
    "qualified": Case(
        on(":p", "sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 1"),
        HOPS,
        ":b a :C .",
    ),
    "class": Case(on(":p", "sh:class :C"), HOPS, ":b a :C ."),
    "class by a subclass": Case(
        on(":p", "sh:class :C"),
        HOPS + ":b a :D . :E rdfs:subClassOf :C .",
        ":D rdfs:subClassOf :E .",
    ),
    "closed": Case(on(":p", "sh:closed true"), ":a :p :b .", ":b :q :x ."),
    "equals": Case(on("( :p :q )", "sh:equals :r"), HOPS + ":b :q 1 .", ":a :r 1 ."),
    "disjoint": Case(on("( :p :q )", "sh:disjoint :r"), HOPS + ":b :q 1 .", ":a :r 1 ."),
    "less than": Case(on("( :p :q )", "sh:lessThan :r"), HOPS + ":b :q 1 .", ":a :r 1 ."),
    "less than or equals": Case(
        on("( :p :q )", "sh:lessThanOrEquals :r"), HOPS + ":b :q 2 .", ":a :r 1 ."
    ),
    "equals, further on": Case(
        on(":p", "sh:node [ sh:property [ sh:path :q ; sh:equals :r ] ]"), HOPS, ":b :r 1 ."
    ),
}

QUERIES = {
    "patterns": Case(query("$this :p ?x . ?x :q ?value"), HOPS, ":b :q :x ."),
    "optional": Case(
        query("$this :p ?value OPTIONAL { ?value :q ?x } FILTER ( !BOUND(?x) )"),
        HOPS,
        ":b :q :x .",
    ),
    "one term by a filter": Case(
        query("$this :p ?x . ?value :q ?y FILTER ( sameTerm(?x, ?y) )"), HOPS, ":x :q :b ."
    ),
    "union": Case(
        query("{ ?value :q $this } UNION { $this :p ?x . ?x :r ?value }"), HOPS, ":b :r :x ."
    ),
    "after a union": Case(
        query("{ $this :q ?x } UNION { $this :p ?x } ?x :r ?value"), HOPS, ":b :r :x ."
    ),
    "not exists": Case(
        query("?value :p $this FILTER NOT EXISTS { ?value :q ?x . ?x a :C }"),
        ":b :p :a . :b :q :c .",
        ":c a :C .",
    ),
    "exists in an optional": Case(
        query(
            "$this :p ?x OPTIONAL { ?x :q ?value FILTER EXISTS { ?value :r ?y } }"
            " FILTER ( BOUND(?value) )"
        ),
        HOPS + ":b :q :x .",
        ":x :r :y .",
    ),
    "path": Case(
        query("$this :p/(:q|^:r)+ ?value . ?value :q ?x"),
        ":a :p :b . :c :r :b . :c :q :d .",
        ":d :q :e .",
    ),
    "negated path": Case(query("$this :p ?x . ?x !(:p|:q) ?value"), HOPS, ":b :r :x ."),
    "any predicate": Case(query("$this ?path ?value . ?path :q ?x"), HOPS, ":p :q :x ."),
    "a triple that three others mention": Case(
        query("$this :q ?s ; :r ?p . ?s ?p ?value OPTIONAL { ?value :p ?x } FILTER ( !BOUND(?x) )"),
        ":a :q :b ; :r :p . :b :p :c .",
        ":c :p :x .",
    ),
    "blank nodes": Case(query("$this :p [ :q [ :r ?value ] ]"), HOPS + ":b :q :x .", ":x :r :y ."),
    "counted": Case(
        query("$this :p ?x . ?x :q ?value", "GROUP BY $this ?value HAVING ( COUNT(?x) > 1 )"),
        ":a :p :b , :c . :b :q :x .",
        ":c :q :x .",
    ),
    "$PATH": Case(PREFIXED + on("( :p :q )", sparql("$this $PATH ?value")), HOPS, ":b :q :x ."),
    "in a part": Case(
        PREFIXED + on(":p", f"sh:node [ {sparql('$this :q/:r ?value')} ]"),
        HOPS + ":b :q :x .",
        ":x :r :y .",
    ),
    "numbers in another spelling": Case(
        query("$this :p ?x . ?y :q ?x ; :r ?value"),
        ':a :p 5 . :y :q " 5 "^^xsd:integer .',
        ":y :r :z .",
    ),
}

#: What the change of a triple that nothing connects with the focus node matters to.
LOOSE = {
    "joined": Case(query("$this :p ?value . ?x :q ?y"), HOPS, ":x :q :y ."),
    "joined after an optional": Case(
        query("$this :p ?value OPTIONAL { ?x :q ?y } ?x :r $this"),
        HOPS + ":x :r :a .",
        ":y :q :z .",
    ),
    "qualified and disjoint": Case(
        node(
            "sh:targetNode :a ; sh:property [ sh:path :p ; sh:qualifiedValueShapesDisjoint true ;"
            " sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class :C ] ] ,"
            " [ sh:path :r ; sh:qualifiedMinCount 0 ;"
            "   sh:qualifiedValueShape [ sh:path :q ; sh:minCount 1 ] ]"
        ),
        HOPS + ":b a :C .",
        ":b :q :x .",
    ),
    "inverse of a sequence": Case(
        on("[ sh:inversePath ( :q :p ) ]", "sh:maxCount 0"),
        "",
        ":b :p :a ; :q :a . :x :q :b ; :p :b .",
    ),
}

#: What becomes of the triples on a way.
CHANGES = {
    "gone": Case(on("( :p :q )", "sh:maxCount 0"), HOPS + ":b :q :x .", removed=":b :q :x ."),
    "gone, and missed": Case(
        on("( :p :q )", "sh:minCount 1"), HOPS + ":b :q :x .", removed=":b :q :x ."
    ),
    "one for another": Case(
        on("( :p :q )", "sh:hasValue :x"), HOPS + ":b :q :x .", ":b :q :y .", ":b :q :x ."
    ),
    "new, old, new": Case(
        on("( :p :p :q )", "sh:maxCount 0"), ":b :p :c .", ":a :p :b . :c :q :x ."
    ),
    "two of them gone": Case(
        on("( :p :p :q )", "sh:minCount 1"), HOPS + ":c :q :x .", removed=":b :p :c . :c :q :x ."
    ),
    "two that are needed, both new": Case(
        query("$this ?path ?value . ?path :q :x"), "", ":a :p :b . :p :q :x ."
    ),
    "two that are needed, both gone": Case(
        query("$this ?path ?value . ?path :q :x"),
        ":a :p :b . :p :q :x .",
        removed=":a :p :b . :p :q :x .",
    ),
    "two of joined groups, both new": Case(
        query("{ $this :p ?value } UNION { $this :q ?value } ?value :r ?x"),
        "",
        ":a :p :b . :b :r :x .",
    ),
    "known from a graph that is not looked at": Case(
        on(":p", "sh:maxCount 0"), "", ":a :p :b .", hidden=":a :p :b ."
    ),
    "one result of several": Case(
        query("$this :p ?value OPTIONAL { ?x :q ?value } FILTER ( !BOUND(?x) )")
        + query("$this :p ?value OPTIONAL { ?value :r ?x } FILTER ( !BOUND(?x) )").replace(
            ":S", ":T"
        ),
        ":a :p :b , :c . :x :q :b .",
        ":y :q :c . :b :r :z .",
    ),
    # The value node that both focus nodes have is reported once, of whichever is looked at.
    "reported for one focus node still": Case(
        ":S a sh:PropertyShape ; sh:targetNode :a , :e ; sh:path :p ;"
        " sh:property [ sh:path :q ; sh:minCount 1 ] , [ sh:path :r ; sh:maxCount 0 ] .",
        ":a :p :b . :e :p :b .",
        ":a :p :g . :g :q :x ; :r :x .",
        ":a :p :b .",
    ),
    "reported by one shape still": Case(
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property :P ."
        " :T a sh:NodeShape ; sh:targetClass :D ; sh:property :P ."
        " :P a sh:PropertyShape ; sh:path :p ; sh:minCount 1 ; sh:node [ sh:class :C ] .",
        ":a a :C , :D . :b a :D .",
        ":b :p :b .",
        ":a a :C .",
    ),
}

_ABSENT: Final = "$this :p ?value . OPTIONAL { ?f :s $this ; :o ?value } FILTER (!BOUND(?f))"
#: The same, but of a witness with a status only where the value is :v.
_PLAIN: Final = (
    "$this :p ?value . OPTIONAL { ?f :s $this ; :o ?value OPTIONAL { ?f :z ?status }"
    " FILTER (!BOUND(?status) || ?value = :v) } FILTER (!BOUND(?f))"
)
#: Others about the same node, and about the same value, of which none is a witness.
_OTHERS: Final = " ".join(f":x{n} :s :a ; :o :w . :y{n} :s :b ; :o :v ." for n in range(9))
ABSENT: Final = {
    "one of several goes": Case(
        query(_ABSENT),
        f":a :p :u , :v , :w . {_OTHERS} :f :s :a ; :o :u , :v . :g :s :a ; :o :v .",
        removed=":f :o :u , :v .",
    ),
    "the last one goes": Case(
        query(_ABSENT), f":a :p :v , :w . {_OTHERS} :f :s :a ; :o :v .", removed=":f :o :v ."
    ),
    "the first one comes": Case(
        query(_ABSENT), f":a :p :v , :w . {_OTHERS} :f :s :a .", added=":f :o :v ."
    ),
    "the last without a status gets one": Case(
        query(_PLAIN),
        f":a :p :u , :v , :w . {_OTHERS} :f :s :a ; :o :u , :v . :g :s :a ; :o :u ; :z 1 .",
        added=":f :z 2 .",
    ),
    "the only one loses its status": Case(
        query(_PLAIN), ":a :p :u . :f :s :a ; :o :u ; :z 1 , 2 .", removed=":f :z 1 , 2 ."
    ),
    "one with a status comes": Case(
        query(_PLAIN), ":a :p :u , :v .", added=":f :s :a ; :o :u , :v ; :z 1 ."
    ),
    "of a number, spelled in two ways": Case(
        query(_ABSENT), ":a :p 1.0 , 2.0 . :f :s :a ; :o 1.00 .", added=":g :s :a ; :o 2.00 ."
    ),
}

CASES: Final = {
    f"{kind}: {name}": case
    for kind, cases in (
        ("target", TARGETS),
        ("path", PATHS),
        ("part", PARTS),
        ("query", QUERIES),
        ("loose", LOOSE),
        ("change", CHANGES),
        ("absent", ABSENT),
    )
    for name, case in cases.items()
}


def both(case: Case) -> tuple[Verdict, Verdict]:
    """Return the delta verdict on a case and that of full runs."""
    store = stored(turtle(case.graph), turtle(case.hidden))
    shapes = shapes_graph(turtle(case.shapes))
    delta = verdict_of(by_delta(store, turtle(case.added), turtle(case.removed), shapes))
    return delta, full(case)


@cache
def full(case: Case) -> Verdict:
    """Return the verdict of full runs, which the delta verdict has no part in."""
    store = stored(turtle(case.graph), turtle(case.hidden))
    shapes = shapes_graph(turtle(case.shapes))
    return by_full_runs(store, turtle(case.added), turtle(case.removed), shapes)
