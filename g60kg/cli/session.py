"""The session of a command: global options, the store to open, confirmation."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import typer

from g60kg.cli.output import say, write_stderr
from g60kg.cli.time_limit import end_if_damaged
from g60kg.cli.translation import translated
from g60kg.errors import EngineFailure, UnreadableInput, UsageError
from g60kg.rdf.text_excerpt import excerpt, on_a_line, visible

if TYPE_CHECKING:
    from g60kg.model.article_text import Text
    from g60kg.stores.local_store import LocalStore
    from g60kg.stores.remote.endpoint_store import RemoteStore


#: The most unreadable texts that are reported by name.
_MOST_NAMED: Final = 20


class Language(StrEnum):
    """The languages of labels and messages."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, slots=True)
class Session:
    """The global options of a command.

    Attributes:
        store: a persistent store's path; None for the shipped graph in memory.
        articles: a folder with article texts; None without one.
        verbose: whether to report on stderr what the command does.
        endpoint: the query URL of a SPARQL endpoint; None without one.
        resources: closed when the command ends.
    """

    store: Path | None
    articles: Path | None
    language: Language
    verbose: bool
    endpoint: str | None = None
    resources: ExitStack = field(default_factory=ExitStack)
    #: The shipped graph in memory, kept so that the process ends without freeing it quad by quad.
    kept: ClassVar[LocalStore | None] = None

    def open_store(self, seconds: float = 60.0) -> LocalStore | RemoteStore:
        """Open the endpoint, the persistent store or the shipped graph for reading.

        ``seconds`` is the time limit of a request. Raises UsageError if both an endpoint and a
        store are given, or there is no store.
        """
        if self.endpoint is None:
            return self.open_local()
        if self.store is not None:
            raise UsageError(
                "Both a store and an endpoint are given; a command reads one graph.",
                hint="Give --store or --endpoint (G60KG_STORE, G60KG_ENDPOINT), not both.",
            )
        from g60kg.stores.remote.endpoint_store import RemoteStore
        from g60kg.stores.remote.request_settings import Limits

        self.report(f"graph: {self.endpoint}")
        return RemoteStore.at(self.endpoint, Limits(seconds=seconds))

    def open_local(self) -> LocalStore:
        """Open the store at ``--store`` or raise NoStore; without ``--store``, the shipped one."""
        from g60kg.stores.local_store import LocalStore

        if self.store is None:
            opened = Session.kept = LocalStore.shipped()
        else:
            opened = LocalStore.at(self.store)
            end_if_damaged(opened)
        self.report(f"graph: {opened.location}")
        return opened

    def open_persistent(self, command: str, *, writable: bool = False) -> LocalStore:
        """Open the persistent store at ``--store``; UsageError without it or with an endpoint."""
        from g60kg.stores.local_store import LocalStore

        self.refuse_endpoint(command)
        if self.store is None:
            raise UsageError(
                f"{command} needs a persistent store.", hint=f"Give one: --store PATH {command} …"
            )
        store = LocalStore.at(self.store, writable=writable)
        self.resources.callback(store.close)
        return store

    def refuse_endpoint(self, command: str) -> None:
        """Raise UsageError if an endpoint is given to a command that needs a persistent store."""
        if self.endpoint is not None:
            raise UsageError(
                f"{command} works on a persistent store, not on an endpoint.",
                hint=f"Use --store PATH {command} …, then publish it: "
                "g60kg --store PATH push --endpoint URL",
            )

    def refuse_endpoint_for_server(self, command: str) -> None:
        """Raise UsageError if ``--endpoint`` is given, for a server, which needs a local graph."""
        if self.endpoint is not None:
            raise UsageError(
                f"{command} needs the shipped graph or a store on disk, not an endpoint.",
                hint="Leave out --endpoint (G60KG_ENDPOINT).",
            )

    def texts(self) -> dict[str, Text]:
        """Return the article texts by the SHA-256 digest of their content; empty without a folder.

        Texts that cannot be read are left out and reported on stderr.
        """
        from g60kg.model.article_text import texts_in

        unread: list[UnreadableInput] = []
        texts = {} if self.articles is None else texts_in(self.articles, unread.append)
        for error in unread[:_MOST_NAMED]:
            say(f"warning: {error.message}")
        if unread:
            say(f"Texts in --articles that could not be read and are left out: {len(unread)}.")
        return texts

    def check_output(
        self, output: Path | None, *inputs: Path | None, is_graph: bool = False
    ) -> None:
        """Raise UsageError if the output is an input, an article text, or a file of the graph read.

        With ``is_graph``, the output is Turtle, which can replace a file of the shipped graph.
        """
        from g60kg import package_data
        from g60kg.rdf.atomic_output import check_not_input

        texts = () if self.articles is None else self.articles.rglob("*.txt")
        in_memory = self.store is None and self.endpoint is None and not is_graph
        graph = package_data.graph_files() if output is not None and in_memory else ()
        check_not_input(output, (*inputs, *texts, *graph))
        if output is None or self.store is None:
            return
        # Unlike Path.resolve, realpath accepts broken links.
        folder, place = os.path.realpath(self.store), os.path.realpath(output)
        if Path(place).is_relative_to(folder):
            raise UsageError(
                f"{output} is in the folder of the store.", hint="Give another path with -o."
            )

    def report(self, message: str) -> None:
        """Print a line on stderr if ``--verbose`` is given."""
        if self.verbose:
            say(message)


def session_of(context: typer.Context) -> Session:
    """Return the session, which has the global options, of the context of a command."""
    session = context.obj
    assert isinstance(session, Session)
    return session


def check_store_path(path: Path) -> None:
    """Raise UsageError if a path is too long or not valid UTF-8."""
    reason = ""
    try:
        str(path).encode()
        path.lstat()
    except UnicodeError:
        reason = "the path is not UTF-8"
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            reason = "the path is too long"
    if reason:
        raise UsageError(f"store {visible(excerpt(str(path), 80))}: {reason}.")


def changed_meanwhile(store: LocalStore) -> EngineFailure:
    """Return the error for a store that another process changed before the user confirmed."""
    return EngineFailure(
        f"{store.location} was written by another process meanwhile. Nothing was changed.",
        hint="Run the command again.",
    )


def confirm(question: str, yes: bool, otherwise: str) -> None:
    """Ask the user to confirm; do nothing if ``yes`` is true.

    If the user refuses, print ``otherwise`` and exit with 1. UsageError if ``yes`` is false and
    there is no terminal.
    """
    # What was shown must be written before anything is changed.
    sys.stdout.flush()
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("Not a terminal: confirm with --yes.", hint="Nothing was changed.")
    write_stderr(f"{on_a_line(translated(question))} [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        say(otherwise)
        raise typer.Exit(1)
