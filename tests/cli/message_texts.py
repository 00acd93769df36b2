"""The English texts of messages in the code, with {} for each placeholder."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import typer

import g60kg
from g60kg.cli.app import app
from g60kg.model.names import is_chinese
from g60kg.queries.catalog import load_catalog

_ROOT: Final = Path(g60kg.__file__).parent
#: Calls whose texts are shown to users, besides the constructors of errors.
_PRINTS: Final = re.compile(
    "say|confirm|translated|report|Problem|chosen_format|engine_error|damage_error|Excess"
    "|MissingExtra|_fail|_refused|_TooMuch|CheckResult|_beyond"
)
_ERROR: Final = re.compile(
    r"[A-Z]\w*(?:Error|Failure|Hold|Input|Name|Query|Timeout|Cut|Store|Source|Understood)"
)
#: Variables with a message, or with a part of one that an entry describes.
_VARIABLES: Final = re.compile(r"reason|hint|message|amount|what|missing|outcome")
_SENTENCE: Final = re.compile(r'["A-Z{`-].* .*[.?:]')
_CLAUSE: Final = re.compile(r"[^ .]+ .*\b(?:is|has|are|cannot)\b.*")
#: Texts for programs, for developers, for documentation, or in both languages in one table.
_OTHER_CALLS: Final = frozenset(
    ("CheckCode", "Option", "Argument", "Typer", "compile", "Literal", "IndexError")
)
_OTHER_MODULES: Final = (
    *("web/assistants/", "web/routes/mcp", "web/stdio", "web/worker_process", "web/access_log"),
    *("web/routes/reconcile", "web/views/reconciliation"),
    *("web/routes/api/openapi", "web/metrics", "web/svg/", "model/i18n/"),
    *("row_formats/citations/", "export/release/", "validation/report/"),
    *("validation/candidates/", "validation/delta/", "validation/shape_", "validation/checks/"),
)


@cache
def shape(english: str) -> str:
    """Return a text of the catalogue with {} for each placeholder, without outer blanks."""
    return re.sub(r"\{\w+\}", "{}", english).strip("; ,")


def code_texts() -> dict[str, str]:
    """Return the texts of errors and other messages, and where each one is."""
    found: dict[str, str] = {}
    for path in sorted(_ROOT.rglob("*.py")):
        name = path.relative_to(_ROOT).as_posix()
        if not name.startswith(_OTHER_MODULES):
            for line, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(text.strip("; ,"), f"{name}:{line}")
    return {text: place for text, place in found.items() if re.search("[A-Za-z]{2}", text)}


def all_strings() -> set[str]:
    """Return every text in the code, for entries that are parts of messages."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in _ROOT.rglob("*.py"))
    return {
        shape(text)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.expr)
        for text in _strings(node)
    }


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    others = set(_others(tree))
    for node in ast.walk(tree):
        if id(node) in others:
            continue
        found: list[ast.expr] = []
        match node:
            case ast.Call() if _prints(ast.unparse(node.func).rpartition(".")[2]):
                found = [*node.args, *(k.value for k in node.keywords if k.arg != "file")]
            case ast.Assign(targets=[ast.Name(id=name)]) if _VARIABLES.fullmatch(name):
                found = [node.value]
            case ast.Constant() | ast.JoinedStr():
                found = [node] if any(map(_SENTENCE.fullmatch, _strings(node))) else []
            case ast.Return(value=ast.expr() as value):
                found = [value] if any(map(_CLAUSE.fullmatch, _strings(value))) else []
        for part in found:
            for text in _strings(part):
                if " " in text and "\n" not in text and id(part) not in others:
                    yield part.lineno, text


def _prints(name: str) -> bool:
    return bool(_PRINTS.fullmatch(name)) or bool(
        _ERROR.fullmatch(name) and not hasattr(builtins, name)
    )


def _strings(node: ast.expr) -> Iterator[str]:
    """Yield the texts that a string, an f-string or a choice between them can be."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)
        case ast.IfExp(body=body, orelse=otherwise):
            yield from (*_strings(body), *_strings(otherwise))


def _others(tree: ast.Module) -> Iterator[int]:
    """Yield the ids of docstrings, parts of f-strings, and texts of other kinds."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as text):
                yield id(text)
            case ast.JoinedStr(values=parts):
                yield from (id(child) for part in parts for child in ast.walk(part))
            # A table of pairs, English and Chinese.
            case ast.Dict(values=[ast.Tuple(elts=[_, ast.Constant(value=str() as other)]), *_]) if (
                is_chinese(other)
            ):
                yield from map(id, ast.walk(node))
            case ast.Dict(keys=keys) if any(getattr(key, "value", "") == "zh" for key in keys):
                yield from map(id, ast.walk(node))
            case ast.FunctionDef() if any(map(_asks_for_chinese, ast.walk(node))):
                returns = (one for one in ast.walk(node) if isinstance(one, ast.Return))
                yield from (id(child) for one in returns for child in ast.walk(one))
            case ast.Call(func=called) if ast.unparse(called).rpartition(".")[2] in _OTHER_CALLS:
                yield from map(id, ast.walk(node))


def _asks_for_chinese(node: ast.AST) -> bool:
    match node:
        case ast.Compare(comparators=[ast.Constant(value="zh")]):
            return True
    return False


def commands() -> dict[str, Any]:
    """Return every command and group by the arguments that name it."""
    root: Any = typer.main.get_command(app)
    found = {"": root}
    for name, command in root.commands.items():
        found[name] = command
        found |= {f"{name} {sub}": one for sub, one in getattr(command, "commands", {}).items()}
    return found


def help_texts() -> Iterator[str]:
    """Yield the paragraphs of each command's help, and the texts of its options."""
    for command in commands().values():
        yield from (" ".join(part.split()) for part in command.help.split("\n\n"))
        yield from (option.help for option in command.params if getattr(option, "help", None))


def parameter_texts() -> Iterator[str]:
    """Yield the descriptions of the parameters of canned queries."""
    for query in load_catalog().values():
        yield from (one.description for one in (*query.parameters, *query.filters))
