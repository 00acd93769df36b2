"""Check that names, docstrings, comments and messages use plain technical English.

`python -m tests.wording [PATH …]` prints a line per finding, in all files or below the paths, and
exits with 1 if there is any.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

#: What not to write, and what to write instead.
WORDS: Final = {
    r"told|tells?": "reported, says",
    r"whoever|who asks|visitors?": "client, user, request",
    # “Spatial thing” is the term of the W3C.
    r"(?<!owl:)(?<!spatial[ -])things?": "entity, resource",
    r"mend(?:s|ed|ing)?": "fix, fixed",
    r"st(?:an|oo)ds? (?:in|at|beside|for|on|there)|standing (?:in|at|beside|for|on)":
        "is in, is at, means",
    r"anew": "again, re-read, rebuilt",
    r"in so many words": "as a message",
    r"none at all|(?-i:is none)\b(?! of)": "missing, invalid",
    r"takes its time": "is slow",
    r"amiss": "wrong, a problem",
}  # fmt: skip
#: Parts of names that say nothing, or that are pictures of a concept.
NAMES: Final = {
    "amiss", "chronicle", "floor", "gatekeeper", "guard", "handle", "helper", "house", "item",
    "kept", "manager", "mended", "misc", "room", "shown", "territory", "thing", "things", "told",
    "turn", "turns", "util", "utils", "visitor", "whole", "witness", "wording", "words",
}  # fmt: skip
#: Names, most with their module, whose part has its literal meaning or is of the standard library.
ALLOWED: Final = {
    "handle_starttag", "handle_startendtag", "handle_endtag", "handle_data", "handle_error",
    "name_similarity.words", "text_diff.nearest_words",
}  # fmt: skip

_PATTERN: Final = re.compile(
    "|".join(rf"(?P<w{number}>\b(?:{words})\b)" for number, words in enumerate(WORDS)),
    re.IGNORECASE,
)
#: Files other than Python, in which every line is checked.
_TEXTS: Final = ("*.md", "*.ttl", "*.rq", "*.html", "Makefile", "*.toml", "*.yaml")
_LEFT_OUT: Final = (
    "instances/",
    "docs/ontology.html",  # has names of the reference data
    "CHANGELOG.md",
    "tests/data/",
    "tests/wording.py",
    "g60kg/queries/ask/question_vocabulary.yaml",  # has words of questions
)


def findings(root: Path = ROOT) -> Iterator[str]:
    """Yield each word or name to replace, as ``file:line: "word" (write: …)``."""
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        if name.startswith(_LEFT_OUT):
            continue
        text = path.read_text(encoding="utf-8")
        lines = _python(text) if path.suffix == ".py" else enumerate(text.splitlines(), 1)
        for number, line in lines:
            for found in _PATTERN.finditer(line):
                instead = list(WORDS.values())[int((found.lastgroup or "w0")[1:])]
                yield f'{name}:{number}: "{found[0]}" (write: {instead})'
        if path.suffix == ".py":
            yield from (f"{name}:{line}: the name {used}" for line, used in _bad_names(path, text))


def _files(root: Path) -> list[Path]:
    folders = ("g60kg", "tests", "benchmarks", "docs", "ontology", "queries", "examples", "deploy")
    kinds = ("*.py", *_TEXTS)
    found = {path for folder in folders for kind in kinds for path in (root / folder).rglob(kind)}
    return sorted(found | {path for kind in _TEXTS for path in root.glob(kind)})


def _python(text: str) -> Iterator[tuple[int, str]]:
    """Yield the comments and strings of a module by line, without f-string expressions."""
    if not _PATTERN.search(text):  # tokens take most of the time
        return
    kinds = {tokenize.COMMENT, tokenize.STRING}
    kinds |= {getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in kinds:
            for offset, line in enumerate(token.string.splitlines()):
                yield token.start[0] + offset, re.sub(r"\{[^{}]*\}", "", line)


def _bad_names(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield the names of the module, its functions and its classes that have a part in NAMES."""
    defined = [(1, path.stem)]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            # The name of a test is a sentence, so it is checked as text.
            if not node.name.startswith("test_"):
                defined.append((node.lineno, node.name))
            elif _PATTERN.search(node.name.replace("_", " ")):
                yield node.lineno, node.name
    for line, name in defined:
        parts = {part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)}
        if ALLOWED.isdisjoint({name, f"{path.stem}.{name}"}) and parts & NAMES:
            yield line, name


if __name__ == "__main__":
    below = tuple(sys.argv[1:])
    found = sorted(finding for finding in findings() if finding.startswith(below or ""))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
