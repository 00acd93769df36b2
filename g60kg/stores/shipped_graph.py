"""The content of a new store: ontology, shapes and instances, each file in a named graph."""

from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from g60kg import package_data
from g60kg.namespaces import ONTOLOGY_GRAPH, SHAPES_GRAPH, graph_name
from g60kg.rdf.rdf_files import decoded_text, parse_rdf, read_bytes


def shipped_turtle() -> Iterator[tuple[bytes, NamedNode]]:
    """Yield the Turtle of each file of the package, and the named graph for it.

    The instances of the package are left out if G60KG_DATA names a folder of other instances.
    """
    yield from ((turtle, ONTOLOGY_GRAPH) for turtle in package_data.ontology_files().values())
    yield from ((turtle, SHAPES_GRAPH) for turtle in package_data.shape_files().values())
    if not package_data.own_instance_files():
        for name, turtle in package_data.instance_files().items():
            yield turtle, graph_name(name)


def shipped_quads() -> Iterator[Quad]:
    """Yield the quads of the files of :func:`shipped_turtle` and of the folder in G60KG_DATA.

    The files of that folder are checked as input files are.
    """
    parsed: Iterable[tuple[Iterable[Quad], NamedNode]] = chain(
        (
            (parse(turtle, format=RdfFormat.TURTLE, rename_blank_nodes=True, lenient=True), graph)
            for turtle, graph in shipped_turtle()
        ),
        (
            (parse_rdf(decoded_text(read_bytes(file), str(file)), file), graph_name(file.stem))
            for file in package_data.own_instance_files()
        ),
    )
    for quads, graph in parsed:
        for quad in quads:
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
