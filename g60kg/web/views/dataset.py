"""Jobs about the complete graph: service description, VoID and DCAT description, downloads.

Also the list of all entities.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from g60kg import namespaces as ns
from g60kg import package_data
from g60kg.export import Selection, export, write_quads
from g60kg.export.release.dataset_description import (
    Distribution,
    describe,
    graph_sizes,
    serialized_description,
)
from g60kg.formats import RDF
from g60kg.namespaces import PREFIXES, A, g60, local_name, term
from g60kg.rdf.atomic_output import writing
from g60kg.web.views.open_graph import Context, current

#: The formats of the download, each with its extension and its media type.
DOWNLOADS: Final = {each.suffix.removeprefix("."): (each.name, each.media_type) for each in RDF}
#: Turtle templates; inserted values are IRIs and numbers, which need no escaping.
_TEMPLATES: Final = Environment(
    loader=FunctionLoader(package_data.template), undefined=StrictUndefined, trim_blocks=True
)
#: Facts, evidence and quantities are not listed as entities.
_EVIDENCE: Final = (g60("Evidence"), ns.QUOTATION, ns.PASSAGE, ns.DATASET_RECORD)
_BEHIND: Final = frozenset(kind.value for kind in (ns.FACT, *_EVIDENCE, ns.OBSERVATION))


def service_description(endpoint: str, format_: str) -> bytes:
    """Return the SPARQL 1.1 Service Description of the endpoint in an RDF format."""
    sizes = graph_sizes(current().store)
    template = _TEMPLATES.get_template("service.ttl")
    text = template.render(endpoint=endpoint, sizes=sizes, local_name=local_name).encode()
    if format_ == "turtle":
        return text
    out = io.BytesIO()
    write_quads(parse(text, format=RdfFormat.TURTLE), format_, out)
    return out.getvalue()


def description(base: str, format_: str) -> bytes:
    """Return the VoID and DCAT description in an RDF format; the base URL ends with a slash."""
    changed = datetime.fromtimestamp(current().modified, UTC).replace(microsecond=0)
    described = describe(
        current().store,
        [
            Distribution(
                name=f"{extension}{end}",
                url=f"{base}download/g60kg.{extension}{end}",
                media_type=media_type,
                compressed=bool(end),
            )
            for extension, (_, media_type) in DOWNLOADS.items()
            for end in ("", ".gz")
        ],
        document=f"{base}.well-known/void",
        home=base,
        modified=Literal(changed.isoformat(), datatype=term("xsd:dateTime")),
        endpoint=f"{base}sparql",
    )
    return serialized_description(described, format_)


@dataclass(frozen=True, slots=True)
class Dump:
    """A finished download; ``digest`` is the SHA-256 of the file in hexadecimal."""

    path: Path
    digest: str


def dump(folder: Path, extension: str, *, compressed: bool) -> Dump:
    """Write the complete graph with the ontology to a new file in a folder, and return it."""
    format_, _ = DOWNLOADS[extension]
    path = folder / f"{token_hex()}.{extension}{'.gz' if compressed else ''}"
    with writing(path) as out:
        export(current().store, format_, out, Selection(with_ontology=True))
    with path.open("rb") as stored:
        digest = hashlib.file_digest(stored, "sha256").hexdigest()
    return Dump(path, digest)


def members(context: Context, wanted: NamedNode | None) -> set[str]:
    """Return the IRIs of the entities of a class and its subclasses.

    Without a class, they are all entities apart from Facts, evidence, figures and ontology terms.
    """
    if wanted is None:
        above = context.vocabulary.superclasses
        kinds = [kind for kind, upper in above.items() if not upper & _BEHIND]
    else:
        kinds = list(context.vocabulary.subclasses(wanted))
    return {
        node.value
        for kind in kinds
        if kind.startswith(PREFIXES["g60"])
        for node in context.store.subjects(A, NamedNode(kind))
        if wanted is not None or not node.value.startswith(PREFIXES["g60"])
    }
