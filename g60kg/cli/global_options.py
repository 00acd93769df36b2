"""Parsing of arguments: accepts global options after the command, and refuses invalid UTF-8."""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException
from typer.models import TyperPath

from g60kg.cli.output import write_stderr
from g60kg.cli.session import Language, Session
from g60kg.cli.translation import is_chinese, translated, translated_usage, write_chinese
from g60kg.errors import UsageError
from g60kg.package_data import query_texts
from g60kg.rdf.text_excerpt import excerpt, is_unicode, shortened, visible

#: The types that Typer gives to the values of its own options only.
_TYPES: Final[dict[str, Callable[[str], Any]]] = {
    "store": Path,
    "articles": Path,
    "language": Language,
}


class _AcceptsGlobalOptions:
    params: list[Any]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse arguments and return the remaining ones; a global option changes the session."""
        own = self.params
        taken = _global_options(ctx, own)
        self.params = [*own, *taken]
        try:
            rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]  # of the command it is mixed into
        finally:
            self.params = own
        _apply(ctx, taken)
        _check_text(ctx)
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        if is_chinese():
            write_chinese(formatter, getattr(self, "commands", {}))
        super().format_help(ctx, formatter)  # type: ignore[misc]  # of the command it is mixed into


class Command(_AcceptsGlobalOptions, TyperCommand):
    """A command whose arguments may contain global options."""


class Group(_AcceptsGlobalOptions, TyperGroup):
    """A group of commands whose arguments may contain global options, also in subgroups."""

    def make_context(self, *args: Any, **options: Any) -> Any:
        """Parse the arguments and return the context; messages of errors are shortened."""
        with _short_messages():
            return super().make_context(*args, **options)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the arguments name, as the base class does.

        If no command but a canned query has the name, the message of the error says how to run it.
        """
        try:
            return super().resolve_command(ctx, args)
        except TyperException as error:
            if args[0] in query_texts():
                hint = f"It is a canned query: g60kg query run {args[0]}"
                error.message = f"{error.message}\n{hint}"
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name; messages of errors are shortened."""
        with _short_messages():
            return super().invoke(ctx)


def _global_options(ctx: Any, own: Sequence[object]) -> list[TyperOption]:
    """Return hidden copies of the non-eager global options that a subcommand lacks."""
    if ctx.parent is None:
        return []
    names = {name for option in own if isinstance(option, TyperOption) for name in option.opts}
    options = []
    for option in ctx.find_root().command.params:
        if isinstance(option, TyperOption) and not option.is_eager and not names & {*option.opts}:
            # Hidden, since the help of the main command has it; the variable was read there.
            option = copy.copy(option)
            option.default, option.envvar, option.hidden = None, None, True
            options.append(option)
    return options


def _apply(ctx: Any, options: Sequence[TyperOption]) -> None:
    given = {option.name: ctx.params.pop(option.name) for option in options}
    changed = {
        name: _TYPES[name](value) if name in _TYPES else value
        for name, value in given.items()
        if name and value
    }
    if changed and isinstance(ctx.obj, Session):
        ctx.obj = replace(ctx.obj, **changed)


def _check_text(ctx: Any) -> None:
    """Raise UsageError for an argument that is not valid UTF-8; paths of files are not checked."""
    names = {
        param.name: max(param.opts, key=len).lstrip("-")
        for param in ctx.command.params
        if not isinstance(param.type, TyperPath)
    }
    for name, value in ctx.params.items():
        for text in value if isinstance(value, list | tuple) else [value]:
            if name in names and isinstance(text, str) and not is_unicode(text):
                raise UsageError(
                    f"{names[name]}: {excerpt(text)} is not UTF-8.",
                    hint="Set the terminal's encoding to UTF-8 and type it again.",
                )


@contextmanager
def _short_messages() -> Iterator[None]:
    try:
        yield
    except TyperException as error:
        lines = error.message.split("\n")
        error.message = "\n".join(visible(shortened(line)) for line in lines)
        if not (is_chinese() and hasattr(error, "show")):
            raise
        shown = StringIO()
        error.show(file=shown)
        write_stderr("".join(map(_translated_line, shown.getvalue().splitlines(keepends=True))))
        raise typer.Exit(error.exit_code) from None


def _translated_line(line: str) -> str:
    text = line.rstrip("\n")
    usage = text.removeprefix("Usage: ")
    shown = translated(text) if usage == text else translated("Usage: ") + translated_usage(usage)
    return shown + line[len(text) :]
