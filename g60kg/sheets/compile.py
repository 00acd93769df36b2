"""Compiler from fact sheets to triples: direct triples, Facts and evidence.

Minting is deterministic: the same sheet over the same graph gives the same IRIs and bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, ParamSpec, TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.errors import NoSource, UnreadableInput
from g60kg.model.article_text import Text, source_id
from g60kg.model.dates import edtf_years
from g60kg.model.iri_minting import (
    ARTICLE_PROPERTIES,
    NewObservation,
    Statement,
    article_triples,
    canonical,
)
from g60kg.model.ontology_lookup import Kind, Measure, Property
from g60kg.namespaces import (
    FACT_STATUS,
    HAS_OBSERVATION,
    LABEL,
    PREFIXES,
    A,
    entity,
    expand,
    g60,
    graph_name,
    local_name,
    term,
)
from g60kg.sheets import comparison
from g60kg.sheets.cell_literals import date_hint, figure_in, language_of, literal_of, time_in
from g60kg.sheets.header_values import is_language
from g60kg.sheets.name_resolution import Meanings
from g60kg.sheets.row_evidence import RowEvidence
from g60kg.sheets.sheet_file import RowError, Sheet, SheetProblem, SheetRow, name_in
from g60kg.sheets.sheet_lines import SheetLines
from g60kg.stores.base import GraphStore, Term

#: Maximum number of problems: each costs a search for the nearest names.
MAX_PROBLEMS: Final = 1_000
_TAG: Final = re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*")

P = ParamSpec("P")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Draft:
    """The result of compiling a sheet.

    Attributes:
        source: the id of the source, such as ``2307119874``.
        graph: the named graph of the triples.
        triples: the instance triples; do not use them if there are problems.
        problems: all errors of the sheet's rows, in the order of lines.
        sheet: the sheet with the offsets found in the article's text.
        lines: the lines of its triples and nodes.
    """

    source: str
    graph: NamedNode
    triples: tuple[Triple, ...]
    problems: tuple[SheetProblem, ...]
    sheet: Sheet
    lines: SheetLines


def draft(sheet: Sheet, store: GraphStore, text: Text | None = None) -> Draft:
    """Compile a sheet, and report all errors of its rows in one run."""
    return _Drafter(sheet, store, text).run()


@dataclass
class _Drafter:
    sheet: Sheet
    store: GraphStore
    text: Text | None
    problems: list[SheetProblem] = field(default_factory=list)
    plain: set[Triple] = field(default_factory=set)
    statements: dict[str, Statement] = field(default_factory=dict)
    observations: dict[int, NamedNode] = field(default_factory=dict)
    labelled: dict[str, set[str]] = field(default_factory=dict)

    def run(self) -> Draft:
        header = self._header()
        self.lines = SheetLines(self.sheet.columns)
        self.source = header.get("id") or source_id(header.get("url", ""))
        if not self.source:
            raise NoSource(
                "the source is missing",
                file=self.sheet.file,
                hint="Write `# url: …` above the first row (and title, date, publisher).",
            )
        graph = graph_name(self.source)
        article = entity(f"article-{self.source}")
        said = self.store.quads(article, ARTICLE_PROPERTIES["language"], None)
        accepted = next((q.object.value for q in said if isinstance(q.object, Literal)), "en")
        self.language = header.get("language") or accepted
        self.meanings = Meanings(self.store, graph, self.language)
        self._measured = self.meanings.vocabulary.properties[HAS_OBSERVATION.value]
        self.problems.extend(self.sheet.problems)
        if header.get("url"):
            self._describe(article, {**header, "language": self.language})
        reproduce = header.get("reproduce") != "no"
        self.evidence = RowEvidence(article, self.meanings, self.text, self.language, reproduce)
        for row in self.sheet.rows:
            name, tag = _split(row["predicate"])
            if name == "label":
                labelled = self.labelled.setdefault(row["subject"], set())
                labelled.add((tag or self.language).lower())
        for row in self.sheet.rows:
            self._try(row, self._introduce, row)
        # Rows that cannot be read are not compiled.
        unread = {problem.line for problem in self.problems}
        read = [row for row in self.sheet.rows if row.line not in unread]
        # Classes first: the predicates of an entity depend on them.
        for row in sorted(read, key=lambda row: _split(row["predicate"])[0] != "a"):
            self._state(row)
        triples = set(self.plain)
        for statement in self.statements.values():
            triples.update(statement.triples())
        compared = self.text is not None and not self.problems
        header = comparison.marked(header, triples, compared=compared)
        triples.update(list(comparison.verdicts(header, triples)))
        return Draft(
            self.source,
            graph,
            tuple(sorted(triples, key=str)),
            tuple(sorted(self.problems, key=self._place_of)),
            self.sheet.with_cells(self.evidence.filled).with_header(header),
            self.lines,
        )

    def _describe(self, article: NamedNode, header: Mapping[str, str]) -> None:
        """Add the triples of the header; an accepted article without a title here keeps its own."""
        self.meanings.names.add(local_name(article.value), article)
        line = self.sheet.header_lines.get("url", 1)
        self.lines.nodes[article.value] = line
        stated = set(article_triples(self.source, header))
        labels = {quad.triple for quad in self.store.quads(article, LABEL, None)}
        if labels and not header.get("title"):
            stated = {triple for triple in stated if triple.predicate != LABEL} | labels
        keys = {prop: key for key, prop in ARTICLE_PROPERTIES.items()} | {LABEL: "title"}
        for triple in stated:
            key = keys.get(triple.predicate, "url")
            self.lines.header[triple] = self.sheet.header_lines.get(key, line)
        self.plain.update(stated)

    def _header(self) -> Mapping[str, str]:
        header = dict(self.sheet.header)
        if header.get("date") and edtf_years(header["date"]) is None:
            message = f'"{header["date"]}" is not a date in EDTF.'
            line = self.sheet.header_lines.get("date", 1)
            hint = date_hint(header["date"])
            self.problems.append(SheetProblem(self.sheet.file, line, "date", message, hint))
        if self.text is None:
            return header
        digest = header.setdefault("text-sha256", self.text.digest)
        header.setdefault("text-length", str(self.text.length))
        if digest != self.text.digest:
            raise UnreadableInput(
                f"made from another text: its text-sha256 is {digest[:12]}…, "
                f"the article's is {self.text.digest[:12]}…",
                file=self.sheet.file,
                hint="Give that text, or delete the line to draft from this text.",
            )
        return header

    def _place_of(self, problem: SheetProblem) -> tuple[int, int]:
        """Return the sort key of a problem: line and column."""
        columns = self.sheet.columns
        return problem.line, columns.index(problem.column) if problem.column in columns else 0

    def _try(
        self, row: SheetRow, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result | None:
        """Return the result of a step on a row; None if it fails, which adds a problem."""
        try:
            return work(*args, **kwargs)
        except RowError as error:
            problem = SheetProblem(
                self.sheet.file, row.line, error.column, error.message, error.hint
            )
        if len(self.problems) == MAX_PROBLEMS:
            problem = SheetProblem(
                self.sheet.file,
                row.line,
                "",
                f"The sheet has more than {MAX_PROBLEMS:,} errors.",
                "The rest of the sheet was not checked.",
            )
        if len(self.problems) <= MAX_PROBLEMS and problem not in self.problems:
            self.problems.append(problem)
        return None

    # First pass: the entities of the sheet, so that any row can name them.

    def _introduce(self, row: SheetRow) -> None:
        predicate, _ = _split(row["predicate"])
        if len(self.problems) > MAX_PROBLEMS:
            return
        if predicate == "a" and row["subject"]:
            label = self.meanings.introduce(row["subject"], self.labelled.get(row["subject"], ()))
            if label is not None:
                self.plain.add(label)
                self.lines.add(row.line, label)
        elif predicate == "label" and row["subject"] and row["object"]:
            iri = expand(row["subject"])
            if iri is not None:
                self.meanings.names.add(row["object"], iri)

    # Second pass: the statement of each row.

    def _state(self, row: SheetRow) -> None:
        """Add the statement of a row, or report all its errors."""
        known = len(self.problems)
        if known > MAX_PROBLEMS:
            return
        for column in ("subject", "predicate", "object"):
            self._try(row, _present, row, column)
        name, tag = _split(row["predicate"])
        if tag is not None:
            self._try(row, _language_tag, tag)
        special = name in ("a", "label", "")
        found = None
        if not special:
            found = self._try(row, self.meanings.predicate, name, row["of_measure"])
        prop = self._measured if isinstance(found, Measure) else found
        subject = None
        if row["subject"]:
            domain = prop.domain if prop is not None else ()
            subject = self._try(row, self.meanings.entity, row, "subject", domain)
        if prop is not None and subject is not None:
            self._try(row, self.meanings.check_subject, row, subject, prop)
        evidence = self._try(row, self.evidence.of, row, prop) or ()
        modality = self._try(row, self.meanings.modality, row)
        object_: Term | NewObservation | None = None
        if row["object"] and isinstance(found, Measure):
            status = dict(modality or ()).get(FACT_STATUS)
            object_ = self._observation(row, subject, found, status)
        elif row["object"] and (special or prop is not None):
            object_ = self._try(row, self._object, row, subject, name, tag, prop)
        time = self._try(row, time_in, row, "time")
        speaker = self._try(row, self.meanings.speaker, row)
        predicate = prop.iri if prop is not None else _SPECIAL_IRIS.get(name)
        if subject is None or predicate is None:
            return
        if len(self.problems) > known or object_ is None or modality is None:
            self.lines.unread.setdefault((subject.value, predicate.value), row.line)
            return
        if isinstance(object_, NewObservation):
            self.meanings.names.add(local_name(object_.iri.value), object_.iri)
            self.plain.update(object_.triples())
            self.observations[row.line] = object_.iri
            object_ = object_.iri
        measured = isinstance(found, Measure)
        triple = Triple(subject, predicate, object_)
        stored = self.meanings.vocabulary.inverses.get(predicate.value)
        if stored is not None and isinstance(object_, NamedNode):
            triple = Triple(object_, stored, subject)
        if measured or FACT_STATUS not in dict(modality):
            self.plain.add(triple)
        self.lines.add(row.line, triple)
        if evidence:
            statement = Statement(
                triple=triple,
                evidence=evidence,
                modality=modality,
                time=None if measured else time,
                dated=prop is not None and prop.date_valued,
                attributed_to=speaker,
                note=Literal(row["note"], language=language_of(row["note"], self.language))
                if row["note"]
                else None,
                verbatim=row["quote"] if measured and row["quote"] else None,
                complete_list=self._is_complete(row),
            )
            nodes = (node for each in evidence for node in (each.iri, *each.selectors))
            self.lines.add(row.line, triple, (statement.fact, *nodes))
            self._try(row, self._add, row, statement)

    def _object(
        self,
        row: SheetRow,
        subject: NamedNode | None,
        name: str,
        tag: str | None,
        prop: Property | None,
    ) -> Term | None:
        if name == "a":
            kind = self.meanings.class_in(row)
            if subject is not None:
                self.meanings.classify(subject, kind)
            return kind
        if prop is None:
            label = name_in(row["object"], "object")
            return Literal(label, language=(tag or self.language).lower())
        if prop.kind is not Kind.ENTITY:
            return literal_of(row["object"], prop, tag, self.language)
        if not prop.iri.value.startswith(PREFIXES["g60"]) or _UNIT in prop.range:
            return self.meanings.foreign(row)
        found = self.meanings.entity(row, "object", prop.range)
        self.meanings.check_object(row, found, prop)
        return found

    def _observation(
        self,
        row: SheetRow,
        subject: NamedNode | None,
        measure: Measure,
        status: NamedNode | None,
    ) -> NewObservation | None:
        known = len(self.problems)
        figure = self._try(row, figure_in, row, measure)
        comparator = self._try(row, self.meanings.comparator, row)
        unit = self._try(row, self.meanings.unit, row, measure)
        period = self._try(row, time_in, row, "time")
        categories = self._try(row, self.meanings.categories, row) or ()
        reference = self._try(row, self.meanings.reference, row, measure)
        equivalent = self._try(row, self._equivalent, row)
        if (
            len(self.problems) > known
            or subject is None
            or figure is None
            or comparator is None
            or unit is None
            or reference is None
        ):
            return None
        area, ranking, compared_with = reference
        between = figure.upper is not None and not row["comparator"]
        return NewObservation(
            subject=subject,
            measure=measure.iri,
            value=canonical(figure.number),
            comparator=g60("Between") if between else comparator,
            unit=unit,
            categories=categories,
            upper=None if figure.upper is None else canonical(figure.upper),
            fraction=figure.fraction,
            period=period,
            area=area,
            ranking=ranking,
            compared_with=compared_with,
            basis=row["basis"] or None,
            equivalent_of=equivalent,
            status=status,
            source=self.source if period is None and not measure.timeless else None,
        )

    def _equivalent(self, row: SheetRow) -> NamedNode | None:
        """Return the figure of the line that a row's figure is the equivalent of."""
        line = row["equivalent_of"]
        if not line:
            return None
        found = self.observations.get(int(line)) if line.isdecimal() else None
        if found is None:
            message = f'"{line}" is not the line of an earlier row with a figure.'
            raise RowError("equivalent_of", message)
        return found

    def _is_complete(self, row: SheetRow) -> bool:
        """Return whether a row belongs to a complete list; an invalid cell is a problem."""
        cell = row["list"].lower()
        if cell not in ("", "complete"):
            error = RowError("list", f'"{row["list"]}" is not a value of this column.', _COMPLETE)
            self._try(row, _fail, error)
        return cell == "complete"

    def _add(self, row: SheetRow, statement: Statement) -> None:
        key = statement.fact.value
        known = self.statements.get(key)
        if known is None:
            self.statements[key] = statement
            return
        for column in ("modality", "time", "attributed_to", "note"):
            given = row[column] and (column != "time" or statement.time)
            if given and getattr(known, column) != getattr(statement, column):
                raise RowError(
                    column, f"An earlier row states the same fact with another {column}."
                )
        together = tuple(dict.fromkeys((*known.evidence, *statement.evidence)))
        self.statements[key] = replace(known, evidence=together)


def _split(predicate: str) -> tuple[str, str | None]:
    """Split a predicate into name and language; ``a`` and ``label`` in any spelling.

    >>> _split("rdfs:label@zh"), _split("A")
    (('label', 'zh'), ('a', None))
    """
    name, at, tag = predicate.partition("@")
    return _SPECIAL.get(name.lower(), name), tag if at else None


_SPECIAL_IRIS: Final = {"a": A, "label": LABEL}
_SPECIAL: Final = {"a": "a", "rdf:type": "a", "label": "label", "rdfs:label": "label"}


_UNIT: Final = term("qudt:Unit")
_COMPLETE: Final = "Write complete where the source says that the list has no other values."


def _fail(error: RowError) -> None:
    raise error


def _present(row: SheetRow, column: str) -> None:
    if not row[column]:
        raise RowError(column, f"The {column} is missing.")


def _language_tag(tag: str) -> None:
    if not _TAG.fullmatch(tag) or not is_language(tag):
        raise RowError("predicate", f'"{tag}" is not a language tag.', "Such as en or zh-Hans.")
