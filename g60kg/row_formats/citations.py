"""Citations of the sources behind an answer: footnotes, BibTeX, CSL-JSON (csl-data.json).

In BibTeX, values are escaped for LaTeX and titles keep their case. The field ``url`` is verbatim in
BibLaTeX and in the package url, so its braces and backslashes are percent-encoded instead.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from g60kg.errors import UsageError
from g60kg.formats import CITATIONS
from g60kg.model.dates import MONTH_NAMES, QUALIFIED, date_text
from g60kg.model.evidence import EvidenceKind, Quotation
from g60kg.model.locator_texts import locator_text, publisher_text
from g60kg.model.names import LANGUAGES
from g60kg.model.sources import Source
from g60kg.namespaces import PREFIXES
from g60kg.package_data import __version__
from g60kg.rdf.text_excerpt import on_a_line
from g60kg.stores.change_detection import written_at

#: The marks of an approximate or uncertain date.
_QUALIFIERS: Final = "".join(QUALIFIED)
#: A year, a month or a day.
DAY: Final = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Access:
    """When and where an answer was read, and the language of the citation.

    Attributes:
        date: the day on which the addresses were valid.
        permalink: the address of the answer, with its parameters.
        language: the language of the texts that a citation adds, ``en`` or ``zh``.
        version: the version of the graph, as :func:`graph_version` returns it.
    """

    date: dt.date
    permalink: str
    language: str
    version: str


def graph_version(store: Path | None = None, endpoint: str | None = None) -> str:
    """Return the version of a graph in a citation, such as ``g60kg 0.2.0``.

    For a store, it has also the day of its last change; for an endpoint, its host and path.

    >>> graph_version(endpoint="https://user@example.org:7878/query?x=1").partition(" (")[2]
    'example.org/query)'
    """
    version = f"g60kg {__version__}"
    if endpoint is not None:
        parts = urlsplit(endpoint)
        return f"{version} ({parts.hostname}{parts.path})"
    if store is not None:
        written = dt.datetime.fromtimestamp(written_at(store), dt.UTC)
        return f"{version} ({written.date().isoformat()})"
    return version


@dataclass(frozen=True, slots=True)
class Citation:
    """A source with the evidence of an answer."""

    source: Source
    evidence: tuple[Quotation, ...]

    @property
    def key(self) -> str:
        """The key of the source in BibTeX and CSL-JSON: its id, with hyphens for other characters.

        Letters, digits, and the characters ``_ . : / -`` are unchanged.

        >>> Citation(Source("https://w3id.org/g60kg/id/article-ce-2614622", ""), ()).key
        'ce-2614622'
        """
        name = self.source.iri.removeprefix(PREFIXES["id"]).removeprefix("article-")
        return re.sub(r"[^\w.:/-]+", "-", name)

    @property
    def title(self) -> str:
        """The title of the source; a description in place of a missing headline is in brackets."""
        return f"[{self.source.title}]" if self.source.is_descriptive else self.source.title

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the authors, as the source spells them; empty if it names no author."""
        names = re.split("[;；]", self.source.author)
        return tuple(name.strip() for name in names if name.strip())


def citations_of(evidence: Iterable[Quotation]) -> tuple[Citation, ...]:
    """Return a citation for each source, sorted by its IRI; evidence without a source is left out.

    A piece of evidence occurs once in a citation, or twice if it supports both Derived facts, which
    a curator inferred, and other facts.
    """
    found: dict[str, dict[tuple[str, bool], Quotation]] = {}
    for one in evidence:
        if one.source is not None:
            behind = found.setdefault(one.source.iri, {})
            behind.setdefault((one.iri, "Derived" in one.modality), one)
    citations = (sorted(behind.values(), key=_place) for _, behind in sorted(found.items()))
    return tuple(Citation(ones[0].source, tuple(ones)) for ones in citations if ones[0].source)


def _place(one: Quotation) -> tuple[int, int, tuple[tuple[int, str], ...], str]:
    """Return a sort key for the position of evidence in its source."""
    parts = re.split(r"(\d{1,9})", one.locator)
    numbered = tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)
    return (one.start or 0, one.end or 0, numbered, one.quote)


#: The most places of a source that a citation lists.
MOST_PLACES: Final = 10

#: The texts in English and Chinese, by key.
_WORDS: Final = {
    "comma": (", ", "，"),
    "end": (". ", "。"),
    "name-comma": (", ", "、"),
    "title": ("“{title}”", "《{title}》"),
    "described": ("[{title}]", "［{title}］"),
    "no-date": ("n.d.", "无日期"),
    "accessed": ("{url} (accessed {date})", "{url} （访问日期：{date}）"),
    "archived": ("archived at {url}", "存档：{url}"),
    "characters": ("characters {spans}", "第{spans}个字符"),
    "record": ("record {key}", "记录{key}"),
    "places": ("; ", "；"),
    "more": ("and {n} more", "另有{n}处"),
    "grade": ("grade {name}: {meaning}", "{name}级：{meaning}"),
    "grades": ("grade {name} ({n}): {meaning}", "{name}级（{n}处）：{meaning}"),
    "derived": ("inferred by the curator from the source", "由整理者根据来源推断"),
    "partly-derived": (
        "partly inferred by the curator from the source",
        "部分由整理者根据来源推断",
    ),
    "A": ("compared with the source and found there", "已与来源核对，一致"),
    "B": (
        "passage not reproduced; its digest was found in the source",
        "段落不转载，其摘要值与来源一致",
    ),
    "C": ("not compared with the source", "尚未与来源比对"),
    "C-passage": ("passage not compared with a text", "段落尚未与原文比对"),
    "X": ("not found in the source", "来源中未找到"),
    "cited": ("cited from {version}: {permalink}", "引自{version}：{permalink}"),
}
_TEXTS: Final = {
    language: {key: texts[at] for key, texts in _WORDS.items()}
    for at, language in enumerate(LANGUAGES)
}


def footnote(citation: Citation, access: Access) -> str:
    """Return the footnote of a source, with the remarks on its evidence, as one line.

    >>> import datetime as dt
    >>> from g60kg.model.sources import Source
    >>> source = Source("", "松江", publisher="新华网", date="2018", url="https://example.org/")
    >>> access = Access(dt.date(2026, 11, 26), "https://example.org/q", "en", "g60kg 1.0")
    >>> footnote(Citation(source, ()), access).partition(". ")[0]
    '“松江”, 新华网, 2018, https://example.org/ (accessed 26 November 2026)'
    """
    source, texts = citation.source, _TEXTS[access.language]
    accessed = date_text(access.date.isoformat(), access.language)
    parts = (
        texts["name-comma"].join(citation.authors),
        texts["described" if source.is_descriptive else "title"].format(title=source.title),
        publisher_text(source.publisher, access.language),
        source.edition,
        date_text(source.date, access.language) if source.date else texts["no-date"],
        source.url and texts["accessed"].format(url=source.url, date=accessed),
    )
    described = on_a_line(texts["comma"].join(part for part in parts if part))
    return texts["end"].join((described.rstrip("."), remarks(citation, access)))


def footnote_of(quoted: Quotation, access: Access) -> str:
    """Return the footnote of one piece of evidence; empty if its source is unknown."""
    return "".join(footnote(citation, access) for citation in citations_of((quoted,)))


def remarks(citation: Citation, access: Access) -> str:
    """Return the sentences of a citation that follow the description of its source, on one line.

    They give the archived copy, the positions of the evidence, its grades, whether a curator
    inferred facts from it, and the version of the graph with the address of the answer.
    """
    texts = _TEXTS[access.language]
    archive = citation.source.archive
    derived = ["Derived" in one.modality for one in citation.evidence]
    parts = (
        archive and texts["archived"].format(url=archive),
        texts["places"].join(_places(citation, access.language)),
        *_grades(citation, texts),
        texts["derived" if all(derived) else "partly-derived"] if any(derived) else "",
        texts["cited"].format(version=access.version, permalink=access.permalink),
    )
    sentences = (part[:1].upper() + part[1:] for part in map(on_a_line, parts) if part)
    return texts["end"].join(sentences)


def _places(citation: Citation, language: str) -> Iterable[str]:
    texts = _TEXTS[language]
    spans: dict[str, None] = {}
    others: dict[str, None] = {}
    for one in citation.evidence:
        if one.kind is EvidenceKind.RECORD:
            others[texts["record"].format(key=one.quote)] = None
        elif one.locator:
            others |= dict.fromkeys(
                locator_text(place, language) for place in one.locator.split("; ")
            )
        elif one.start is not None:
            spans[f"{one.start}–{one.end}"] = None
    if spans:
        yield texts["characters"].format(spans=", ".join([*spans][:MOST_PLACES]))
    yield from [*others][: max(0, MOST_PLACES - len(spans))]
    more = len(spans) + len(others) - MOST_PLACES
    if more > 0:
        yield texts["more"].format(n=more)


def _grades(citation: Citation, texts: Mapping[str, str]) -> Iterable[str]:
    of_evidence = {one.iri: one for one in citation.evidence}.values()
    counts = Counter(
        (one.grade, texts.get(f"{one.grade}-{one.kind}", texts[one.grade])) for one in of_evidence
    )
    form = texts["grade" if len(counts) == 1 else "grades"]
    for (name, meaning), count in sorted(counts.items()):
        yield form.format(name=name, meaning=meaning, n=count)


_LATEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        # BibTeX counts braces that are escaped by a backslash, too.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        **{mark: f"\\{mark}" for mark in "$&#%_"},
    }
)
_NOT_VERBATIM: Final = re.compile(r"[{}\\\s]")


def _entry(citation: Citation, access: Access) -> str:
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(citation, access))
    return f"@misc{{{citation.key},\n{fields}}}\n"


def _fields(citation: Citation, access: Access) -> Iterator[tuple[str, str]]:
    source = citation.source
    if citation.authors:
        # A name in braces is not split into given name and surname.
        yield "author", f"{{{' and '.join(map(_text, citation.authors))}}}"
    yield "title", f"{{{_text(citation.title)}}}"
    if source.publisher:
        yield "publisher", _text(source.publisher)
        yield "howpublished", _text(source.publisher)
    if source.edition:
        yield "edition", _text(source.edition)
    yield from _date_fields(source.date)
    if source.url:
        yield "url", f"{{{_NOT_VERBATIM.sub(lambda match: f'%{ord(match[0]):02X}', source.url)}}}"
        yield "urldate", f"{{{access.date.isoformat()}}}"
    if source.language:
        names = {"en": "english", "zh": "chinese"}
        yield "language", _text(names.get(source.language, source.language))
    yield "note", _text(remarks(citation, access))


def _date_fields(date: str) -> Iterator[tuple[str, str]]:
    plain = date.rstrip(_QUALIFIERS)
    match = DAY.fullmatch(plain)
    if match is None:
        yield "year", _text(date or "n.d.")
        return
    year, month, day = match.groups()
    yield "year", f"{{{year}}}" if plain == date else f"{{ca. {year}}}"
    if month:
        yield "month", MONTH_NAMES[int(month) - 1][:3].lower()
    if day:
        yield "day", f"{{{int(day)}}}"


def _text(text: str) -> str:
    return f"{{{on_a_line(text).translate(_LATEX)}}}"


#: The type of each class of sources.
_TYPES: Final = {"Dataset": "dataset", "PressRelease": "webpage", "WebPage": "webpage"}


def _reference(citation: Citation, access: Access) -> dict[str, Any]:
    source = citation.source
    kind = _TYPES.get(source.kind, "article-newspaper")
    members = {
        "id": citation.key,
        "type": kind,
        "genre": "Press release" if source.kind == "PressRelease" else "",
        # Names are not split: the order of given name and surname is not known.
        "author": [{"literal": on_a_line(name)} for name in citation.authors],
        "title": citation.title,
        "container-title": "" if kind == "dataset" else source.publisher,
        "publisher": source.publisher,
        "version": source.edition,
        # Citation styles write "n.d." by themselves, in their own language.
        "issued": _date_parts(source.date) if source.date else None,
        "URL": source.url,
        "accessed": _date_parts(access.date.isoformat()) if source.url else None,
        "archive_location": source.archive,
        "language": source.language,
        "note": remarks(citation, access),
    }
    return {
        name: on_a_line(member) if isinstance(member, str) else member
        for name, member in members.items()
        if member
    }


def _date_parts(date: str) -> dict[str, Any]:
    plain = date.rstrip(_QUALIFIERS)
    parts = plain.split("/")
    if len(parts) > 2 or not all(map(DAY.fullmatch, parts)):
        return {"literal": date}
    circa = {} if plain == date else {"circa": True}
    return {"date-parts": [list(map(int, part.split("-"))) for part in parts], **circa}


FORMATS: Final = tuple(each.name for each in CITATIONS)


def format_citations(format_: str, citations: Sequence[Citation], access: Access) -> str:
    """Return citations in one of FORMATS; raise UsageError for another format."""
    match format_:
        case "bibtex":
            return "\n".join(_entry(one, access) for one in citations)
        case "csl":
            references = [_reference(one, access) for one in citations]
            return json.dumps(references, ensure_ascii=False, indent=2) + "\n"
        case "text":
            return "\n".join(f"{footnote(one, access)}\n" for one in citations)
    raise UsageError(f"Unknown format {format_}.", hint=f"Formats: {', '.join(FORMATS)}.")
