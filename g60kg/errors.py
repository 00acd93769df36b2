"""The errors a user can meet: one type a cause, each with its exit code and HTTP status.

Exit codes are those of the command line: 1 facts do not conform or a graph is inconsistent,
2 usage error or unreadable input, 3 engine failure, time limit or remote error.
"""

from __future__ import annotations

from typing import Any


class G60kgError(Exception):
    """What every error of this package is: a message for the reader and, where known, a hint.

    Attributes:
        message: what is wrong and where.
        hint: how to mend it, or None.
        exit_code: the command line's exit code.
        http_status: the status a server answers with.
    """

    exit_code = 3
    http_status = 500

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # As it is, whatever its constructor asks for: errors go from one process to another.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[G60kgError], args: tuple[Any, ...], state: dict[str, Any]) -> G60kgError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class UsageError(G60kgError):
    """The call itself is wrong: an unknown option value, a missing parameter."""

    exit_code = 2
    http_status = 400


class FormatCannotHold(UsageError):
    """A graph with a term that a format cannot write."""

    http_status = 406


class UnknownName(UsageError):
    """A name that is no entity, query, class or property of the graph."""

    http_status = 404


class AmbiguousName(UsageError):
    """A name that more than one entity bears."""


class UnsupportedQuery(UsageError):
    """A query that is not answered here: SERVICE, an update, a graph outside the store.

    ``line`` and ``column`` count from 1 and are None where it is not a place that is at fault.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


class QuerySyntaxError(UsageError):
    """A query that is not SPARQL 1.1; line and column count from 1."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class NoStore(UsageError):
    """A path that holds no store of this project."""


class MissingExtra(UsageError):
    """A part that is not installed; the hint is the command that adds it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} is not installed.", hint=f'Add it with: pip install "g60kg[{extra}]"'
        )
        self.extra = extra


class UnreadableInput(G60kgError):
    """An input that cannot be read: ``file:line:column: what is wrong``.

    ``line`` and ``column`` count from 1 and are None where the reason has no place in the file.
    """

    exit_code = 2
    http_status = 400

    def __init__(
        self,
        reason: str,
        *,
        file: str,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {reason}", hint=hint)
        self.reason = reason
        self.file = file
        self.line = line
        self.column = column


class NoSource(UnreadableInput):
    """A fact sheet that does not tell which source it is of."""


class EngineFailure(G60kgError):
    """A part that this project runs (store, validator, reasoner) failed or gave up."""


class RemoteFailure(EngineFailure):
    """An endpoint that refuses, fails, cannot be reached or answers what makes no sense.

    ``status`` is the HTTP status that it answered with, or None.
    """

    http_status = 502

    def __init__(self, message: str, *, hint: str | None = None, status: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class QueryTimeout(G60kgError):
    """A query that was ended at its time limit."""

    http_status = 503


class OutputFailure(G60kgError):
    """An output that could not be written: a full disk, a folder that is not there."""
