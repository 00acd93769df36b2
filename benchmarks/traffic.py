"""Requests over HTTP as many clients at once send them, and how long each takes.

A client of our own, of some dozen lines over asyncio: those of PyPI take more of the machine than
the quickest of the servers does, and what loads a machine well (wrk) is no Python package.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

#: Clients at once; each sends its next request when it has the answer to the last.
CLIENTS: Final = 8
#: Seconds that an answer may take.
PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """How a server answered.

    Attributes:
        answers: how many there were.
        rate: answers a second.
        median: seconds that half of them took no longer than.
        slowest: seconds that 99 of 100 took no longer than.
    """

    answers: int
    rate: float
    median: float
    slowest: float


@dataclass(frozen=True, slots=True)
class Spell:
    """What came of sending for a while: the seconds that each answer took, and the while itself."""

    taken: tuple[float, ...]
    seconds: float


class Unexpected(Exception):
    """An answer that is not 200: its times would mean nothing."""


def send(port: int, targets: Iterator[str], seconds: float, headers: Sequence[str] = ()) -> Spell:
    """Sends requests to a server on loopback, one target after the other, for some seconds.

    Args:
        port: where it listens.
        targets: paths with their queries, as many as it takes.
        seconds: after which no further request is sent.
        headers: further lines of each request.

    Raises:
        Unexpected: an answer that is not 200.
    """
    return asyncio.run(_send(port, targets, seconds, headers))


def traffic(spells: Sequence[Spell]) -> Traffic:
    """How a server answered, of all that was sent to it."""
    taken = [seconds for spell in spells for seconds in spell.taken]
    parts = quantiles(taken, n=100) if len(taken) > 1 else taken * 99
    whole = sum(spell.seconds for spell in spells)
    return Traffic(len(taken), len(taken) / whole, parts[49], parts[98])


async def _send(port: int, targets: Iterator[str], seconds: float, headers: Sequence[str]) -> Spell:
    taken: list[float] = []
    started = time.perf_counter()
    end = started + seconds
    await asyncio.gather(*(_client(port, targets, end, headers, taken) for _ in range(CLIENTS)))
    return Spell(tuple(taken), time.perf_counter() - started)


async def _client(
    port: int, targets: Iterator[str], end: float, headers: Sequence[str], taken: list[float]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    further = "".join(f"{line}\r\n" for line in headers)
    try:
        while time.perf_counter() < end:
            target = next(targets)
            begun = time.perf_counter()
            text = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{further}\r\n"
            writer.write(text.encode())
            status = await asyncio.wait_for(_answer(reader), PATIENCE)
            if status != 200:
                raise Unexpected(f"{status} to {target}")
            taken.append(time.perf_counter() - begun)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    """Reads an answer to its end (RFC 9112, sections 6 and 7.1); its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, found, length = head.partition(b"content-length:")
    if found:
        await reader.readexactly(int(length.split(b"\r\n", 1)[0]))
    else:
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head.split(b" ", 2)[1])
