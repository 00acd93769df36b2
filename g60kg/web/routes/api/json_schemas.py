"""JSON Schemas (draft 2020-12) of the API's responses, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from g60kg.validation.report.findings import Severity, Status

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
FLAG: Final[Schema] = {"type": "boolean"}
_IRI: Final[Schema] = {"type": "string", "format": "iri"}


def reference(name: str) -> Schema:
    """Return a reference to one of :data:`SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def listing(of: Schema) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": of}


def or_null(schema: Schema) -> Schema:
    """Return a schema that also allows null."""
    return {"anyOf": [schema, {"type": "null"}]}


def record(members: Schema, *, optional: Schema | None = None, description: str = "") -> Schema:
    """Return the schema of an object with exactly the given members."""
    described = {"description": description} if description else {}
    return {
        "type": "object",
        **described,
        "required": list(members),
        "properties": {**members, **(optional or {})},
        "additionalProperties": False,
    }


_NAMED: Final = {"iri": _IRI, "curie": TEXT, "label": TEXT}
_LABELS: Final[Schema] = {"type": "object", "additionalProperties": TEXT}
_TERM: Final = record(
    {"type": {"enum": ["uri", "literal", "bnode"]}, "value": TEXT},
    optional={"xml:lang": TEXT, "datatype": _IRI},
    description="An RDF term, as in SPARQL 1.1 Query Results JSON Format.",
)
_QUOTED: Final = {
    "quote": TEXT,
    "article": TEXT,
    "start": or_null(NUMBER),
    "end": or_null(NUMBER),
    "modality": TEXT,
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Problem": {
        "type": "object",
        "description": "A problem and how to fix it (RFC 9457).",
        "required": ["type", "title", "status"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
            "file": TEXT,
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1},
        },
    },
    "Named": record(_NAMED, description="A resource; its label is in the requested language."),
    "Term": _TERM,
    "Quotation": record(
        _QUOTED,
        description="A quotation and its offsets in the article, in code points; or the key of a "
        "data set record, without offsets.",
    ),
    "Rows": record(
        {
            "head": record({"vars": listing(TEXT)}),
            "results": record(
                {"bindings": listing({"type": "object", "additionalProperties": reference("Term")})}
            ),
            "meta": record(
                {
                    "query": TEXT,
                    "parameters": {"type": "object", "additionalProperties": TEXT},
                    "complete": FLAG,
                    "versions": {"type": "object", "additionalProperties": TEXT},
                }
            ),
        },
        optional={"evidence": listing(listing(reference("Quotation")))},
        description="SPARQL 1.1 Query Results JSON, with `meta`; with `evidence`, a list of "
        "quotations for each binding, in order. `complete` is false if rows are left out.",
    ),
    "Query": record(
        {
            "name": TEXT,
            "topic": TEXT,
            "summary": TEXT,
            "description": TEXT,
            "parameters": listing(
                record(
                    {
                        "name": TEXT,
                        "type": {"enum": ["iri", "string", "integer"]},
                        "class": or_null(TEXT),
                        "enum": or_null(listing(TEXT)),
                        "example": TEXT,
                        "description": TEXT,
                        "optional": FLAG,
                    }
                )
            ),
            "columns": listing(TEXT),
            "labels": listing(TEXT),
            "evidence": FLAG,
            "sparql": TEXT,
            "links": record(
                {"answer": TEXT, "example": TEXT, "csv": TEXT}, optional={"turtle": TEXT}
            ),
        }
    ),
    "Queries": record({"queries": listing(reference("Query")), "complete": FLAG}),
    "Figure": record(
        {"value": {"type": "number"}, "comparator": TEXT},
        optional={"unit": reference("Named"), "asOf": TEXT},
    ),
    "Value": {
        **record(
            {},
            optional={
                "entity": reference("Named"),
                "figure": reference("Figure"),
                "text": TEXT,
                "language": TEXT,
                "datatype": TEXT,
            },
            description="Exactly one of an entity, a figure and a text.",
        ),
        "oneOf": [{"required": [one]} for one in ("entity", "figure", "text")],
    },
    "Fact": record(
        {
            "iri": _IRI,
            "subject": reference("Named"),
            "property": reference("Named"),
            "value": reference("Value"),
            "modality": TEXT,
            "quotations": listing(
                record(
                    {"quote": TEXT, "article": TEXT, "articleLabel": TEXT, "modality": TEXT,
                     "fact": _IRI},
                    optional={"start": NUMBER, "end": NUMBER},
                )
            ),
        },
        optional={"time": TEXT, "attributedTo": TEXT, "verbatim": TEXT, "note": TEXT},
        description="One source's statement with its quotations.",
    ),
    "Entity": record(
        {
            **_NAMED,
            "labels": _LABELS,
            "types": listing(reference("Named")),
            "facts": listing(reference("Fact")),
            "namedBy": listing(reference("Fact")),
            "totals": record({"facts": NUMBER, "namedBy": NUMBER}),
            "complete": FLAG,
        },
        description="An entity, the facts about it, and the facts that have it as value.",
    ),
    "Entities": record(
        {
            "class": or_null(reference("Named")),
            "entities": listing(
                record({**_NAMED, "labels": _LABELS, "types": listing(reference("Named"))})
            ),
            "total": NUMBER,
            "complete": FLAG,
        }
    ),
    "Found": record(
        {
            "text": TEXT,
            "results": listing(
                record({**_NAMED, "class": reference("Named"), "matched": listing(TEXT)})
            ),
            "total": NUMBER,
            "complete": FLAG,
        }
    ),
    "Report": record(
        {
            "conforms": FLAG,
            "store": TEXT,
            "files": listing(TEXT),
            "summary": record(
                {
                    **dict.fromkeys(
                        ("violations", "warnings", "info", "introduced", "existing", "fixed",
                         "facts"),
                        NUMBER,
                    ),
                    "quotations": record(
                        dict.fromkeys(("verified", "failed", "unchecked"), NUMBER)
                    ),
                    "records": record({"unchecked": NUMBER}),
                }
            ),
            "results": listing(
                record(
                    {
                        "severity": {"enum": [severity.value for severity in Severity]},
                        "code": TEXT,
                        "status": {"enum": [status.value for status in Status]},
                        "message": TEXT,
                        **dict.fromkeys(("focus", "focusLabel", "path", "value", "file"),
                                        or_null(TEXT)),
                        **dict.fromkeys(("line", "column"), or_null(NUMBER)),
                        "hint": or_null(TEXT),
                    }
                )
            ),
            "checks": listing(
                record(
                    {"name": TEXT, "ran": FLAG, "seconds": {"type": "number"}},
                    optional={"note": TEXT},
                )
            ),
        },
        description="Whether the files would be accepted, and the findings.",
    ),
}  # fmt: skip
