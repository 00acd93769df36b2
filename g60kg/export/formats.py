"""A graph to a format. In every format the same graph gives the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from g60kg.errors import UsageError
from g60kg.export.lines import sorted_lines
from g60kg.namespaces import PREFIXES, A
from g60kg.turtle import write_turtle
from g60kg.xmltext import NOT_XML, ends_in_name


def write_quads(quads: Iterable[Quad], format_: str, out: IO[bytes]) -> None:
    """Writes a dataset in a format; the order of the quads makes no difference to the bytes.

    N-Quads and TriG keep the names of the graphs. The other formats hold one graph: the union.

    Args:
        quads: in any order; one that comes twice counts once.
        format_: turtle ntriples nquads trig jsonld rdfxml.
        out: a binary stream; what it raises passes through.

    Raises:
        UsageError: no such format, or a triple that the format cannot hold.
        EngineFailure: blank nodes too much alike to be told apart.

    >>> import io
    >>> from g60kg.namespaces import LABEL, entity
    >>> out = io.BytesIO()
    >>> suzhou = Quad(entity("suzhou"), LABEL, Literal("Suzhou", language="en"), DefaultGraph())
    >>> write_quads([suzhou], "turtle", out)
    >>> print(out.getvalue().decode().splitlines()[-1])
        rdfs:label "Suzhou"@en .
    """
    if format_ not in _WRITERS:
        raise UsageError(f"No format {format_}.", hint=f"Formats: {', '.join(_WRITERS)}.")
    _WRITERS[format_](quads, out)


def write_triples(triples: Iterable[Triple], format_: str, out: IO[bytes]) -> None:
    """Writes one graph in a format, as :func:`write_quads` does."""
    quads = (
        Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples
    )
    write_quads(quads, format_, out)


@contextmanager
def packed(out: IO[bytes], path: Path | None) -> Iterator[IO[bytes]]:
    """The stream to write to for a file of that name: packed where it ends in ``.gz``.

    The file's name and the time are left out of the header, so that the bytes stay the same.
    """
    if path is None or path.suffix.lower() != ".gz":
        yield out
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as stream:
        yield cast(IO[bytes], stream)


def _turtle(quads: Iterable[Quad], out: IO[bytes]) -> None:
    write_turtle((quad.triple for quad in quads), out, PREFIXES)


def _n_triples(quads: Iterable[Quad], out: IO[bytes]) -> None:
    out.writelines(sorted_lines(quads, RdfFormat.N_TRIPLES))


def _n_quads(quads: Iterable[Quad], out: IO[bytes]) -> None:
    out.writelines(sorted_lines(quads, RdfFormat.N_QUADS))


def _sorted(quads: Iterable[Quad], line_format: RdfFormat) -> Iterator[Quad]:
    return parse(b"".join(sorted_lines(quads, line_format)), format=line_format)


def _trig(quads: Iterable[Quad], out: IO[bytes]) -> None:
    by_graph = sorted(_sorted(quads, RdfFormat.N_QUADS), key=lambda quad: str(quad.graph_name))
    serialize(by_graph, out, RdfFormat.TRIG, prefixes=dict(PREFIXES))


def _json_ld(quads: Iterable[Quad], out: IO[bytes]) -> None:
    serialize(_sorted(quads, RdfFormat.N_TRIPLES), out, RdfFormat.JSON_LD)
    out.write(b"\n")


def _rdf_xml(quads: Iterable[Quad], out: IO[bytes]) -> None:
    # The engine writes a carriage return as it is, and every XML reader makes it a line feed.
    content = serialize(
        _fit_for_xml(_sorted(quads, RdfFormat.N_TRIPLES)),
        format=RdfFormat.RDF_XML,
        prefixes=dict(PREFIXES),
    )
    out.write((content or b"").replace(b"\r", b"&#13;") + b"\n")


def _fit_for_xml(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The triples, each one such that RDF/XML can hold it."""
    for quad in quads:
        # The engine makes an element of a property, and of a type.
        for iri in (quad.predicate, quad.object if quad.predicate == A else None):
            if isinstance(iri, NamedNode) and not ends_in_name(iri.value):
                raise UsageError(
                    f"RDF/XML cannot write {iri} as an element: it ends in no XML name.",
                    hint=_OTHER_FORMATS,
                )
        if isinstance(quad.object, Literal) and NOT_XML.search(quad.object.value):
            raise UsageError(
                f"RDF/XML cannot hold the control characters in {quad.object}.",
                hint=_OTHER_FORMATS,
            )
        yield quad.triple


_OTHER_FORMATS: Final = "Take another format, such as turtle."
_WRITERS: Final[dict[str, Callable[[Iterable[Quad], IO[bytes]], None]]] = {
    "turtle": _turtle,
    "ntriples": _n_triples,
    "nquads": _n_quads,
    "trig": _trig,
    "jsonld": _json_ld,
    "rdfxml": _rdf_xml,
}
