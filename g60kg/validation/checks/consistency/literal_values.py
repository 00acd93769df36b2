"""Values of literals in OWL 2: equality and membership in datatypes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg.model.observations import decimal_of
from g60kg.namespaces import term


def _xsd(names: str) -> frozenset[NamedNode]:
    return frozenset(term(f"xsd:{name}") for name in names.split())


# Integer types are subsets of decimal (OWL 2 Structural Specification, section 4.1).
_NUMBERS: Final = _xsd(
    "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long "
    "int short byte unsignedLong unsignedInt unsignedShort unsignedByte"
)
_STRINGS: Final = _xsd("string normalizedString token language Name NCName NMTOKEN")
_TEXT: Final = term("rdf:langString")
_URI: Final = term("xsd:anyURI")
_BOOLEAN: Final = term("xsd:boolean")
# The other datatypes of OWL 2: no two of these, or of those above, share a value.
_OTHERS: Final = _xsd("double float dateTime dateTimeStamp hexBinary base64Binary") | {
    term("rdf:XMLLiteral")
}

#: A literal's value: its value space and the value.
Value = tuple[str, object]


def value_of(literal: Literal) -> Value | None:
    """Return the value of a literal for comparison.

    None if OWL 2 does not have the datatype, for an invalid boolean, and for an integer
    or decimal that is not written as a finite number below 1e301.

    >>> one = Literal("1.0", datatype=term("xsd:decimal"))
    >>> value_of(one) == value_of(Literal("1", datatype=term("xsd:integer")))
    True
    >>> value_of(Literal("2018", datatype=term("xsd:gYear"))) is None
    True
    """
    datatype, text = literal.datatype, literal.value
    if datatype in _NUMBERS:
        number = decimal_of(literal)
        return None if number is None else ("number", number)
    if datatype in _STRINGS:
        return "string", text
    if datatype == _TEXT:
        return "text", (text, literal.language)
    if datatype == _URI:
        return "URI", text
    if datatype == _BOOLEAN:
        truth = {"true": True, "1": True, "false": False, "0": False}.get(text)
        return None if truth is None else ("boolean", truth)
    return (datatype.value, text) if datatype in _OTHERS else None


#: The supported datatypes of ranges, and membership of values.
RANGES: Final[dict[NamedNode, Callable[[Value], bool]]] = {
    term("xsd:string"): lambda value: value[0] == "string",
    term("rdf:PlainLiteral"): lambda value: value[0] in ("string", "text"),
    term("xsd:decimal"): lambda value: value[0] == "number",
    term("xsd:integer"): lambda value: (
        isinstance(value[1], Decimal) and value[1] == value[1].to_integral_value()
    ),
    term("xsd:anyURI"): lambda value: value[0] == "URI",
    term("xsd:boolean"): lambda value: value[0] == "boolean",
}


def is_in(literal: Literal, datatype: NamedNode) -> bool:
    """Return whether a literal's value is in a datatype of :data:`RANGES`.

    True also for a literal for which :func:`value_of` returns None.
    """
    value = value_of(literal)
    return value is None or RANGES[datatype](value)
