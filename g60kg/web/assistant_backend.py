"""Calls of assistants in worker processes, each ended at its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from g60kg.errors import OutputFailure, StoreFailure
from g60kg.web.assistants.answer_pages import USUAL_SIZE
from g60kg.web.assistants.graph_resources import Content
from g60kg.web.problem_details import Unavailable
from g60kg.web.views import assistant_calls
from g60kg.web.workers import Given, Result, Workers


@dataclass(frozen=True, slots=True)
class WorkerBackend:
    """Runs calls in worker processes.

    Attributes:
        workers: the processes, with the server's limits.
        most: the most bytes of an answer.
        all_queries: whether each canned query is a tool.
    """

    workers: Workers
    most: int = USUAL_SIZE
    all_queries: bool = False

    async def call(self, tool: str, given: Mapping[str, object]) -> dict[str, Any]:
        """Return the answer to a call of a tool."""
        return await self._run(
            assistant_calls.called, tool, dict(given), self._language, self.most, self.all_queries
        )

    async def read(self, uri: str) -> Content:
        """Return the content of a resource."""
        return await self._run(assistant_calls.resource, uri, self._language, self.most)

    @property
    def _language(self) -> str:
        return self.workers.settings.language

    async def _run(
        self, job: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        try:
            return await self.workers.run_uncached(None, job, *given, **named)
        except (OutputFailure, StoreFailure) as error:
            raise Unavailable(error) from None
