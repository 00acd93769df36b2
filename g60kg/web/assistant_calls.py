"""Calls of assistants in worker processes, each ended at its limits, and the jobs that answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from g60kg.errors import OutputFailure, StoreFailure
from g60kg.web.assistants.answer_pages import USUAL_SIZE
from g60kg.web.assistants.graph_resources import Content, read
from g60kg.web.assistants.tool_catalog import call, find_tool
from g60kg.web.problem_details import Unavailable
from g60kg.web.views.open_graph import current
from g60kg.web.workers import Result, Workers


@dataclass(frozen=True, slots=True)
class WorkerBackend:
    """Runs calls in worker processes, with answers of at most ``most`` bytes."""

    workers: Workers
    most: int = USUAL_SIZE
    all_queries: bool = False

    async def call(self, tool: str, given: Mapping[str, object]) -> dict[str, Any]:
        """Return the answer to a call of a tool."""
        return await self._run(called, tool, dict(given), self.all_queries)

    async def read(self, uri: str) -> Content:
        """Return the content of a resource."""
        return await self._run(resource, uri)

    async def _run(self, job: Callable[..., Result], *given: object) -> Result:
        language = self.workers.settings.language
        try:
            return await self.workers.run_uncached(None, job, *given, language, self.most)
        except (OutputFailure, StoreFailure) as error:
            raise Unavailable(error) from None


def called(
    name: str, given: dict[str, object], all_queries: bool, language: str, most: int
) -> dict[str, Any]:
    """Return the answer to a call of a tool, of at most ``most`` bytes."""
    return call(find_tool(name, all_queries), given, current(), language, most)


def resource(uri: str, language: str, most: int) -> Content:
    """Return the content of a resource, of at most ``most`` bytes."""
    return read(uri, current(), language, most)
