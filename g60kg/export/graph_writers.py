"""Writers of RDF formats; in every format, the same graph gives the same bytes.

RDF 1.2 has a reifier for each Fact (`fact rdf:reifies <<( s p o )>>`). A triple that is
reified is not asserted by that: a plan has a reifier, and no direct triple unless it is a
figure.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import chain, groupby
from typing import IO, Final, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from g60kg.errors import FormatCannotHold, UsageError
from g60kg.export.compact_json_ld import compacted
from g60kg.export.sorted_lines import Lines, LineSorter, graph_of_name
from g60kg.formats import EXPORTS
from g60kg.model.facts import FACT_TRIPLE, Fact
from g60kg.namespaces import PREFIXES, A, compact, term
from g60kg.rdf.text_excerpt import NOT_XML, excerpt
from g60kg.rdf.turtle import stream_turtle

_REIFIES: Final = term("rdf:reifies")
_PARTS: Final = tuple(f" {part} ".encode() for part in FACT_TRIPLE)


def with_reifiers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield sorted N-Quads lines and, in order among them, the lines that reify Facts' triples.

    A Fact whose subject, predicate or object is missing or not unique gets no such line.
    """
    for _, run in groupby(lines, key=lambda line: line[: line.index(b" ")]):
        own = list(run)
        # A literal may contain a part too; its line is parsed, and has another property.
        parts = b"".join(line for line in own if any(part in line for part in _PARTS))
        yield from sorted([*own, *_reifiers(parts)]) if parts else own


def _reifiers(lines: bytes) -> list[bytes]:
    """Return the lines that reify the Fact that N-Quads lines describe, at most one per graph."""
    quads = list(parse(lines, format=RdfFormat.N_QUADS))
    written = b""
    for graph in {quad.graph_name for quad in quads}:
        fact = Fact.of(quads[0].subject, (quad for quad in quads if quad.graph_name == graph))
        if fact.is_complete:
            reifier = Quad(fact.iri, _REIFIES, Triple(*fact.triple), graph)
            written += serialize([reifier], format=RdfFormat.N_QUADS) or b""
    return written.splitlines(keepends=True)


#: The most quads of a part that this program lays out in Turtle. Its layout takes twice as long as
#: all else: 2 s for 75,000 quads (measured).
MOST_LAID_OUT: Final = 10_000


def write_quads(quads: Iterable[Quad], format_: str, out: IO[bytes]) -> None:
    """Write a dataset in a format; the order of the quads does not affect the bytes.

    N-Quads, also of RDF 1.2, and TriG keep the names of the graphs. The other formats hold one
    graph: the union. Raises UsageError for an unknown format or a term that it cannot hold.

    >>> import io
    >>> from g60kg.namespaces import LABEL, entity
    >>> out = io.BytesIO()
    >>> suzhou = Quad(entity("suzhou"), LABEL, Literal("Suzhou", language="en"), DefaultGraph())
    >>> write_quads([suzhou], "turtle", out)
    >>> print(out.getvalue().decode().splitlines()[-1])
        rdfs:label "Suzhou"@en .
    """
    sorter = line_sorter(format_)
    sorter.add(quads)
    write_sorted(sorter, format_, out)


def write_compact(
    quads: Iterable[Quad], format_: str, out: IO[bytes], root: NamedNode | None = None
) -> None:
    """Write a part of the graph as :func:`write_quads`, but JSON-LD in compact form.

    JSON-LD begins with the tree of ``root``. Turtle of more than MOST_LAID_OUT quads is laid out
    by pyoxigraph.
    """
    if format_ == "turtle" and len(quads := list(quads)) > MOST_LAID_OUT:
        sorter = line_sorter(format_)
        sorter.add(quads)
        serialize(_parsed(sorter.sorted()), out, RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    elif format_ != "jsonld":
        write_quads(quads, format_, out)
    else:
        expanded = BytesIO()
        write_quads(quads, format_, expanded)
        out.write(compacted(expanded.getvalue().rstrip(), root and root.value) + b"\n")


def line_sorter(format_: str) -> LineSorter:
    """Return an empty sorter of lines for a format; raise UsageError for an unknown format."""
    if format_ not in _WRITERS:
        known = ", ".join(each.name for each in EXPORTS)
        raise UsageError(f"Unknown format {format_}.", hint=f"Formats: {known}.")
    return LineSorter(_LINES.get(format_, Lines.TRIPLES))


def write_sorted(sorter: LineSorter, format_: str, out: IO[bytes]) -> None:
    """Write the content of a sorter in the format that it was made for.

    Errors are as :func:`write_quads` raises them.
    """
    _WRITERS[format_](sorter.sorted(), out)


def write_triples(triples: Iterable[Triple], format_: str, out: IO[bytes]) -> None:
    """Write one graph in a format; details and errors as :func:`write_quads`."""
    quads = (
        Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples
    )
    write_quads(quads, format_, out)


#: Chunks of sorted lines.
_Chunks = Iterator[list[bytes]]


def _turtle(chunks: _Chunks, out: IO[bytes]) -> None:
    stream_turtle((quad.triple for quad in _parsed(chunks)), out, PREFIXES)


def _plain_lines(chunks: _Chunks, out: IO[bytes]) -> None:
    for lines in chunks:
        out.writelines(lines)


def _parsed(chunks: _Chunks) -> Iterator[Quad]:
    for lines in chunks:
        yield from parse(b"".join(lines), format=RdfFormat.N_TRIPLES)


def _by_graph(chunks: _Chunks) -> Iterator[Quad]:
    for lines in chunks:
        for name, run in groupby(lines, key=lambda line: line[: line.index(b"\t")]):
            graph = graph_of_name(name)
            content = b"".join(line[len(name) + 1 :] for line in run)
            for quad in parse(content, format=RdfFormat.N_TRIPLES):
                yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _json_ld(chunks: _Chunks, out: IO[bytes]) -> None:
    serialize(_fit_for_json_ld(_parsed(chunks)), out, RdfFormat.JSON_LD)
    out.write(b"\n")


def _fit_for_json_ld(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        if isinstance(quad.object, Triple):
            raise FormatCannotHold(
                f"JSON-LD cannot hold RDF 1.2 triple terms: {excerpt(str(quad.triple))}",
                hint="Use another format: ntriples.",
            )
        yield quad


def _rdf_xml(chunks: _Chunks, out: IO[bytes]) -> None:
    escaping = cast(IO[bytes], _WithReturns(out))
    quads = _fit_for_xml(_parsed(chunks))
    serialize(quads, escaping, RdfFormat.RDF_XML, prefixes=dict(PREFIXES))
    out.write(b"\n")


class _WithReturns:
    """A binary stream that escapes carriage returns, which XML readers turn into line feeds."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, content: bytes) -> int:
        self._out.write(content.replace(b"\r", b"&#13;"))
        return len(content)

    def flush(self) -> None:
        self._out.flush()


def _fit_for_xml(quads: Iterable[Quad]) -> Iterator[Triple]:
    for quad in quads:
        # The engine writes properties and types as elements.
        for iri in (quad.predicate, quad.object if quad.predicate == A else None):
            if isinstance(iri, NamedNode) and not _FINAL_NAME.search(iri.value):
                raise FormatCannotHold(
                    f"RDF/XML cannot write {excerpt(_name(iri))} of {excerpt(_name(quad.subject))} "
                    "as an element: its end is not an XML name.",
                    hint=_OTHER_FORMATS,
                )
        if isinstance(quad.object, Literal) and (unfit := NOT_XML.search(quad.object.value)):
            statement = f'{_name(quad.subject)} {_name(quad.predicate)} "{quad.object.value}"'
            raise FormatCannotHold(
                f"RDF/XML cannot hold the control character U+{ord(unfit[0]):04X} in "
                f"{excerpt(statement, 500)}.",
                hint=_OTHER_FORMATS,
            )
        yield quad.triple


def _name(node: object) -> str:
    return compact(node.value) if isinstance(node, NamedNode) else str(node)


_OTHER_FORMATS: Final = "Use another format: turtle, ntriples or jsonld."
#: The lines of formats that keep the names of the graphs.
_LINES: Final = {"nquads": Lines.QUADS, "rdf12": Lines.QUADS, "trig": Lines.GRAPH_FIRST}
_WRITERS: Final[dict[str, Callable[[_Chunks, IO[bytes]], object]]] = {
    "turtle": _turtle,
    "ntriples": _plain_lines,
    "nquads": _plain_lines,
    "trig": lambda chunks, out: serialize(
        _by_graph(chunks), out, RdfFormat.TRIG, prefixes=dict(PREFIXES)
    ),
    "jsonld": _json_ld,
    "rdfxml": _rdf_xml,
    "rdf12": lambda chunks, out: out.writelines(with_reifiers(chain.from_iterable(chunks))),
}


#: Characters that may begin an XML name (XML 1.0, section 2.3), in every edition.
_STARTS: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u3001-\ud7ff\uf900-\ufdcf"
)
_FINAL_NAME: Final = re.compile(f"[{_STARTS}][{_STARTS}0-9.-]*$")
