"""SHACL validation report as Turtle (section 3.6 of the standard)."""

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from g60kg.namespaces import PREFIXES, A, term
from g60kg.validation.report.findings import (
    Finding,
    Report,
    Severity,
    Status,
    term_of,
    worst_first,
)

_SEVERITIES: Final = {one: term(f"sh:{one.capitalize()}") for one in Severity}


def to_turtle(report: Report, language: str = "en") -> str:
    """Return the Turtle of a ``sh:ValidationReport``.

    Fixed findings are left out. ``sh:conforms`` is false if there is any result, even a warning,
    unlike :meth:`Report.conforms`.
    """
    findings = [f for f in worst_first(report.findings) if f.status is not Status.FIXED]
    used = ("sh", "shape", "xsd", "g60", "id", "fact", "quote", "rdf", "rdfs", "oa")
    written = serialize(
        _triples(findings, language),
        format=RdfFormat.TURTLE,
        prefixes={prefix: PREFIXES[prefix] for prefix in used},
    )
    assert written is not None  # without a file argument it returns the bytes
    return written.decode()


def _triples(findings: Sequence[Finding], language: str) -> Iterator[Triple]:
    report = BlankNode("report")
    yield Triple(report, A, term("sh:ValidationReport"))
    verdict = "false" if findings else "true"
    yield Triple(report, term("sh:conforms"), Literal(verdict, datatype=term("xsd:boolean")))
    results = [BlankNode(f"result{number}") for number, _ in enumerate(findings, start=1)]
    for result in results:
        yield Triple(report, term("sh:result"), result)
    for result, finding in zip(results, findings, strict=True):
        yield from _result(result, finding, language)


def _result(result: BlankNode, finding: Finding, language: str) -> Iterator[Triple]:
    # The component of a code of another check is the code itself.
    rule = NamedNode(PREFIXES["shape"] + finding.code)
    component = NamedNode(finding.component) if finding.component else rule
    yield Triple(result, A, term("sh:ValidationResult"))
    # A focus node can be any term: for a complete file it is the file name.
    literal = term_of(finding.literal) if finding.literal else None
    focus = finding.node or literal or Literal(finding.focus or finding.file or "")
    yield Triple(result, term("sh:focusNode"), focus)
    if finding.path is not None:
        yield Triple(result, term("sh:resultPath"), NamedNode(finding.path))
    if finding.value is not None:
        yield Triple(result, term("sh:value"), finding.value_term or Literal(finding.value))
    yield Triple(result, term("sh:sourceShape"), rule)
    yield Triple(result, term("sh:sourceConstraintComponent"), component)
    yield Triple(result, term("sh:resultSeverity"), _SEVERITIES[finding.severity])
    yield Triple(result, term("sh:resultMessage"), Literal(finding.message, language=language))
