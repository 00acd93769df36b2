"""Jobs about the complete graph: service description, VoID and DCAT description, downloads."""

from __future__ import annotations

import gzip
import hashlib
import io
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Final, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, parse

from g60kg.export import Selection, export, write_quads
from g60kg.formats import RDF
from g60kg.namespaces import BASE, HISTORY_GRAPH, ONTOLOGY, local_name
from g60kg.package_data import __version__
from g60kg.rdf.atomic_output import in_temporary_folder
from g60kg.stores.local_store import LocalStore
from g60kg.web.views.open_graph import current, lookup

#: The formats of the download, each with its extension and its media type.
DOWNLOADS: Final = {
    each.suffixes[0].removeprefix("."): (each.name, each.media_type) for each in RDF
}
#: Turtle templates; inserted values are IRIs and numbers, which need no escaping.
_TEMPLATES: Final = Environment(
    loader=PackageLoader("g60kg.web"), undefined=StrictUndefined, trim_blocks=True
)


def service_description(endpoint: str, format_: str) -> bytes:
    """Return the SPARQL 1.1 Service Description of the endpoint in an RDF format."""
    return _written("service.ttl", format_, endpoint=endpoint)


def description(base: str, format_: str) -> bytes:
    """Return the VoID and DCAT description of the graph in an RDF format.

    The base is the URL of this server, with a trailing slash.
    """
    changed = datetime.fromtimestamp(current().modified, UTC).replace(microsecond=0)
    return _written(
        "void.ttl",
        format_,
        base=base,
        dataset=BASE.rstrip("/"),
        project=f"{BASE}project",
        ontology=ONTOLOGY.value,
        version=__version__,
        modified=changed.isoformat(),
        members=current().store.counts().members,
        downloads=DOWNLOADS,
    )


@dataclass(frozen=True, slots=True)
class Dump:
    """A finished download; ``modified`` is when the graph was written, in seconds since 1970."""

    path: Path
    digest: str
    size: int
    modified: float


@lookup
def state() -> str:
    """Return an identifier of the graph's version, which changes with each write."""
    context = current()
    return hashlib.sha256(f"{context.state}{context.modified}".encode()).hexdigest()[:16]


def dump(folder: Path, extension: str, *, compressed: bool) -> Dump:
    """Write the complete graph to a file in a folder, as `export --with-ontology` does."""
    format_, _ = DOWNLOADS[extension]
    everything = Selection(with_ontology=True)
    path = folder / f"g60kg-{state()}.{extension}{'.gz' if compressed else ''}"
    with (
        in_temporary_folder(folder),
        tempfile.NamedTemporaryFile(dir=folder, delete=False) as aside,
    ):
        try:
            if compressed:
                # No name and no time in the header: the same graph gives the same bytes.
                with gzip.GzipFile("", "wb", fileobj=aside, mtime=0) as stream:
                    export(current().store, format_, cast(IO[bytes], stream), everything)
            else:
                export(current().store, format_, cast(IO[bytes], aside), everything)
            aside.flush()
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise
    Path(aside.name).replace(path)
    with path.open("rb") as stored:
        digest = hashlib.file_digest(stored, "sha256").hexdigest()
    return Dump(path, digest, path.stat().st_size, current().modified)


@lru_cache(maxsize=2)
def _sizes(store: LocalStore) -> dict[str, int]:
    """Return the number of triples of each graph, without the history."""
    result = store.query(
        "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    )
    assert isinstance(result, QuerySolutions)
    return {
        graph.value: int(number.value)
        for graph, number in result
        if isinstance(graph, NamedNode) and isinstance(number, Literal) and graph != HISTORY_GRAPH
    }


def _written(template: str, format_: str, **values: object) -> bytes:
    rendered = _TEMPLATES.get_template(template)
    text = rendered.render(values, sizes=_sizes(current().store), local_name=local_name).encode()
    if format_ == "turtle":
        return text
    out = io.BytesIO()
    write_quads(parse(text, format=RdfFormat.TURTLE), format_, out)
    return out.getvalue()
