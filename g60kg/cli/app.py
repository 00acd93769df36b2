"""The `g60kg` command: global options, commands, and exit codes."""

import errno
import gc
import os
import signal
import sys
from collections import UserDict
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from typer.main import get_command

from g60kg.cli.global_options import Command, Group
from g60kg.cli.output import SIGNALLED, prepare_streams, say
from g60kg.cli.session import Language, Session, check_store_path
from g60kg.errors import G60kgError
from g60kg.package_data import __version__
from g60kg.rdf.atomic_output import discard

#: The commands in the order of the help; each is a function or group of its module's name.
_COMMANDS: Final = (
    *("info", "ask", "sparql", "terms", "draft", "validate", "verify", "todo"),
    *("add", "retract", "log", "diff", "export", "reason", "load", "push", "backup"),
    *("serve", "mcp", "query"),
)


class _Commands(UserDict[str, Any]):
    """The commands by name, each imported and built when it is first used."""

    def __getitem__(self, name: str) -> Any:
        if self.data[name] is None:
            found = getattr(import_module(f"g60kg.cli.commands.{name}"), name)
            if not isinstance(found, typer.Typer):
                function, found = found, typer.Typer(add_completion=False, rich_markup_mode=None)
                found.command(name, cls=Command)(function)
            self.data[name] = get_command(found)
        return self.data[name]


class _Main(Group):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands(dict.fromkeys(_COMMANDS))


app = typer.Typer(
    name="g60kg",
    cls=_Main,
    help="The knowledge graph of the G60 science and technology innovation corridor: "
    "every statement with the quotation that supports it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        print(f"g60kg {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    store: Annotated[
        Path | None,
        typer.Option(
            envvar="G60KG_STORE",
            help="A persistent store; default: the shipped graph, loaded in memory.",
            readable=False,
        ),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            envvar="G60KG_ENDPOINT",
            metavar="URL",
            help="The query URL of a SPARQL 1.1 endpoint to read from.",
        ),
    ] = None,
    articles: Annotated[
        Path | None,
        typer.Option(
            envvar="G60KG_ARTICLES",
            help="A folder of article texts, found by their SHA-256.",
            file_okay=False,
            exists=True,
        ),
    ] = None,
    language: Annotated[
        Language,
        typer.Option("--lang", envvar="G60KG_LANG", help="The language of labels and messages."),
    ] = Language.EN,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Report on stderr what is done.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Create the session from the global options."""
    if store is not None:
        check_store_path(store)
    context.obj = session = Session(store, articles, language, verbose, endpoint)
    context.call_on_close(session.resources.close)


def main() -> None:
    """Run the command line, print errors on stderr, and exit with the exit code."""
    prepare_streams()
    # Clean up as on Ctrl-C, with the exit code that a shell reports. After nohup, a closed terminal
    # ends nothing.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        # As SIGTERM, which servers handle in their own way.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        get_command(app)(prog_name="g60kg")
    except SystemExit as ended:
        # Typer would exit with 1, which means that facts do not conform.
        if isinstance(ended.__context__, BrokenPipeError):
            _end_without_reader()
        code = ended.code if isinstance(ended.code, int) else 0
        if code in SIGNALLED:
            _fail(SIGNALLED[code], None, code)
        _end(code)
    except G60kgError as error:
        _fail(error.message, error.hint, error.exit_code)
    except BrokenPipeError:
        _end_without_reader()
    except KeyboardInterrupt:
        _fail(SIGNALLED[130], None, 130)
    except OSError as error:
        if error.errno is None:  # an error of the engine about a file of the store
            _fail_for_store(error)
        _fail(f"{error.filename or 'output'}: {_reason(error)}", None, 3)
    except RecursionError:
        _fail("nested too deeply", None, 2)
    except MemoryError:
        _fail("out of memory", None, 3)
    except Exception as error:
        if os.environ.get("G60KG_DEBUG"):
            raise
        if isinstance(error, RuntimeError) and "Corruption" in str(error):
            # The engine detects a damaged file only when it reads it.
            _fail_for_store(error)
        _fail(
            f"internal error: {type(error).__name__}: {error}",
            "Run it with G60KG_DEBUG=1 for a traceback, and report it.",
            3,
        )


def _fail(message: str, hint: str | None, code: int) -> NoReturn:
    say(f"error: {message}", *(hint or "").splitlines())
    _end(code)


def _fail_for_store(error: Exception) -> None:
    from g60kg.stores.integrity import read_error

    failure = read_error(error)
    _fail(failure.message, failure.hint, failure.exit_code)


def _end(code: int) -> NoReturn:
    gc.freeze()  # garbage collections at exit take 25 ms
    try:
        sys.stdout.flush()
    except ValueError:
        code = code or 3  # closed after a write error, which has been reported
    except BrokenPipeError:
        _end_without_reader()
    except OSError as error:
        if code < 2:  # 1 is an answer too: "they differ"
            say(f"error: output: {_reason(error)}")
            code = 3
        discard(sys.stdout)
    sys.exit(code)


def _reason(error: OSError) -> str:
    # EBADF: standard output was closed when the process started.
    closed = error.errno == errno.EBADF and error.filename is None
    return "closed" if closed else error.strerror or str(error)


def _end_without_reader() -> NoReturn:
    """Exit without a message and with code 141, as a shell reports SIGPIPE."""
    discard(sys.stdout)
    sys.exit(141)
