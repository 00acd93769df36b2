"""A browser tab for tests, which records errors of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response, expect

#: The rules of WCAG 2.2 at the levels A and AA, as axe names them.
_WCAG: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
#: Window sizes of a phone and a desktop.
PHONE: Final = (390, 844)
DESKTOP: Final = (1280, 800)
#: A desktop window at 400% zoom, as WCAG 1.4.10 requires.
MAGNIFIED: Final = (320, 256)
#: Timeout of browser actions in milliseconds; a machine may be busy.
PATIENCE: Final = 60_000
expect.set_options(timeout=PATIENCE)
_AXE: Final = Axe()
#: The violations that axe finds; the list of passed rules takes longer to transfer
#: than to compute.
_FINDS: Final = "(options) => axe.run(options).then(({ violations }) => violations)"


@dataclass
class Tab:
    """A browser tab, and the errors that occurred in it.

    Attributes:
        page: the tab.
        server: the base URL of the pages.
        errors: errors of the console or a script, failed requests, requests to other hosts.
        expected: the status codes that are not errors.
    """

    page: Page
    server: str
    errors: list[str] = field(default_factory=list)
    expected: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        self.page.on("request", self._on_request)
        self.page.on("requestfailed", self._on_failed)
        self.page.on("response", self._on_response)

    def open(self, path: str, **query: str) -> None:
        """Open a page by its path; the query selects language and theme."""
        more = "&".join(f"{name}={value}" for name, value in query.items())
        mark = ("&" if "?" in path else "?") if more else ""
        place, hash_, fragment = path.partition("#")
        self.page.goto(f"{self.server}{place}{mark}{more}{hash_}{fragment}")

    def follow(self, name: str, within: str = "main") -> None:
        """Follow the first link with a name."""
        self.page.locator(within).get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.page.locator("html").get_attribute("lang") or ""

    @property
    def path(self) -> str:
        """The path of the page, with its fragment and without its query."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"#{parts.fragment}" if parts.fragment else "")

    def resize(self, size: tuple[int, int]) -> Tab:
        """Resize the window."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        return self

    def set_scheme(self, scheme: Literal["light", "dark"]) -> Tab:
        """Change the colour scheme of the device."""
        self.page.emulate_media(color_scheme=scheme)
        return self

    def overflow(self) -> int:
        """Return the pixels by which the page is wider than the window."""
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wider))

    def violations(self) -> list[str]:
        """Return the violations of WCAG 2.2 AA that axe finds: rule, element, reason."""
        run = {"runOnly": {"type": "tag", "values": _WCAG}, "resultTypes": ["violations"]}
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.axe_script)
        return [
            f"{found['id']}: {node['html'][:160]}: {node['failureSummary']}"
            for found in self.page.evaluate(_FINDS, run)
            for node in found["nodes"]
        ]

    def _on_console(self, message: ConsoleMessage) -> None:
        # The console repeats the status of the response.
        if message.type in ("error", "warning") and "status of" not in message.text:
            self.errors.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and not request.url.startswith(f"{self.server}/"):
            self.errors.append(f"elsewhere: {request.url}")

    def _on_failed(self, request: Request) -> None:
        # The browser itself aborts a request when the next page is opened (the icon of the tab)
        # or when the answer is a download.
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"failed: {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.errors.append(f"{response.status}: {response.url}")
