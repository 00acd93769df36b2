"""Parsing and checks of the JSON in requests to the reconciliation API."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from g60kg.errors import UsageError
from g60kg.model.names import LONGEST_NAME
from g60kg.queries.name_matching import USUAL_LIMIT, HintValue, NameQuery
from g60kg.rdf.text_excerpt import excerpt, is_unicode

#: The most queries of a batch, which is also the size that the manifest asks for.
MOST_QUERIES: Final = 50
#: The most candidates of a query.
MOST_CANDIDATES: Final = 100
#: The most properties, classes, and values of a property of a query.
_MOST_HINTS: Final = 20
#: The most entities and properties of a request for values.
MOST_IDS: Final = 100
_STRICTNESS: Final = ("any", "all", "should")
_EXAMPLE: Final = 'For example {"q0": {"query": "Songjiang", "limit": 3}}.'

Members = dict[str, Any]


def read_batch(text: str) -> tuple[tuple[str, NameQuery | UsageError], ...]:
    """Return the queries of a batch with their keys; an error for each that is invalid.

    Raises:
        UsageError: it is not a JSON object of queries.
    """
    batch = _json("queries", text)
    if not isinstance(batch, dict):
        raise UsageError("queries: must be a JSON object of queries by key.", hint=_EXAMPLE)
    if len(batch) > MOST_QUERIES:
        raise UsageError(
            f"queries: {len(batch):,} queries are more than {MOST_QUERIES}.",
            hint="Send them in batches of the size that batchSize of the manifest gives.",
        )
    return tuple((_text("queries", key), _query_or_error(key, one)) for key, one in batch.items())


def read_query(text: str) -> NameQuery:
    """Return a query: JSON, or only the name.

    Raises:
        UsageError: it is not a query.
    """
    if text.lstrip().startswith("{"):
        return _query("query", _json("query", text))
    return NameQuery(_text("query", text))


def read_extension(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the identifiers of entities and of properties in a request for values.

    Raises:
        UsageError: it is not such a request.
    """
    asked = _json("extend", text)
    _check_members("extend", asked, ("ids", "properties"))
    ids = _list("extend: ids", asked.get("ids"), MOST_IDS)
    properties = _list("extend: properties", asked.get("properties"), _MOST_HINTS)
    for one in properties:
        _check_members("extend: properties", one, ("id", "settings"))
    return (
        tuple(dict.fromkeys(_text("extend: ids", one) for one in ids)),
        tuple(dict.fromkeys(_text("extend: properties", one.get("id")) for one in properties)),
    )


def _query_or_error(key: str, query: object) -> NameQuery | UsageError:
    try:
        return _query(key, query)
    except UsageError as error:
        return error


def _query(key: str, query: object) -> NameQuery:
    key = excerpt(key)
    _check_members(key, query, ("query", "type", "type_strict", "limit", "properties"))
    assert isinstance(query, dict)
    if "query" not in query and not query.get("properties"):
        raise UsageError(f"{key}: the query has neither query nor properties.", hint=_EXAMPLE)
    limit = query.get("limit", USUAL_LIMIT)
    if isinstance(limit, float) and limit.is_integer():
        limit = int(limit)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise UsageError(f"{key}: limit must be a whole number from 1.")
    strictness = query.get("type_strict", _STRICTNESS[0])
    if strictness not in _STRICTNESS:
        raise UsageError(f"{key}: type_strict must be one of {', '.join(_STRICTNESS)}.")
    types = query.get("type") or []
    hints = _list(f"{key}: properties", query.get("properties", []), _MOST_HINTS)
    return NameQuery(
        _text(f"{key}: query", query.get("query", "")),
        tuple(
            _text(f"{key}: type", one)
            for one in _list(f"{key}: type", _as_list(types), _MOST_HINTS)
        ),
        strictness,
        min(limit, MOST_CANDIDATES),
        tuple(_hint(key, one) for one in hints),
    )


def _hint(key: str, hint: object) -> tuple[str, tuple[HintValue, ...]]:
    _check_members(f"{key}: properties", hint, ("pid", "v"))
    assert isinstance(hint, dict)
    pid = _text(f"{key}: pid", hint.get("pid"))
    values = _list(f"{key}: v", _as_list(hint.get("v", [])), _MOST_HINTS)
    return pid, tuple(_value(f"{key}: v", one) for one in values)


def _value(place: str, value: object) -> HintValue:
    if isinstance(value, dict):
        return HintValue(_text(f"{place}: id", value.get("id")), is_id=True)
    if isinstance(value, bool):
        return HintValue(str(value).lower())
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{place}: must be a finite number.")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return HintValue(_text(place, str(value) if isinstance(value, int | float) else value))


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _json(name: str, text: str) -> Any:
    try:
        value = json.loads(text)
        # The escape of a surrogate is valid JSON, but no Unicode text.
        if not is_unicode(json.dumps(value, ensure_ascii=False)):
            raise UsageError(f"{name}: a text has surrogates, which are not Unicode characters.")
    except RecursionError:
        raise UsageError(f"{name}: the JSON is nested too deeply.") from None
    except ValueError as error:
        where = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"{name}: invalid JSON{where}.", hint=_EXAMPLE) from None
    return value


def _check_members(place: str, value: object, known: tuple[str, ...]) -> None:
    if not isinstance(value, dict):
        raise UsageError(f"{place}: must be a JSON object.", hint=f"Members: {', '.join(known)}.")
    for name in value:
        if name not in known:
            raise UsageError(
                f'{place}: unknown member "{excerpt(name)}".', hint=f"Known: {', '.join(known)}."
            )


def _list(place: str, value: object, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise UsageError(f"{place}: must be a list.")
    if len(value) > most:
        raise UsageError(f"{place}: {len(value):,} are more than {most}.")
    return value


def _text(place: str, value: object) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{place}: must be text.")
    if len(value) > LONGEST_NAME:
        raise UsageError(f"{place}: longer than {LONGEST_NAME} characters.")
    return value
