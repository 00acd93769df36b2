"""Small files whose terms expand to gigabytes are refused within a small memory limit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import RdfFormat

from g60kg.rdf.nesting_limits import XmlCount, excess_in
from tests.cli.run import g60kg

#: Bytes of address space: the program and its libraries map a good half of it.
MEMORY: Final = 1_400 * 1024 * 1024
_RDF: Final = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
_LONG: Final = "a" * 30_000


def _with_entities(declarations: str, text: str) -> str:
    node = f'<rdf:Description rdf:about="urn:a"><e:p>{text}</e:p></rdf:Description>'
    return f"<!DOCTYPE r [{declarations}]>{_RDF}{node}</rdf:RDF>"


def _repeated(property_: str, head: str = _RDF, about: str = "urn:a") -> str:
    node = f'<rdf:Description rdf:about="{about}">{property_ * 5_000}</rdf:Description>'
    return f"{head}{node}</rdf:RDF>"


_USES: Final = "&a;" * 30_000
_PIECES: Final = "".join(f'<!ENTITY a{n} "{_LONG[:900]}">' for n in range(40))
FILES: Final = {
    "unused.rdf": _with_entities(f'<!ENTITY a "{_LONG}"><!ENTITY b "{_USES}">', "x"),
    "nested.rdf": _with_entities(f'<!ENTITY a "{_LONG[:900]}"><!ENTITY b "{_USES[:900]}">', "&b;"),
    "twice.rdf": _with_entities(f'<!ENTITY a "a"><!ENTITY a "{_LONG}">', _USES),
    "comment.rdf": _with_entities(f'<!ENTITY a "a"><!-- <!ENTITY a "{_LONG}"> -->', _USES),
    "used.rdf": _with_entities(f'<!ENTITY a "{_LONG[:900]}">', _USES),
    "many.rdf": _with_entities(_PIECES, "".join(f"&a{n};" for n in range(40)) * 1_000),
    "namespace.rdf": _repeated("<q:p>x</q:p>", _RDF[:-1] + f' xmlns:q="urn:{_LONG}">'),
    "base.rdf": _repeated('<e:p rdf:resource="x"/>', _RDF[:-1] + f' xml:base="urn:{_LONG}/">'),
    "subject.rdf": _repeated("<e:p>x</e:p>", about=f"urn:{_LONG}"),
    "prefix.ttl": f"@prefix x: <urn:{_LONG * 2}> . x:a x:b {'x:a, ' * 10_000} x:a .",
    "subject.ttl": f"<urn:{_LONG * 2}> <urn:p> {'1, ' * 20_000} 1 .",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", ["validate", "load"])
def test_a_file_that_expands_is_refused(name: str, command: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(FILES[name], encoding="utf-8")
    store = tmp_path / "store"
    load = ("--store", store, "load", "--empty")
    done = g60kg(*(load if command == "load" else ("validate",)), file, memory=MEMORY)
    assert done.returncode == 2, done.stderr
    text = done.stdout + done.stderr
    assert any(reason in text for reason in ("an XML entity", "XML entities", "an IRI longer")), (
        text
    )


def test_prefixes_below_the_limit_of_iris_are_bounded_together(tmp_path: Path) -> None:
    file = tmp_path / "prefix.ttl"
    names = ", ".join(f"x:{n}" for n in range(20_000))
    file.write_text(f"@prefix x: <urn:{_LONG[:7_900]}> . x:a x:b {names} .", encoding="utf-8")
    done = g60kg("validate", file, memory=MEMORY)
    assert done.returncode == 2, done.stderr
    assert "characters with prefixes expanded" in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["validate", "load"])
@pytest.mark.parametrize("reverse", [False, True])
def test_chains_of_prefixes_of_json_ld_are_bounded(
    command: str, reverse: bool, tmp_path: Path
) -> None:
    prefixes = {"p0": "urn:x:"} | {f"p{n}": f"p{n - 1}:{'a' * 100}/" for n in range(1, 10_000)}
    if reverse:
        prefixes = dict(reversed(prefixes.items()))
    file = tmp_path / "prefix.jsonld"
    content = {"@context": prefixes, "@id": "urn:a", "urn:p": {"@id": "p9999:a"}}
    file.write_text(json.dumps(content), encoding="utf-8")
    load = ("--store", tmp_path / "store", "load", "--empty")
    done = g60kg(*(load if command == "load" else ("validate",)), file, memory=MEMORY)
    assert done.returncode == 2, done.stderr
    assert "an IRI longer than 8,000 characters" in done.stdout + done.stderr
    assert not (tmp_path / "store").exists()


def test_entities_of_ontology_editors_are_read() -> None:
    declarations = (
        '<!ENTITY e "http://example.org/?a=1&amp;b=" >\n<!-- more -->\n<!ENTITY w "http://w/" >'
    )
    node = '<rdf:Description rdf:about="&e;a"><e:p rdf:resource="&w;b"/></rdf:Description>'
    text = f'<?xml version="1.0"?><!DOCTYPE rdf:RDF [{declarations}]>\n{_RDF}{node}</rdf:RDF>'
    assert excess_in(text, RdfFormat.RDF_XML) is None
    count, encoded = XmlCount(), text.encode()
    ends = range(1, len(encoded) + 1)
    assert all(count.of(encoded[n - 1 : n], last=n == len(encoded)) is None for n in ends)
