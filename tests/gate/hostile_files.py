"""Files that must not hurt: each made in one way to crash, stall or deceive who reads it.

Run as a program, it gives them to the gate one after the other and prints each result, so
that a crash ends this process and not that of the tests.
"""

from __future__ import annotations

import gc
import gzip
import hashlib
import json
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from g60kg.namespaces import PREFIXES

#: The lines that every Turtle file here begins with; what is wrong stands after them.
HEAD: Final = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
FIRST: Final = HEAD.count("\n") + 1
_LABEL: Final = f"<{PREFIXES['rdfs']}label>"
_RDF: Final = f'<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}" xmlns:e="https://example.org/">'
_ABOUT: Final = '<rdf:Description rdf:about="https://example.org/a"><e:p>'
_END: Final = "</e:p></rdf:Description></rdf:RDF>"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file and what the gate must say of it.

    Attributes:
        name: the file's name, with the extension of its format.
        content: its content; or a function that writes it to a path.
        code: the finding that it must get.
        line: the line of that finding; None where a place means nothing.
        exit: 1 when the file can be read, 2 when not, 0 for a mere note.
    """

    name: str
    content: str | bytes | Callable[[Path], None]
    code: str
    line: int | None
    exit: int = 1

    def make(self, folder: Path) -> Path:
        """Writes the file."""
        path = folder / self.name
        if callable(self.content):
            self.content(path)
        else:
            content = self.content
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def _turtle(name: str, text: str, code: str, exit_: int = 1) -> Hostile:
    return Hostile(f"{name}.ttl", HEAD + text, code, FIRST, exit_)


def _unreadable(
    name: str, content: str | bytes | Callable[[Path], None], line: int | None = None
) -> Hostile:
    return Hostile(name, content, "Syntax", line, 2)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 30)


def _bomb(path: Path) -> None:
    with gzip.open(path, "wb") as stream:
        for _ in range(300):
            stream.write(bytes(1 << 20))


def _socket(path: Path) -> None:
    # The name of a socket may not be long: it is made where it stands.
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.fchdir(here)
    os.close(here)


def _bound(path: Path) -> None:
    path.symlink_to(path.name)


def _lines(count: int) -> str:
    return "".join(f'<{PREFIXES["id"]}x{n}> {_LABEL} "x{n}"@en .\n' for n in range(count))


def _entities(depth: int) -> str:
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, depth))
    return f'<!DOCTYPE r [<!ENTITY a0 "ha">{inner}]>{_RDF}{_ABOUT}&a{depth - 1};{_END}'


def hostile_files() -> Iterator[Hostile]:
    """All of them."""
    # -- What is not there, or not whole ------------------------------------------------
    yield Hostile("no-bytes.ttl", "", "NothingStated", None, 0)
    yield Hostile("spaces.ttl", " \n\n ", "NothingStated", None, 0)
    yield Hostile("mark-alone.ttl", "\ufeff", "NothingStated", None, 0)
    yield _unreadable("no-bytes.csv", "")
    yield _turtle("cut-in-a-name", "id:x g60:locatedIn id:", "Syntax", 2)
    yield _turtle("cut-in-a-string", 'id:x rdfs:label "abc', "Syntax", 2)
    crlf = (HEAD + 'id:x rdfs:label "abc\n').replace("\n", "\r\n")
    yield _unreadable("cut-crlf.ttl", crlf, FIRST)
    yield _unreadable("cut.rdf", f"{_RDF}\n{_ABOUT}", 2)
    yield _unreadable("cut.jsonld", '{"@id":\n"x"', 2)
    yield _unreadable("no-gzip.ttl.gz", HEAD)
    yield _unreadable("cut.ttl.gz", gzip.compress(HEAD.encode())[:30])
    # -- Encodings ----------------------------------------------------------------------
    yield _turtle("nul", 'id:x rdfs:label "a\0c"@en .', "Syntax", 2)
    yield _turtle("nul-escaped", 'id:x rdfs:label "a\\u0000c"@en .', "ControlCharacter")
    yield _unreadable("utf-16.ttl", HEAD.encode("utf-16"), 1)
    yield _unreadable("utf-16-unmarked.ttl", HEAD.encode("utf-16-le"), 1)
    latin = HEAD.encode() + 'id:x rdfs:label "é"@fr .'.encode("latin-1")
    yield _unreadable("latin-1.ttl", latin, FIRST)
    gbk = HEAD.encode() + 'id:x rdfs:label "杭州"@zh .'.encode("gbk")
    yield _unreadable("gbk.ttl", gbk, FIRST)
    yield _unreadable("spreadsheet.csv", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x8c\xff")
    yield _unreadable("page.ttl", "<!DOCTYPE html>\n<html></html>", 1)
    # -- Too much -----------------------------------------------------------------------
    yield _unreadable("gigabyte.ttl", _sparse)
    yield _unreadable("gigabyte.csv", _sparse)
    yield _unreadable("bomb.ttl.gz", _bomb)
    yield _unreadable("very-many.nt", _lines(100_001))
    yield _turtle("text", f'id:x rdfs:comment "{"a" * 10_000_000}"@en .', "TermLength")
    yield _unreadable("text.nt", f'<{PREFIXES["id"]}x> {_LABEL} "{"a" * 30_000_000}" .')
    yield _turtle("iri", f'id:{"a" * 1_000_000} rdfs:label "x"@en .', "TermLength")
    yield _turtle("digits", f"id:x g60:numericValue {'9' * 100_000} .", "TermLength")
    exponent = 'id:x g60:numericValue "1e999999999"^^xsd:decimal .'
    yield _turtle("exponent", exponent, "LexicalForm")
    for name, number in {"nan": "NaN", "infinity": "-INF", "nineteen-digits": "9" * 19}.items():
        yield _turtle(name, f'id:x g60:numericValue "{number}"^^xsd:decimal .', "LexicalForm")
    for name, address in {
        "braces": "http://a.example/{b}}",
        "escape": "http://a.example/%zz",
    }.items():
        text = f'id:x g60:url "{address}"^^xsd:anyURI .'
        yield _turtle(f"address-with-{name}", text, "LexicalForm")
    chain = "".join(f"id:p{n} g60:locatedIn id:p{n + 1} .\n" for n in range(1_000))
    yield Hostile("chain.ttl", HEAD + chain, "LongChain", FIRST + 50)
    # -- Too deep -----------------------------------------------------------------------
    seen = "id:x rdfs:seeAlso "
    yield _turtle("brackets", seen + "[ rdfs:seeAlso " * 100_000, "Syntax", 2)
    closed = "[ rdfs:seeAlso " * 100_000 + "1" + "]" * 100_000
    yield _turtle("brackets-closed", f"{seen}{closed} .", "Syntax", 2)
    yield _turtle("lists", f"{seen}{'(' * 100_000}{')' * 100_000} .", "Syntax", 2)
    triples = "<<( id:a id:b " * 50_000 + "id:c" + " )>>" * 50_000
    yield _turtle("triple-terms", f"{seen}{triples} .", "Syntax", 2)
    yield _unreadable("braces.trig", HEAD + "{" * 100_000, FIRST)
    yield _unreadable("objects.jsonld", '{"a":' * 100_000 + "1" + "}" * 100_000, 1)
    yield _unreadable("arrays.jsonld", "[" * 100_000 + "]" * 100_000, 1)
    elements = "<rdf:Description><e:p>" * 50_000 + "</e:p></rdf:Description>" * 50_000
    yield _unreadable("elements.rdf", f"{_RDF}{elements}</rdf:RDF>", 1)
    yield _unreadable("entities.rdf", _entities(12), 1)
    repeated = f'<!DOCTYPE r [<!ENTITY a "{"a" * 100_000}">]>{_RDF}{_ABOUT}{"&a;" * 20_000}{_END}'
    yield _unreadable("repeated.rdf", repeated, 1)
    # -- Ways out -----------------------------------------------------------------------
    for place in ("http://127.0.0.1:9/context", "file:///etc/hostname", "//127.0.0.1:9/x"):
        name = f"context-{place.partition(':')[0].strip('/').partition('.')[0]}.jsonld"
        yield _unreadable(name, f'{{"@context": "{place}",\n"@id": "urn:x", "label": "x"}}', 1)
    entity = f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>{_RDF}{_ABOUT}&a;{_END}'
    yield _unreadable("entity-from-elsewhere.rdf", entity, 1)
    dtd = f'<!DOCTYPE r [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a"> %a;]>{_RDF}</rdf:RDF>'
    yield _unreadable("entities-from-elsewhere.rdf", dtd, 1)
    yield _turtle(
        "imports", f"<{PREFIXES['g60'].rstrip('/')}> owl:imports <http://127.0.0.1:9/> .",
        "OntologyChanged",
    )  # fmt: skip
    yield _turtle(
        "imports-of-an-entity", "id:x owl:imports <http://127.0.0.1:9/> .", "SchemaProperty"
    )
    yield _turtle("file", "id:hangzhou schema:sameAs <file:///etc/hostname> .", "IriScheme")
    yield _turtle("script", "id:hangzhou rdfs:seeAlso <javascript:alert(1)> .", "IriScheme")
    # -- Names --------------------------------------------------------------------------
    yield _turtle("blank-node", '[] rdfs:label "x"@en .', "BlankNode")
    yield _turtle("spaced", f'<{PREFIXES["id"]}a b> rdfs:label "x"@en .', "Syntax", 2)
    yield _turtle("relative", '<a> rdfs:label "x"@en .', "Syntax", 2)
    yield _turtle("climbing", f'<{PREFIXES["id"]}../ontology/City> rdfs:label "x"@en .', "IriName")
    yield _turtle("unsaid-prefix", 'who:x rdfs:label "x"@en .', "Syntax", 2)
    twice = '@prefix id: <https://example.org/> . id:x rdfs:label "x"@en .'
    yield _turtle("prefix-said-twice", twice, "ForeignSubject")
    # -- Entities of other sources, and statements beyond facts --------------------------
    wikidata = "<http://www.wikidata.org/entity/Q4970>"
    yield _turtle("same-as", f"id:hangzhou owl:sameAs {wikidata} .", "SchemaProperty")
    yield _turtle("same-as-ours", f"{wikidata} owl:sameAs id:hangzhou .", "ForeignSubject")
    yield _turtle("of-rdf", "rdf:type rdfs:subPropertyOf owl:sameAs .", "OntologyChanged")
    yield _turtle(
        "of-a-class", "g60:PrefectureCity rdfs:subClassOf g60:Enterprise .", "OntologyChanged"
    )
    yield _turtle("a-class", "id:x a owl:Class .", "OntologyChanged")
    shape = f"<{PREFIXES['shape']}EntityIsNamed>"
    yield _turtle("of-a-shape", f"{shape} sh:deactivated true .", "OntologyChanged")
    target = "id:x sh:targetClass g60:PrefectureCity ; sh:maxCount 0 ."
    yield _turtle("a-shape", target, "SchemaProperty")
    for graph in ("ontology", "shapes", "history"):
        text = f'graph:{graph} {{ id:hangzhou rdfs:label "x"@en }}'
        yield Hostile(f"graph-{graph}.trig", HEAD + text, "SourceGraph", FIRST)
    # -- What is no file ----------------------------------------------------------------
    yield _unreadable("pipe.ttl", os.mkfifo)
    yield _unreadable("socket.ttl", _socket)
    yield _unreadable("folder.ttl", Path.mkdir)
    yield _unreadable("circle.ttl", _bound)
    yield _unreadable("nowhere.ttl", lambda path: path.symlink_to("gone"))
    yield _unreadable("device.ttl", lambda path: path.symlink_to("/dev/zero"))


def digest_of(folder: Path) -> str:
    """A digest of a store's facts, as the store on disk gives them."""
    from g60kg.stores.local_store import LocalStore

    quads = sorted(map(str, LocalStore.at(folder).quads()))
    return hashlib.sha256("\n".join(quads).encode()).hexdigest()


def main(folder: Path, store: Path, names: set[str]) -> None:
    """Tries to add files to a store, and prints what came of it, one line of JSON a file."""
    from typer.testing import CliRunner

    from g60kg.cli.app import app
    from g60kg.gate.fact_validation import Validation
    from g60kg.model.article_text import Text
    from g60kg.validation.report.findings import Report

    reports: list[Report] = []
    report_of = Validation.report

    def recorded(
        self: Validation, texts: Mapping[str, Text], article: Text | None = None
    ) -> Report:
        """Record the report, so that no file is validated a second time for its findings."""
        reports.append(report_of(self, texts, article))
        return reports[-1]

    Validation.report = recorded  # type: ignore[method-assign]
    before = digest_of(store)
    gc.freeze()  # the collection after each file looks at what that file left only
    for hostile in (each for each in hostile_files() if each.name in names):
        path = hostile.make(folder)
        reports.clear()
        start = time.perf_counter()
        added = CliRunner().invoke(app, ["--store", str(store), "add", str(path), "--yes"])
        seconds = time.perf_counter() - start
        (report,) = reports
        outcome = {
            "name": hostile.name,
            "findings": [(found.code, found.line, found.message) for found in report.findings],
            "seconds": seconds,
            "exit": added.exit_code,
            "said": added.output[-300:],
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(outcome), flush=True)
        del added  # the error that ended it would hold the store open
        gc.collect()
    print(json.dumps({"name": "", "untouched": digest_of(store) == before}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3:]))
