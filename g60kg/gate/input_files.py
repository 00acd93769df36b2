"""Reading of input files: RDF files and fact sheets as quads with line positions."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

from g60kg.errors import UnreadableInput, UsageError
from g60kg.formats import SHEET_EXTENSIONS, rdf_format_of
from g60kg.model.article_text import Text
from g60kg.model.names import folded
from g60kg.model.observations import decimal_of
from g60kg.namespaces import LABEL, NAMING, PREFIXES, A, entity, local_name
from g60kg.rdf.input_limits import MAX_STATEMENTS
from g60kg.rdf.positions import Place, Places, locate
from g60kg.rdf.rdf_files import decoded_text, parse_rdf, read_bytes
from g60kg.rdf.text_excerpt import visible
from g60kg.sheets.compile import Draft, draft
from g60kg.sheets.sheet_file import Sheet, SheetProblem, is_sheet, sheet_of
from g60kg.sheets.sheet_lines import SheetLines
from g60kg.stores.base import GraphStore
from g60kg.stores.bulk_load import graph_of, placed
from g60kg.stores.local_store import LocalStore
from g60kg.validation.check_codes import CheckCode, check_code
from g60kg.validation.report.findings import Finding

SYNTAX: Final = check_code("Syntax")
SHEET_ROW: Final = check_code("SheetRow")
NOTHING_STATED: Final = check_code("NothingStated")
#: No text more makes its finding untrue.
_OF_SEVERAL: Final = f"{PREFIXES['sh']}UniqueLangConstraintComponent"


@dataclass(frozen=True)
class Incoming:
    """An input file as read.

    Attributes:
        quads: its quads; triples without a graph are in the graph of its source.
        findings: the errors of reading it, or the warning that it is empty.
        text: its text, to find lines in RDF; empty for a sheet.
        rdf_format: its RDF format; None for a sheet, and for a file that cannot be read.
        parsed: the quads as the parser gave them, in its order.
        lines: the lines of a sheet's triples.
        digest: the SHA-256 of its uncompressed bytes; empty if they could not be read.
        compiled: compiles a sheet again, with what other files state; None for RDF.
    """

    file: str
    quads: tuple[Quad, ...] = ()
    findings: tuple[Finding, ...] = ()
    text: str = ""
    rdf_format: RdfFormat | None = None
    parsed: tuple[Quad, ...] = ()
    lines: SheetLines = field(default_factory=SheetLines)
    digest: str = ""
    compiled: Callable[[GraphStore], "Incoming"] | None = field(default=None, compare=False)

    @property
    def is_sheet(self) -> bool:
        """Whether it is a fact sheet; also True of a file that cannot be read."""
        return self.rdf_format is None

    @cached_property
    def _places(self) -> Places | None:
        # Computed once, and only if there is something to report.
        return None if self.rdf_format is None else locate(self.text, self.rdf_format, self.parsed)

    @cached_property
    def _about(self) -> Mapping[str, list[Quad]]:
        about: dict[str, list[Quad]] = defaultdict(list)
        for quad in self.quads:
            about[_written(quad.subject)].append(quad)
        return about

    @cached_property
    def _naming(self) -> Mapping[str, Quad]:
        naming: dict[str, Quad] = {}
        for quad in self.quads:
            naming.setdefault(_written(quad.object), quad)
        return naming

    @cached_property
    def _graphs(self) -> Set[object]:
        return {quad.graph_name for quad in self.quads}

    def distance(self, finding: Finding) -> tuple[bool, int]:
        """Return a sort key by which the file that a finding is about is first.

        It is whether the file has no quad in the graph of the finding, then 0 (it has the triple)
        to 3.
        """
        return finding.graph not in self._graphs, self._steps(finding)

    def _steps(self, finding: Finding) -> int:
        """Return 0 if the file has the offending triple, 1 or 2 if the focus node, else 3.

        Also 3 if the finding has a file.
        """
        if finding.focus is None or finding.file is not None:
            return 3
        if self._offending(finding):
            return 0
        return 1 if finding.focus in self._about else 2 if finding.focus in self._naming else 3

    def placed(self, finding: Finding) -> list[Finding]:
        """Return copies of a finding with its locations in this file.

        Empty if the finding has a file, or this file does not mention the focus node. The location
        is that of the offending triple; for a missing triple, the first line about the focus node,
        or the first line that mentions it. If a language has several texts, each except the first
        is a location.
        """
        if self._steps(finding) == 3:
            return []
        offending = self._offending(finding)
        each = [[one] for one in offending] if finding.term is None else [offending]
        return [
            replace(
                finding,
                file=self.file,
                line=place.line if place else None,
                column=place.column if place else None,
            )
            for triples in each or [[]]
            for place in (self._place(finding, triples),)
        ]

    def may_be_wrong(self, finding: Finding) -> bool:
        """Return whether a shape's finding may be wrong because rows with errors are left out."""
        if finding.component in (None, _OF_SEVERAL) or finding.focus is None:
            return False
        lacks = finding.term is None and self.lines.may_state(
            finding.focus, _properties_in(finding)
        )
        nodes = (finding.focus, finding.value or "")
        return lacks or any((node, A.value) in self.lines.unread for node in nodes)

    def _offending(self, finding: Finding) -> list[Triple]:
        if finding.term is None:
            return self._twins(finding)
        term = finding.value_term
        return [
            quad.triple
            for quad in self._about.get(finding.focus or "", ())
            if quad.predicate.value == finding.path and _same_term(quad.object, term)
        ]

    def _twins(self, finding: Finding) -> list[Triple]:
        """Return the texts of the finding's property that follow another in the same language."""
        of_language: dict[str | None, list[Triple]] = defaultdict(list)
        about = self._about.get(finding.focus or "", ())
        for quad in sorted(about, key=lambda one: self.lines.triples.get(one.triple, 0)):
            if quad.predicate.value == finding.path and isinstance(quad.object, Literal):
                of_language[quad.object.language].append(quad.triple)
        return [one for texts in of_language.values() for one in dict.fromkeys(texts[1:])]

    def _place(self, finding: Finding, triples: Sequence[Triple]) -> Place | None:
        assert finding.focus is not None
        naming = self._naming.get(finding.focus)
        if not triples and naming is not None and finding.focus not in self._about:
            triples = (naming.triple,)
        if self.is_sheet:
            missing = () if finding.term is not None else _properties_in(finding)
            return self.lines.place(triples, finding.focus, finding.path, missing)
        assert self._places is not None
        for triple in triples:
            if found := self._places.of_triple(triple):
                return found
        return self._places.of_subject(finding.node) if finding.node is not None else None


def _properties_in(finding: Finding) -> list[str]:
    """Return the path of a finding; without one, the ``g60:`` properties named in its message."""
    if finding.path is not None:
        return [finding.path]
    return [PREFIXES["g60"] + name for name in re.findall(r"\bg60:(\w+)", finding.message)]


def _written(node: object) -> str:
    if isinstance(node, BlankNode):
        return f"_:{node.value}"
    return node.value if isinstance(node, NamedNode | Literal) else str(node)


def _same_term(term: object, other: object) -> bool:
    if term == other:
        return True
    if not (isinstance(term, Literal) and isinstance(other, Literal)):
        return False
    number = decimal_of(term)
    return number is not None and term.datatype == other.datatype and number == decimal_of(other)


def read_incoming(file: Path, store: GraphStore) -> Incoming:
    """Read an RDF file or a fact sheet; errors of reading become findings.

    Raises:
        UsageError: a folder without an extension, or an existing file with an unknown one.
    """
    if file.is_dir() and not file.suffix:
        raise UsageError(f"{file} is a folder.", hint="Give the files in it.")
    if file.exists() and not is_sheet(file):
        rdf_format_of(file, SHEET_EXTENSIONS)  # before the file is opened
    try:
        content = read_bytes(file)
    except UnreadableInput as error:
        return _unread(visible(str(file)), error)
    return incoming_of(content, visible(str(file)), store)


def incoming_of(
    content: bytes, name: str, store: GraphStore, article: Text | None = None
) -> Incoming:
    """Return input from bytes, as :func:`read_incoming` does from a file.

    A sheet is compiled with the text ``article``.

    Raises:
        UsageError: unknown file extension.
    """
    try:
        text = decoded_text(content, name)
        if is_sheet(Path(name)):
            sheet = sheet_of(text, name)

            def compiled(beside: GraphStore | None = None) -> Incoming:
                return of_draft(draft(sheet, store, article, beside), name)

            read = replace(compiled(), compiled=compiled)
        else:
            rdf_format_of(name, SHEET_EXTENSIONS)
            read = _rdf(text, name, store)
    except UnreadableInput as error:
        read = _unread(name, error)
    return replace(read, digest=hashlib.sha256(content).hexdigest())


def compiled_together(files: Sequence[Incoming]) -> list[Incoming]:
    """Return files with the names and classes that each gives known in the sheets among them.

    Only sheets with errors are compiled again; the names that they introduce keep their meaning.
    """
    read = list(files)
    for _ in files:
        if len(read) == 1 or not any(one.compiled and one.findings for one in read):
            break
        named = [[quad for quad in one.quads if quad.predicate in (*NAMING, A)] for one in read]
        latest = [
            _beside(one, [quad for other in (*named[:at], *named[at + 1 :]) for quad in other])
            for at, one in enumerate(read)
        ]
        if [one.findings for one in latest] == [one.findings for one in read]:
            break
        read = latest
    return read


def _beside(file: Incoming, stated: Sequence[Quad]) -> Incoming:
    if file.compiled is None or not file.findings:
        return file
    own = {folded(_written(quad.object)) for quad in file.quads if quad.predicate == LABEL}
    others = (q for q in stated if q.predicate == A or folded(_written(q.object)) not in own)
    found = file.compiled(LocalStore.holding(others, "what other files state"))
    return replace(found, compiled=file.compiled, digest=file.digest)


def _unread(name: str, error: UnreadableInput) -> Incoming:
    finding = _finding(SYNTAX, error.reason, error.file, error.line, error.column, error.hint)
    return Incoming(name, findings=(finding,))


def of_draft(drafted: Draft, name: str) -> Incoming:
    """Return a compiled sheet as input; the errors of its rows are findings."""
    findings = tuple(_sheet_finding(problem, drafted.sheet) for problem in drafted.problems)
    return Incoming(
        file=name,
        quads=tuple(Quad(t.subject, t.predicate, t.object, drafted.graph) for t in drafted.triples),
        findings=findings or _nothing_stated(drafted.triples, name),
        lines=drafted.lines,
    )


def _rdf(text: str, name: str, store: GraphStore) -> Incoming:
    parsed = parse_rdf(text, name, MAX_STATEMENTS)

    graph = graph_of(parsed, Path(name))
    # Several datasets can share a graph, which is not named after any of them.
    typed = store.quads(entity(f"dataset-{local_name(graph.value)}"), A, None)
    graphs = (quad.graph_name for quad in typed if isinstance(quad.graph_name, NamedNode))
    home = min(graphs, key=str, default=graph)
    return Incoming(
        file=name,
        quads=tuple(placed(parsed, home)),
        findings=_nothing_stated(parsed, name),
        text=text,
        rdf_format=rdf_format_of(name),
        parsed=tuple(parsed),
    )


def _nothing_stated(stated: Sequence[object], file: str) -> tuple[Finding, ...]:
    if stated:
        return ()
    hint = "Check whether it was truncated, or saved before it was filled."
    return (_finding(NOTHING_STATED, "The file has no statements.", file, hint=hint),)


def _sheet_finding(problem: SheetProblem, sheet: Sheet) -> Finding:
    where = f"{problem.column}: " if problem.column else ""
    names = sheet.columns
    column = names.index(problem.column) + 1 if problem.column in names else None
    return _finding(
        SHEET_ROW, where + problem.message, problem.file, problem.line, column, problem.hint
    )


def _finding(
    code: CheckCode,
    message: str,
    file: str,
    line: int | None = None,
    column: int | None = None,
    hint: str | None = None,
) -> Finding:
    found = code.finding(message, hint)
    return replace(found, file=visible(file), line=line, column=column)
