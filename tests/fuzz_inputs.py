"""Fuzzing of the readers of fact sheets and of TriG, with Atheris, which is installed separately.

``python -m tests.fuzz_inputs sheet -max_total_time=600`` runs for ten minutes; ``trig`` is the
other reader. Further options are those of libFuzzer, and files are run once, to repeat a finding.
Inputs that reach new code, and those that fail, are written below ``build/fuzz/``.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from pyoxigraph import RdfFormat

if __name__ == "__main__":
    import atheris

    # Only what is imported here is instrumented.
    with atheris.instrument_imports(include=["g60kg"]):
        from g60kg.errors import G60kgError
        from g60kg.gate.input_files import incoming_of
        from g60kg.model.article_text import Text
        from g60kg.namespaces import PREFIXES
        from g60kg.rdf.positions import locate
        from g60kg.rdf.rdf_files import decoded_text, parse_rdf
        from g60kg.rdf.turtle import turtle
        from g60kg.stores.local_store import LocalStore
        from tests.conftest import ROOT

    store = LocalStore.shipped()
    article = Text("In 2024, Blue Rock Chips moved to Hangzhou. It has more than 300 people.")

    def read_sheet(content: bytes) -> None:
        with suppress(G60kgError):
            incoming_of(content, "facts.csv", store, article)

    def read_trig(content: bytes) -> None:
        """Read a file with the places of its statements, and write them as canonical Turtle."""
        with suppress(G60kgError):
            locate(decoded_text(content, "facts.trig"), RdfFormat.TRIG, ())
            incoming = incoming_of(content, "facts.trig", store)
            quads, lines = incoming.parsed, incoming.text.split("\n")
            places = locate(incoming.text, RdfFormat.TRIG, quads)
            for place in filter(None, map(places.nth, range(len(quads)))):
                assert place.column <= len(lines[place.line - 1])
            written = turtle({quad.triple for quad in quads}, PREFIXES)
            assert turtle({q.triple for q in parse_rdf(written, "a.ttl")}, PREFIXES) == written

    name, *options = sys.argv[1:]
    reader, seeds = {
        "sheet": (read_sheet, ROOT / "instances" / "articles"),
        "trig": (read_trig, ROOT / "tests" / "checks"),
    }[name]
    folder = ROOT / "build" / "fuzz" / name
    folder.mkdir(parents=True, exist_ok=True)
    inputs = [] if any(not option.startswith("-") for option in options) else [folder, seeds]
    limits = ("-max_len=4096", "-timeout=20", f"-artifact_prefix={folder}-")
    atheris.Setup([name, *limits, *options, *map(str, inputs)], reader)
    atheris.Fuzz()
