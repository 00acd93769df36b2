"""HTML pages parsed for tests: elements, texts and links."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from tests.web.asking import get

#: Elements without an end tag.
_VOID: Final = frozenset(("meta", "link", "input", "img", "br", "hr", "option", "path", "line"))


@dataclass
class Element:
    """An element with its children and text."""

    name: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, with single spaces."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> list[str]:
        found: list[str] = []
        for part in self.content:
            found += [part] if isinstance(part, str) else [" ", *part._pieces(), " "]
        return found

    def all(self, name: str = "", /, **attributes: str) -> list[Element]:
        """Return the descendants with a name and attributes, in document order."""
        found: list[Element] = []
        for part in self.content:
            if isinstance(part, str):
                continue
            fits = name in ("", part.name)
            if fits and all(part.attributes.get(k.rstrip("_")) == v for k, v in attributes.items()):
                found.append(part)
            found += part.all(name, **attributes)
        return found

    def one(self, name: str = "", /, **attributes: str) -> Element:
        """Return the first of them; there must be one."""
        found = self.all(name, **attributes)
        assert found, f"no {name} {attributes}"
        return found[0]

    def link(self, text: str) -> str:
        """Return the target of the first link whose text begins with a text."""
        found = [one for one in self.all("a") if one.text.startswith(text)]
        assert found, f"no link {text!r} among {[one.text for one in self.all('a')]}"
        return found[0].attributes["href"]

    def links(self) -> list[str]:
        """The targets of its links."""
        return [one.attributes["href"] for one in self.all("a") if "href" in one.attributes]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].content.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].content.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        # The pages close every element explicitly.
        assert self._open[-1].name == tag, f"</{tag}> closes <{self._open[-1].name}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].content.append(data)

    def finished(self) -> Element:
        assert [one.name for one in self._open] == [""], "not closed: " + self._open[-1].name
        return self.root


def read_page(html: str) -> Element:
    """Parse a page; fail if an element is not closed, or not in order."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.finished()


def page(server: str, path: str, language: str = "en", status: int = 200) -> Element:
    """Return a page in a language."""
    answer = get(f"{server}{path}", headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return read_page(answer.text)
