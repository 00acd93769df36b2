"""Pages of answers: rows up to a size in bytes, with the offset of the next page.

Clients cut long answers without a notice, so a page ends after a complete row and says whether more
rows follow.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Item = TypeVar("Item")

#: Members of ``data`` that describe what the rows mention, by identifier.
Mentioned = Mapping[str, Mapping[str, object]]

#: The default size of an answer in bytes.
USUAL_SIZE: Final = 32_000
#: The most rows of a page, whatever their size.
MOST_ROWS: Final = 500
#: Bytes of the protocol message around an answer.
_AROUND: Final = 500
#: The lengths to which the texts of a row are shortened if it exceeds an answer by itself.
_LENGTHS: Final = (2_000, 200, 40)
#: The members that identify an entry, which are never shortened.
_IDENTIFYING: Final = frozenset(("id", "iri", "fact", "source"))
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an answer, and the entries of evidence and sources that it refers to."""

    value: Mapping[str, object]
    mentioned: Mentioned = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """The result of a tool, before it is divided into pages.

    Attributes:
        data: the members that every page has.
        member: the name of the list of rows in ``data``.
        offset: the number of rows before ``rows``.
        more: returns whether further rows follow ``rows``; call it after reading all ``rows``.
    """

    data: Mapping[str, object]
    member: str = "rows"
    rows: Iterable[Row] = ()
    offset: int = 0
    more: Callable[[], bool] = bool


def listed(
    data: Mapping[str, object],
    member: str,
    found: Sequence[Item],
    row: Callable[[Item], Row],
    given: Mapping[str, Any],
) -> Answered:
    """Return the entries of ``found`` by ``offset`` and ``limit`` of ``given``, with ``total``."""
    offset = given.get("offset", 0)
    end = offset + given.get("limit", MOST_ROWS)
    rows = map(row, found[offset:end])
    return Answered({**data, "total": len(found)}, member, rows, offset, lambda: end < len(found))


def page(answered: Answered, most: int) -> dict[str, Any]:
    """Return a page of an answer, whose protocol message has at most ``most`` bytes.

    The page has ``data`` and ``complete``, and ``next_offset`` if it is not complete. A
    first row that is too long is shortened; the page ends after it and is never complete.
    """
    data: dict[str, Any] = {**_fixed(answered.data, most // 2), answered.member: []}
    size = _AROUND + _size({"complete": False, "next_offset": 10**9, "data": data})
    rows: list[Mapping[str, object]] = data[answered.member]
    for row in answered.rows:
        added, cost = _added(row, data)
        if size + cost > most:
            if rows:
                return _finished(data, answered.offset + len(rows))
            row = _shortened(row, most - size)
            added, _ = _added(row, data)
            rows.append(row.value)
            _mention(added, data)
            # A row that is too long by itself is an answer of its own.
            return _finished(data, answered.offset + 1)
        size += cost
        rows.append(row.value)
        _mention(added, data)
    more = answered.more()
    return _finished(data, answered.offset + len(rows) if more and rows else None)


def written(value: object) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _finished(data: dict[str, Any], following: int | None = None) -> dict[str, Any]:
    offset = {} if following is None else {"next_offset": following}
    return {"complete": following is None, **offset, "data": data}


def _fixed(data: Mapping[str, object], most: int) -> Mapping[str, object]:
    """Return the members that every page has; if they have more than ``most`` bytes, shortened."""
    fitting = data
    for length in _LENGTHS:
        if _size(fitting) <= most:
            break
        fitting = {**_cut(data, length), "shortened": True}
    return fitting


def _added(row: Row, data: Mapping[str, Any]) -> tuple[dict[str, dict[str, object]], int]:
    added = {
        member: {key: entry for key, entry in entries.items() if key not in data.get(member, {})}
        for member, entries in row.mentioned.items()
    }
    cost = _size(row.value) + 2
    for member, entries in added.items():
        cost += 0 if member in data else _size(member) + 8
        cost += sum(_size(key) + _size(entry) + 4 for key, entry in entries.items())
    return added, cost


def _mention(added: Mapping[str, Mapping[str, object]], data: dict[str, Any]) -> None:
    for member, entries in added.items():
        data.setdefault(member, {}).update(entries)


def _size(value: object) -> int:
    """Return the bytes of a value in a message, which has it as JSON and again in a JSON string."""
    text = written(value)
    return len(text.encode()) + len(json.dumps(text, ensure_ascii=False).encode())


def _shortened(row: Row, most: int) -> Row:
    """Return a row of at most ``most`` bytes, ``shortened``: less text and lists, or nothing."""
    for length in _LENGTHS:
        short = Row(
            {**_cut(row.value, length), "shortened": True},
            {member: _cut(entries, length) for member, entries in row.mentioned.items()},
        )
        if _added(short, {})[1] <= most:
            return short
    return Row({"shortened": True})


def _cut(value: Any, length: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= length else value[:length] + _ELLIPSIS
    if isinstance(value, Mapping):
        return {
            key: member if key in _IDENTIFYING else _cut(member, length)
            for key, member in list(value.items())[:length]
        }
    if isinstance(value, list):
        return [_cut(member, length) for member in value[: length // 10]]
    return value
