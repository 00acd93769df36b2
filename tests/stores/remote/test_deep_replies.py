"""Replies that nest or expand too far: a clear failure instead of the end of the process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Final

import pytest

from tests.cli.run import g60kg
from tests.conftest import long_only
from tests.stores.remote.test_misbehaving import JSON, SELECT, Handler, serving

LEVELS: Final = 100_000
XML: Final = "application/sparql-results+xml"
CONSTRUCT: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
RDF: Final = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
_SPARQL: Final = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
_IRI: Final = '{"type":"uri","value":"urn:a"}'
_TRIPLE: Final = f'{{"type":"triple","value":{{"subject":{_IRI},"predicate":{_IRI},"object":'


def _nested(start: str, middle: str, end: str) -> str:
    return start * LEVELS + middle + end * LEVELS


def _row(cell: str) -> str:
    return f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{{"x":{cell}}}]}}}}'


def _xml_row(cell: str) -> str:
    row = f'<result><binding name="x">{cell}</binding></result>'
    return f'{_SPARQL}<variable name="x"/></head><results>{row}</results></sparql>'


_XML_TRIPLE: Final = (
    "<triple><subject><uri>urn:a</uri></subject><predicate><uri>urn:a</uri></predicate><object>"
)
REPLIES: Final = {
    "triple terms in JSON": (SELECT, JSON, _row(_nested(_TRIPLE, _IRI, "}}"))),
    "unclosed JSON": (SELECT, JSON, _row(_TRIPLE * LEVELS)),
    "arrays in JSON": (SELECT, JSON, _row(_nested("[", "", "]"))),
    "a boolean in JSON": (
        "ASK { ?s ?p ?o }",
        JSON,
        f'{{"head":{_nested("[", "", "]")},"boolean":true}}',
    ),
    "triple terms in XML": (
        SELECT,
        XML,
        _xml_row(_nested(_XML_TRIPLE, "<uri>urn:a</uri>", "</object></triple>")),
    ),
    "a boolean in XML": (
        "ASK { ?s ?p ?o }",
        XML,
        f"{_SPARQL}{_nested('<a>', '', '</a>')}</head><boolean>true</boolean></sparql>",
    ),
    "triple terms in N-Triples": (
        CONSTRUCT,
        "application/n-triples",
        "<urn:a> <urn:p> " + _nested("<<( <urn:a> <urn:p> ", "<urn:o>", " )>>") + " .\n",
    ),
    "triple terms in Turtle": (
        CONSTRUCT,
        "text/turtle",
        "<urn:a> <urn:p> " + _nested("<<( <urn:a> <urn:p> ", "<urn:o>", " )>>") + " .\n",
    ),
    "collections in Turtle": (
        CONSTRUCT,
        "text/turtle",
        f"<urn:a> <urn:p> {_nested('(', '', ')')} .",
    ),
    "elements in RDF/XML": (
        CONSTRUCT,
        "application/rdf+xml",
        RDF
        + _nested("<rdf:Description><e:p>", "", "</e:p></rdf:Description>")
        + "</rdf:RDF>",
    ),
}  # fmt: skip


def _acts(media: str, body: str) -> Callable[[Handler], None]:
    def act(handler: Handler) -> None:
        if b"history" in handler.sent:
            handler.say(200, b'{"head":{},"boolean":false}')
        else:
            handler.say(200, body.encode(), media)

    return act


#: Nested otherwise than triple terms, in the same formats.
_RARE: Final = ("unclosed JSON", "arrays in JSON", "a boolean in JSON", "a boolean in XML")


@pytest.mark.parametrize(
    "reply", [name for name in REPLIES if name not in _RARE] + long_only(*_RARE)
)
def test_a_deep_reply_is_a_failure_of_the_endpoint(reply: str) -> None:
    query, media, body = REPLIES[reply]
    with serving(_acts(media, body)) as (url, _):
        done = g60kg("--endpoint", url, "sparql", query)
    assert done.returncode == 3, done.stderr
    assert "exceeds a limit: nested deeper than 200" in done.stderr
    assert "malformed" not in done.stderr
    assert done.stdout == ""


_MANY: Final = range(100_000)
LARGE: Final = {
    "variables in JSON": (
        SELECT,
        JSON,
        f'{{"head":{{"vars":{json.dumps([f"v{n}" for n in _MANY])}}},"results":{{"bindings":[]}}}}',
        "more than 1,000 variables",
    ),
    "variables in JSON with an escaped name": (
        SELECT,
        JSON,
        '{"head":{"\\u0076ars":[' + ",".join(f'"v{n}"' for n in _MANY) + "]}}",
        "more than 1,000 variables",
    ),
    "variables in XML": (
        SELECT,
        XML,
        _SPARQL + "".join(f'<variable name="v{n}"/>' for n in _MANY) + "</head></sparql>",
        "more than 1,000 variables",
    ),
    "attributes in XML": (
        SELECT,
        XML,
        _xml_row("<literal " + " ".join(f'a{n}="1"' for n in _MANY) + ">x</literal>"),
        "more than 1,000 attributes",
    ),
    "a literal in JSON": (
        SELECT,
        JSON,
        _row(f'{{"type":"literal","value":"{"x" * 20_000_000}"}}'),
        "a literal too long for the parser (16 MiB)",
    ),
    "a literal in N-Triples": (
        CONSTRUCT,
        "application/n-triples",
        f'<urn:a> <urn:p> "{"x" * 20_000_000}" .\n',
        "a literal too long for the parser (16 MiB)",
    ),
}


@pytest.mark.parametrize("reply", LARGE)
def test_a_reply_beyond_a_limit_of_the_parser_is_a_failure(reply: str) -> None:
    query, media, body, reason = LARGE[reply]
    with serving(_acts(media, body)) as (url, _):
        done = g60kg(
            "--endpoint", url, "sparql", query, "-f", "csv" if query == SELECT else "ntriples"
        )
    assert done.returncode == 3, done.stderr
    assert reason in done.stderr
    assert "malformed" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("media", [JSON, XML])
def test_a_reply_with_the_most_variables_is_read(media: str) -> None:
    names = [f"v{n}" for n in range(1_000)]
    in_json = f'{{"head":{{"vars":{json.dumps(names)}}},"results":{{"bindings":[]}}}}'
    in_xml = "".join(f'<variable name="{name}"/>' for name in names)
    in_xml = f"{_SPARQL}{in_xml}</head><results></results></sparql>"
    with serving(_acts(media, in_json if media == JSON else in_xml)) as (url, _):
        done = g60kg("--endpoint", url, "sparql", SELECT, "-f", "csv")
    assert (done.returncode, done.stdout.strip()) == (0, ",".join(names)), done.stderr


@pytest.mark.parametrize("reply", ["triple terms in JSON", *long_only("triple terms in N-Triples")])
def test_a_deep_reply_is_an_exception_in_python(reply: str) -> None:
    query, media, body = REPLIES[reply]
    program = (
        "import sys, g60kg\n"
        "try:\n"
        "    list(g60kg.connect(sys.argv[1]).sparql(sys.argv[2]))\n"
        "except g60kg.G60kgError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    with serving(_acts(media, body)) as (url, _):
        done = subprocess.run(
            [sys.executable, "-c", program, url, query],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("RemoteFailure")
    assert "nested deeper than 200" in done.stdout


@pytest.mark.parametrize(
    ("media", "body", "reason"),
    [
        (
            "application/rdf+xml",
            f'<!DOCTYPE r [<!ENTITY a "{"a" * 30_000}">]>{RDF}<rdf:Description rdf:about="urn:a">'
            f"<e:p>{'&a;' * 30_000}</e:p></rdf:Description></rdf:RDF>",
            "XML entity longer than 1,000",
        ),
        (
            "text/turtle",
            f"@prefix x: <urn:{'a' * 60_000}> . x:a x:b {'x:a, ' * 10_000} x:a .",
            "IRI longer than 8,000",
        ),
        (
            "text/turtle",
            f"@prefix x: <urn:{'a' * 7_900}> . x:a x:b {'x:a, ' * 10_000} x:a .",
            "expand to more than can be read",
        ),
    ],
)
def test_a_reply_that_expands_too_far_is_a_failure(media: str, body: str, reason: str) -> None:
    with serving(_acts(media, body)) as (url, _):
        done = g60kg("--endpoint", url, "sparql", CONSTRUCT)
    assert done.returncode == 3, done.stderr
    assert reason in done.stderr
