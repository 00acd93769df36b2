"""Errors for users: one type for each cause, with its exit code and HTTP status.

Exit codes are those of the command line: 1 a negative answer (facts do not conform, a
graph is inconsistent, a question is not understood), 2 usage error or unreadable input, 3
engine failure, time limit, remote error or failed output.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class G60kgError(Exception):
    """Base class of this package's errors.

    Attributes:
        message: the problem and where it is.
        hint: how to fix it; None if there is no hint.
        exit_code: the exit code of the command line.
        http_status: the HTTP status of the server.
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
        # Pickled without calling the constructor: errors are sent between processes.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[G60kgError], args: tuple[Any, ...], state: dict[str, Any]) -> G60kgError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class UsageError(G60kgError):
    """The command or call is not valid: an unknown option value, a missing parameter."""

    exit_code = 2
    http_status = 400


class FormatCannotHold(UsageError):
    """A graph has a term that the format cannot represent."""

    http_status = 406


class UnknownName(UsageError):
    """Nothing of the wanted kind, such as a class of entities, has the name."""

    http_status = 404


class Retracted(UnknownName):
    """The resource was retracted.

    Attributes:
        when: the time of the retraction (UTC, ISO 8601).
        reason: the reason that was given for it.
        change: the IRI of the retraction in the history.
    """

    http_status = 410

    def __init__(
        self, message: str, *, hint: str | None = None, when: str, reason: str, change: str
    ) -> None:
        super().__init__(message, hint=hint)
        self.when = when
        self.reason = reason
        self.change = change


class AmbiguousName(UsageError):
    """Several entities have the name."""


class NotUnderstood(UsageError):
    """No canned query is certain to answer the question; the hint has the nearest ones."""

    exit_code = 1


class InvalidQuery(UsageError):
    """The query cannot be run.

    Attributes:
        line: the line of the problem, from 1; None if it is not known.
        column: the column of the problem, from 1, in code points; None if it is not known.
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        *,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


class UnsupportedQuery(InvalidQuery):
    """The query is not supported: SERVICE, an update, a graph outside the store, or too large."""


class QuerySyntaxError(InvalidQuery):
    """The query has a syntax error."""


class NoStore(UsageError):
    """There is no store of this project at the path."""


class MissingExtra(UsageError):
    """An optional dependency is not installed; the hint has the command to install it.

    Attributes:
        extra: the name of the extra of this package that has the dependency.
    """

    http_status = 501

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} is not installed.", hint=f'Install it with: pip install "g60kg[{extra}]"'
        )
        self.extra = extra


@contextmanager
def needing_extra(extra: str) -> Iterator[None]:
    """Raise MissingExtra if the block cannot import a library, which the named extra installs.

    Errors in importing g60kg itself propagate.
    """
    try:
        yield
    except ImportError as error:
        if (error.name or "g60kg").startswith("g60kg"):
            raise
        raise MissingExtra(str(error.name).partition(".")[0], extra) from None


class UnreadableInput(G60kgError):
    """The input cannot be read; the message is ``file:line:column: reason``.

    Attributes:
        reason: the problem, without its position.
        file: the name of the file.
        line: the line, from 1; None if the error has no position in the file.
        column: the column, from 1, in code points; None if it is not known.
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
    """The fact sheet does not name its source."""


class EngineFailure(G60kgError):
    """The store, the validator or the reasoner failed, or exceeded a limit of time or effort."""


class StoreFailure(EngineFailure):
    """The files of the store cannot be read or written; the message names its folder."""

    http_status = 503


class RemoteFailure(EngineFailure):
    """The endpoint refused, failed, could not be reached or sent an invalid response.

    Attributes:
        status: the HTTP status of the response; None if it is not known or does not matter.
    """

    http_status = 502

    def __init__(self, message: str, *, hint: str | None = None, status: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class ResultCut(RemoteFailure):
    """The endpoint returns only a part of the result, and the rest cannot be requested in pages."""


class QueryTimeout(G60kgError):
    """The query was stopped at its time limit."""

    http_status = 503


class OutputFailure(G60kgError):
    """The output could not be written, for example to a full disk or a missing folder."""

    http_status = 503


def __dir__() -> list[str]:
    return [
        name
        for name, kind in globals().items()
        if isinstance(kind, type) and issubclass(kind, G60kgError)
    ]
