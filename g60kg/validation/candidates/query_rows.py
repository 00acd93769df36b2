"""SPARQL constraints and targets, run in Oxigraph once for all nodes instead of once per node.

A query is supported only if this finds every node that pySHACL reports. Therefore its patterns must
not share a variable that can be unbound in one of them, and its functions must be the same in both
engines. If Oxigraph cannot evaluate a filter, the node is reported, as rdflib may compare terms of
different kinds.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store
from rdflib import RDF, SH, XSD, Graph
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, Variable

from g60kg.namespaces import PREFIXES, term
from g60kg.rdf.sparql_tokens import tokens
from g60kg.stores.base import Term
from g60kg.validation.candidates.data_index import DataIndex
from g60kg.validation.shape_structure.constraint_queries import (
    Algebra,
    Conjunction,
    name_of,
    parsed,
    parts_of,
    variables_of,
)
from g60kg.validation.shape_structure.triple_patterns import (
    THIS,
    Alternative,
    Path,
    Repeat,
    Sequence,
    Step,
    Unbounded,
)

_REGEX: Final = NamedNode("urn:g60kg:regex")
_BOOLEAN: Final = term("xsd:boolean")
#: pySHACL refuses queries with these words, not the class g60:Service before a comma.
_REFUSED: Final = re.compile(r"\b((MINUS|VALUES)\b|SERVICE[\s<])", re.IGNORECASE)
_OF_A_QUERY: Final = frozenset({RDF.type, SH.select, SH.prefixes, SH.message})
#: Expressions that both engines evaluate in the same way, or that are errors in Oxigraph.
_EXPRESSIONS: Final = frozenset(
    (
        *("RelationalExpression", "ConditionalAndExpression", "ConditionalOrExpression"),
        *("AdditiveExpression", "MultiplicativeExpression", "UnaryNot", "TrueFilter"),
        *("Builtin_BOUND", "Builtin_STR", "Builtin_LANG", "Builtin_DATATYPE", "Builtin_STRLEN"),
        *("Builtin_SUBSTR", "Builtin_CONTAINS", "Builtin_STRSTARTS", "Builtin_STRENDS"),
        *("Builtin_STRBEFORE", "Builtin_STRAFTER", "Builtin_CONCAT", "Builtin_REGEX"),
        *("Builtin_REPLACE", "Builtin_COALESCE", "Builtin_IF", "Builtin_FLOOR", "Builtin_NOW"),
        "Builtin_sameTerm",
    )
)
#: Queries without given variables.
_ANY: Final = Algebra(frozenset())
_ORDERS: Final = ("<", ">", "<=", ">=")


def selected_nodes(
    shapes: Graph, asking: Node, text: str, data: DataIndex, *, this_is_given: bool
) -> frozenset[Term]:
    """Return at least the nodes that the query of a SPARQL target or constraint selects.

    Args:
        asking: the node of the target or constraint in ``shapes``; ``text`` is its query.
        this_is_given: true for a constraint, false for a target.

    Raises:
        Unbounded: the query cannot be run once for all nodes.
    """
    query = for_all_nodes(text, this_is_given=this_is_given)
    if not _OF_A_QUERY.issuperset(shapes.predicates(asking)):
        raise Unbounded("its query has a property that is not supported")
    if data.store is None:
        raise Unbounded("a store would change the graph")
    return nodes_in(data.store, query)


def nodes_in(store: Store, text: str) -> frozenset[Term]:
    """Return the nodes that a query binds to $this in a store.

    Solutions in which $this is unbound are ignored.
    """
    found = store.query(text, prefixes=dict(PREFIXES), custom_functions={_REGEX: _matches})
    assert isinstance(found, QuerySolutions)
    return frozenset(node for solution in found if (node := solution[THIS]) is not None)


def _matches(text: Any, pattern: Any) -> Literal | None:
    """Return as an RDF boolean whether a text contains a match of a Python regular expression.

    rdflib uses these expressions, too. None, which is an error in SPARQL, if one of the two is not
    a literal.
    """
    if not isinstance(text, Literal) or not isinstance(pattern, Literal):
        return None
    found = re.search(pattern.value, text.value)
    return Literal("true" if found else "false", datatype=_BOOLEAN)


@lru_cache(maxsize=256)
def for_all_nodes(text: str, *, this_is_given: bool) -> str:
    """Return a query for Oxigraph that selects at least the nodes that rdflib would report.

    ``this_is_given`` is true for a constraint, false for a target.

    Raises:
        Unbounded: the query is not supported.
    """
    query = parsed(text).algebra
    part = query.p
    while part.name in ("Project", "Distinct", "Reduced"):
        part = part.p
    if query.name != "SelectQuery" or query.datasetClause or Variable(THIS) not in query.PV:
        raise Unbounded("its query does not select $this from the graph itself")
    if _REFUSED.search(text) or not all(map(_binds_this, _ANY.ways(part))):
        raise Unbounded("its query does not bind $this, or is not supported")
    _check(part, frozenset({THIS} if this_is_given else ()), is_optional=False)
    return "".join(_rewritten(text))


def _binds_this(way: Conjunction) -> bool:
    return any(
        THIS in statement.variables
        and (isinstance(statement.path, str) or _has_step(statement.path))
        for statement in way
    )


def _has_step(path: Path) -> bool:
    match path:
        case Step():
            return True
        case Sequence(parts):
            return any(map(_has_step, parts))
        case Alternative(parts):
            return all(map(_has_step, parts))
        case Repeat(repeated, optional, _):
            return not optional and _has_step(repeated)


def _check(part: CompValue, outside: frozenset[str], *, is_optional: bool) -> None:
    """Raise Unbounded if a part is unsupported or may depend on bindings made outside it.

    ``outside`` has the variables that are bound outside; ``is_optional`` is true in an OPTIONAL.
    """
    match part.name:
        case "BGP":
            return
        case "Join" | "LeftJoin":
            one, other = variables_of(part.p1), variables_of(part.p2)
            shared, certain = one & other, _ANY.certain(part.p1)
            if part.name == "Join":
                certain &= _ANY.certain(part.p2)
            else:
                shared |= other & outside
                _check_expression(part.expr, one | other, is_optional=True)
            if not shared <= certain:
                raise Unbounded("its query shares a variable that can be unbound")
            _check(part.p1, outside | other, is_optional=is_optional)
            _check(part.p2, outside | one, is_optional=is_optional or part.name == "LeftJoin")
        case "Union":
            _check(part.p1, outside, is_optional=is_optional)
            _check(part.p2, outside, is_optional=is_optional)
        case "Filter" | "Extend":
            _check(part.p, outside, is_optional=is_optional)
            _check_expression(part.expr, variables_of(part.p), is_optional=is_optional)
            if part.name == "Extend" and name_of(part.var) in outside:
                raise Unbounded("its query computes a variable that it uses elsewhere")
        case _:
            raise Unbounded(f"its query has a part that is not supported: {part.name}")


def _check_expression(expression: Any, known: frozenset[str], *, is_optional: bool) -> None:
    """Check that an expression uses only ``known`` variables and supported functions.

    Args:
        is_optional: whether it is in an OPTIONAL, where values must not be compared by order.

    Raises:
        Unbounded: it does not, or COALESCE can hide an error of a comparison.
    """
    if not variables_of(expression) <= known:
        raise Unbounded("its query filters by a variable of another group")
    for part in parts_of(expression):
        if part.name == "Function" and str(part.iri).startswith(str(XSD)):
            continue
        if part.name not in _EXPRESSIONS:
            raise Unbounded(f"its query has an expression that is not supported: {part.name}")
        # An error there leaves a group out, which can add results or remove them.
        is_order = part.name == "RelationalExpression" and part.op in _ORDERS
        if is_order and is_optional:
            raise Unbounded("its query compares values in an OPTIONAL")
        if part.name == "Builtin_COALESCE" and any(
            inner.name == "RelationalExpression" for inner in parts_of(part.arg)
        ):
            raise Unbounded("its query hides an error")


def _rewritten(text: str) -> Iterator[str]:
    """Yield the text of a query for Oxigraph in parts.

    A FILTER outside OPTIONAL whose evaluation fails counts as true. REGEX becomes the function
    :func:`_matches`.

    >>> "".join(_rewritten('{ ?s ?p ?o FILTER ( ?o < 1 ) OPTIONAL { ?o ?q ?x FILTER ( ?x ) } }'))
    '{ ?s ?p ?o FILTER (COALESCE(( ?o < 1 ), true)) OPTIONAL { ?o ?q ?x FILTER ( ?x ) } }'
    """
    written = 0
    keyword = ""
    opened: list[str] = []
    for token in tokens(text):
        yield text[written : token.start]
        written = token.end
        if keyword == "FILTER" and token.text != "(":
            raise Unbounded("its query has a FILTER without brackets")
        if token.text in ("{", "("):
            optional = keyword == "OPTIONAL" or "OPTIONAL" in opened
            opened.append("OPTIONAL" if optional else keyword)
            yield "(COALESCE((" if opened[-1] == "FILTER" else token.text
        elif token.text in ("}", ")"):
            yield "), true))" if opened and opened.pop() == "FILTER" else token.text
        else:
            yield str(_REGEX) if token.keyword == "REGEX" else token.text
        keyword = token.keyword
    yield text[written:]
