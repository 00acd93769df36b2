"""Checks of the types of arguments of the Python interface, from their annotations."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from functools import wraps
from inspect import Parameter, signature
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from g60kg.errors import UsageError
from g60kg.rdf.text_excerpt import excerpt

P = ParamSpec("P")
Result = TypeVar("Result")


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


#: What an argument with an annotation takes, in words, and the test of a value.
_TAKES: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "str": ("a text", lambda value: isinstance(value, str)),
    "int": ("a whole number", lambda value: isinstance(value, Integral) and _is_number(value)),
    "float": ("a number", _is_number),
    "bool": ("True or False", lambda value: isinstance(value, bool)),
    "Path": ("a path", lambda value: isinstance(value, os.PathLike)),
    "IO[bytes]": (
        "a binary stream",
        lambda value: hasattr(value, "write") and not isinstance(value, io.TextIOBase),
    ),
    "None": ("None", lambda value: value is None),
}


def checked_types(function: Callable[P, Result]) -> Callable[P, Result]:
    """Return a function that raises UsageError if an argument does not have its annotated type.

    A path that no file can have is an error too. Every annotation must be in ``_TAKES``,
    as text: the module of the function postpones annotations.

    >>> @checked_types
    ... def first(rows: int | None = None) -> None: ...
    >>> first(rows="2")
    Traceback (most recent call last):
    g60kg.errors.UsageError: rows takes a whole number or None, not '2'.
    """
    bound = signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            given = bound.bind(*args, **kwargs).arguments
        except TypeError:  # the error of the call itself names the function
            return function(*args, **kwargs)
        for parameter in bound.parameters.values():
            if parameter.name in given and parameter.annotation is not Parameter.empty:
                kinds = [_TAKES[kind] for kind in parameter.annotation.split(" | ")]
                for name, value in _values(parameter, given[parameter.name]):
                    if not any(fits(value) for _, fits in kinds):
                        takes = " or ".join(words for words, _ in kinds)
                        shown = excerpt(repr(value))
                        raise UsageError(f"{name} takes {takes}, not {shown}.")
                    if "Path" in parameter.annotation and isinstance(value, str | os.PathLike):
                        _check_path(name, value)
        return function(*args, **kwargs)

    return call


def _check_path(name: str, value: str | os.PathLike[str]) -> None:
    try:
        Path(value).stat()
    except ValueError:  # a character that no name can have
        raise UsageError(f"{name} is not a path: {excerpt(str(value))}.") from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise UsageError(f"{name} is too long for a path: {excerpt(str(value))}.") from None


def _values(parameter: Parameter, given: Any) -> Iterator[tuple[str, Any]]:
    if parameter.kind is Parameter.VAR_KEYWORD:
        yield from given.items()
    elif parameter.kind is Parameter.VAR_POSITIONAL:
        yield from ((parameter.name, value) for value in given)
    else:
        yield parameter.name, given
