"""HTTP load generator: concurrent clients, and the time of each request.

A small asyncio client: HTTP clients on PyPI use more CPU than the fastest of the servers, and load
generators such as wrk are not Python packages.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

#: Concurrent clients; each sends its next request after the previous answer.
CLIENTS: Final = 8
#: The time limit of an answer, in seconds.
PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Throughput and latency of a server.

    Attributes:
        answers: the number of answers.
        rate: answers per second.
        median: the median latency in seconds.
        slowest: the 99th percentile of the latency in seconds.
    """

    answers: int
    rate: float
    median: float
    slowest: float


@dataclass(frozen=True, slots=True)
class Spell:
    """The latencies of a round of requests, and its duration, in seconds."""

    taken: tuple[float, ...]
    seconds: float


class Unexpected(Exception):
    """A status other than 200, which makes the times meaningless."""


def send(port: int, targets: Iterator[str], seconds: float, headers: Sequence[str] = ()) -> Spell:
    """Send requests to a server on loopback for some seconds, one target after the other.

    Args:
        port: the port of the server.
        targets: an unlimited supply of paths with their queries.
        seconds: no further request is sent after this time.
        headers: further lines of each request.

    Raises:
        Unexpected: an answer that is not 200.
    """
    return asyncio.run(_send(port, targets, seconds, headers))


def traffic(spells: Sequence[Spell]) -> Traffic:
    """Return throughput and latency over several rounds."""
    taken = [seconds for spell in spells for seconds in spell.taken]
    parts = quantiles(taken, n=100) if len(taken) > 1 else taken * 99
    total = sum(spell.seconds for spell in spells)
    return Traffic(len(taken), len(taken) / total, parts[49], parts[98])


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
    """Read a response to its end (RFC 9112, sections 6 and 7.1); return its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, found, length = head.partition(b"content-length:")
    if found:
        await reader.readexactly(int(length.split(b"\r\n", 1)[0]))
    else:
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head.split(b" ", 2)[1])
