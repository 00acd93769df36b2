"""Visitors with a browser: what they see, and what goes wrong on their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

#: The rules of WCAG 2.2 at the levels A and AA, as axe names them.
_WCAG: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
#: A telephone and a desktop: the width and height of their windows.
PHONE: Final = (390, 844)
DESKTOP: Final = (1280, 800)
#: A desktop whose text is four times as large, which WCAG asks for (1.4.10).
MAGNIFIED: Final = (320, 256)
#: Milliseconds that a visitor waits for anything.
PATIENCE: Final = 10_000
_AXE: Final = Axe()
#: What axe finds, without the long account of all that is well: that takes longer to hand over
#: than to look for.
_FINDS: Final = "(options) => axe.run(options).then(({ violations }) => violations)"


@dataclass
class Visitor:
    """A browser's tab, and whatever a visitor should never meet in it.

    Attributes:
        page: the tab.
        server: the base URL of the pages.
        troubles: errors in the console or of a script, requests that fail or leave the server.
        expected: the status codes of a page that are no trouble.
    """

    page: Page
    server: str
    troubles: list[str] = field(default_factory=list)
    expected: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("requestfailed", lambda asked: self.troubles.append(f"failed: {asked.url}"))
        self.page.on("response", self._answered)

    def goes(self, path: str, **query: str) -> None:
        """Opens a page by its path; the query chooses language and colours."""
        more = "&".join(f"{name}={value}" for name, value in query.items())
        mark = ("&" if "?" in path else "?") if more else ""
        place, hash_, fragment = path.partition("#")
        self.page.goto(f"{self.server}{place}{mark}{more}{hash_}{fragment}")

    def follows(self, name: str, within: str = "main") -> None:
        """Follows the first link of a name."""
        self.page.locator(within).get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    @property
    def language(self) -> str:
        """Of the page."""
        return self.page.locator("html").get_attribute("lang") or ""

    @property
    def path(self) -> str:
        """Of the page, with its fragment and without its query."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"#{parts.fragment}" if parts.fragment else "")

    def sized(self, size: tuple[int, int]) -> Visitor:
        """The same visitor with a window of another size."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        return self

    def coloured(self, scheme: Literal["light", "dark"]) -> Visitor:
        """The same visitor with a device of other colours."""
        self.page.emulate_media(color_scheme=scheme)
        return self

    def overflow(self) -> int:
        """The pixels by which the page is wider than the window."""
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wider))

    def barriers(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA: the rule, the element, what is wrong with it."""
        run = {"runOnly": {"type": "tag", "values": _WCAG}, "resultTypes": ["violations"]}
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.axe_script)
        return [
            f"{found['id']}: {node['html'][:160]}: {node['failureSummary']}"
            for found in self.page.evaluate(_FINDS, run)
            for node in found["nodes"]
        ]

    def _said(self, message: ConsoleMessage) -> None:
        # The console repeats what the answer's status says already.
        if message.type in ("error", "warning") and "status of" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and not request.url.startswith(f"{self.server}/"):
            self.troubles.append(f"elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.troubles.append(f"{response.status}: {response.url}")
