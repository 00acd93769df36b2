"""Compiler from fact sheets to triples: direct triples, Facts and evidence.

New IRIs are deterministic: the same sheet over the same graph gives the same IRIs and bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from g60kg import namespaces as ns
from g60kg.errors import NoSource, UnreadableInput
from g60kg.model.article_text import Text, source_id
from g60kg.model.dates import are_separate_terms, edtf_years
from g60kg.model.iri_minting import ARTICLE_PROPERTIES, NewObservation, Statement, article_triples
from g60kg.model.names import folded
from g60kg.model.ontology_lookup import Measure, ObjectKind, Property
from g60kg.namespaces import LABEL, A, entity, expand, graph_name, local_name, term
from g60kg.sheets.cell_literals import date_hint, language_of, language_tag, literal_of, time_in
from g60kg.sheets.header_values import verdicts, with_checked
from g60kg.sheets.name_resolution import NameResolver
from g60kg.sheets.row_evidence import RowEvidence, are_without_offsets
from g60kg.sheets.row_observations import RowObservations
from g60kg.sheets.row_problems import RowProblems, check_label_language, is_complete
from g60kg.sheets.sheet_file import (
    OF_FIGURES,
    REQUIRED,
    SUGGESTED,
    RowError,
    Sheet,
    SheetProblem,
    SheetRow,
    name_in,
)
from g60kg.sheets.sheet_lines import SheetLines
from g60kg.stores.base import GraphStore, Term


@dataclass(frozen=True, slots=True)
class Draft:
    """The result of compiling a sheet.

    Attributes:
        source: the id of the source, such as ``2307119874``.
        graph: the IRI of the source's graph.
        triples: the instance triples; they must not be added to a graph if there are problems.
        problems: the errors of the sheet, sorted by line; more may appear when these are fixed.
        warnings: what is unusual in its rows; such rows have triples unless they have an error.
        sheet: the sheet with the offsets found in the article's text.
        lines: the lines of the sheet that the triples come from.
    """

    source: str
    graph: NamedNode
    triples: tuple[Triple, ...]
    problems: tuple[SheetProblem, ...]
    warnings: tuple[SheetProblem, ...]
    sheet: Sheet
    lines: SheetLines


def draft(
    sheet: Sheet, store: GraphStore, text: Text | None = None, beside: GraphStore | None = None
) -> Draft:
    """Return the triples and errors of a sheet, compared with the article's text if given.

    The names and classes in the store ``beside`` are known too. Raise UnreadableInput if the sheet
    names no source, or the digest of another text.
    """
    return _Drafter(sheet, store, text, beside).run()


@dataclass
class _Drafter:
    sheet: Sheet
    store: GraphStore
    text: Text | None
    beside: GraphStore | None
    plain: set[Triple] = field(default_factory=set)
    statements: dict[str, Statement] = field(default_factory=dict)
    labelled: dict[str, set[str]] = field(default_factory=dict)

    def run(self) -> Draft:
        self.problems = RowProblems(self.sheet)
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
        if graph in ns.RESERVED_GRAPHS:
            lines = self.sheet.header_lines
            line = lines.get("id") or lines.get("url", 1)
            message = f"{self.source} is not a source: its graph belongs to the store itself."
            hint = "Write another `# id: …` above the first row."
            self.problems.found.append(SheetProblem(self.sheet.file, line, "id", message, hint))
        article = entity(f"article-{self.source}")
        said = self.store.quads(article, ARTICLE_PROPERTIES["language"], None)
        accepted = next((q.object.value for q in said if isinstance(q.object, Literal)), "en")
        self.language = header.get("language") or accepted
        self.meanings = NameResolver(self.store, graph, self.language, self.beside)
        self._measured = self.meanings.vocabulary.declared(ns.HAS_OBSERVATION)
        if header.get("url"):
            self._describe(article, {**header, "language": self.language})
        reproduce = header.get("reproduce") != "no"
        self.figures = RowObservations(self.source, self.meanings, self.problems)
        self.evidence = RowEvidence(
            article, self.meanings, self.problems, self.text, self.language, reproduce
        )
        for row in self.sheet.rows:
            name, tag = _split(row["predicate"])
            if name == "label":
                labelled = self.labelled.setdefault(row["subject"], set())
                labelled.add((tag or self.language).lower())
        for row in self.sheet.rows:
            self.problems.attempt(row, self._introduce, row)
        for row in self.sheet.rows:
            self._name(row)
        # Rows that cannot be read are not compiled.
        unread = {problem.line for problem in self.problems.found}
        read = [row for row in self.sheet.rows if row.line not in unread]
        # Classes first: the predicates of an entity depend on them.
        for row in sorted(read, key=lambda row: _split(row["predicate"])[0] != "a"):
            self._state(row)
        triples = set(self.plain)
        for statement in self.statements.values():
            triples.update(statement.triples())
        compared = self.text is not None and not self.problems.found
        header = with_checked(header, triples, compared=compared)
        triples.update(list(verdicts(header, triples)))
        return Draft(
            self.source,
            graph,
            tuple(sorted(triples, key=str)),
            self.problems.in_order(),
            tuple(self.problems.warnings),
            self.sheet.with_cells(self.evidence.filled).with_header(header),
            self.lines,
        )

    def _describe(self, article: NamedNode, header: Mapping[str, str]) -> None:
        """Add the triples of the header; without a title, a stored article keeps its labels."""
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
            problem = SheetProblem(self.sheet.file, line, "date", message, hint)
            self.problems.found.append(problem)
        if self.text is None:
            return header
        if "text-sha256" not in header and are_without_offsets(self.sheet.rows):
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

    # First pass: the entities of the sheet, so that any row can name them.

    def _introduce(self, row: SheetRow) -> None:
        predicate, _ = _split(row["predicate"])
        if predicate == "a" and row["subject"] and not self.problems.too_many:
            label = self.meanings.introduce(row["subject"], self.labelled.get(row["subject"], ()))
            if label is not None:
                self.plain.add(label)
                self.lines.add(row.line, label)

    def _name(self, row: SheetRow) -> None:
        predicate = _split(row["predicate"])[0].rpartition(":")[2]
        if predicate in _NAMING and row["subject"] and row["object"]:
            names, iri = self.meanings.names, expand(row["subject"])
            for named in names.meanings(row["subject"]) if iri is None else (iri,):
                names.add(row["object"], named)
                self.meanings.named_in.setdefault((folded(row["object"]), named), row.line)

    # Second pass: the statement of each row.

    def _state(self, row: SheetRow) -> None:
        known = len(self.problems.found)
        if self.problems.too_many:
            return
        if row["predicate"].startswith(SUGGESTED):
            hint = f"Compare it with the text, then delete the {SUGGESTED} or the row."
            self.problems.add(row, "predicate", "The row is a suggestion.", hint)
            return
        for column in REQUIRED:
            if not row[column]:
                self.problems.add(row, column, f"The {column} is missing.")
        name, tag = _split(row["predicate"])
        if tag is not None:
            tag = self.problems.attempt(row, language_tag, tag)
            self.problems.attempt(row, check_label_language, name, tag)
        special = name in ("a", "label", "")
        found = None
        if not special:
            found = self.problems.attempt(row, self.meanings.predicate, name, row["of_measure"])
            # The rest of the row is checked with the predicate of which an unknown one is a slip.
            found = found or self.meanings.slip(name)
            if found is None and any(row[column] for column in OF_FIGURES):
                self.figures.check(row)
            elif found is None:
                self.problems.attempt(row, self.meanings.check_slip, row)
        prop = self._measured if isinstance(found, Measure) else found
        subject = None
        if row["subject"]:
            domain = prop.domain if prop is not None else ()
            subject = self.problems.attempt(row, self.meanings.entity, row, "subject", domain)
        if prop is not None and subject is not None:
            self.problems.attempt(row, self.meanings.classes.check_subject, row, subject, prop)
        evidence = self.evidence.of(row, prop)
        modality = self.problems.attempt(row, self.meanings.modality, row)
        object_: Term | NewObservation | None = None
        if row["object"] and isinstance(found, Measure):
            status = dict(modality or ()).get(ns.FACT_STATUS)
            object_ = self.figures.of(row, subject, found, status)
        elif row["object"] and (special or prop is not None):
            message = f"Only a figure has this column; {row['predicate']} is not a measure."
            for column in OF_FIGURES:
                if row[column]:
                    self.problems.add(row, column, message, _EMPTY)
            object_ = self.problems.attempt(row, self._object, row, subject, name, tag, prop)
        if found is not None and prop is not None and subject is not None:
            check = self.meanings.classes.check_use
            self.problems.attempt(row, check, row, subject, object_, found, prop)
        time = self.problems.attempt(row, time_in, row, "time")
        if row["time"] and prop is not None and prop.date_valued:
            message = (
                f"The object of {row['predicate']} is its time; the column time is for others."
            )
            self.problems.add(row, "time", message, _EMPTY)
        speaker = self.problems.attempt(row, self.meanings.speaker, row)
        predicate = prop.iri if prop is not None else _SPECIAL_IRIS.get(name)
        if (
            len(self.problems.found) > known
            or object_ is None
            or modality is None
            or subject is None
            or predicate is None
        ):
            node, name = ("" if part is None else part.value for part in (subject, predicate))
            self.lines.unread.setdefault((node, name), row.line)
            return
        if isinstance(object_, NewObservation):
            self.meanings.names.add(local_name(object_.iri.value), object_.iri)
            self.plain.update(object_.triples())
            self.figures.by_line[row.line] = object_
            object_ = object_.iri
        measured = isinstance(found, Measure)
        triple = Triple(subject, predicate, object_)
        stored = self.meanings.vocabulary.inverses.get(predicate.value)
        if stored is not None and isinstance(object_, NamedNode):
            triple = Triple(object_, stored, subject)
        if measured or ns.FACT_STATUS not in dict(modality):
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
                complete_list=self.problems.attempt(row, is_complete, row) or False,
            )
            statement = self._of_its_term(statement)
            nodes = (node for each in evidence for node in (each.iri, *each.selectors))
            self.lines.add(row.line, triple, (statement.fact, *nodes))
            self.problems.attempt(row, self._add, row, statement)

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
                self.meanings.classes.classify(row, subject, kind)
            return kind
        if prop is None or prop.iri == _OTHER_NAME:
            name = name_in(row["object"], "object")
            if prop is None:
                return Literal(name, language=(tag or self.language).lower())
            return literal_of(name, prop, tag, self.language)
        if prop.iri == _USED_FOR:
            return self.meanings.class_in(row)
        if prop.kind is not ObjectKind.ENTITY:
            return literal_of(row["object"], prop, tag, self.language)
        if not prop.iri.value.startswith(ns.PREFIXES["g60"]) or _UNIT in prop.range:
            return self.meanings.foreign(row)
        return self.meanings.entity_for(row, prop)

    def _of_its_term(self, statement: Statement) -> Statement:
        """Return a statement, as another Fact if its time is separate from all earlier ones.

        These are of earlier rows with the same triple and status. Separate times are intervals with
        both ends and no common day.
        """
        known = self.statements.get(statement.fact.value)
        if known is None:
            return statement
        further = replace(statement, further_time=statement.time)
        is_apart = all(
            are_separate_terms(one.time, statement.time)
            for one in self.statements.values()
            if (one.triple, one.status) == (statement.triple, statement.status)
            and one.fact != further.fact
        )
        return further if is_apart else statement

    def _add(self, row: SheetRow, statement: Statement) -> None:
        key = statement.fact.value
        known = self.statements.get(key)
        if known is None:
            self.statements[key] = statement
            values = {value for _, value in statement.modality}
            if _DERIVED in values and statement.note is None:
                hint = "Write in the column note what was inferred from what."
                raise RowError("note", "The row is derived, but has no explanation.", hint)
            if _ATTRIBUTED in values and statement.attributed_to is None:
                hint = 'Fill in attributed_to: an entity, or a text such as "an official of …".'
                raise RowError("attributed_to", "The row is attributed to no speaker.", hint)
            return
        for column in ("modality", "time", "attributed_to", "note"):
            given = row[column] and (column != "time" or statement.time)
            if given and getattr(known, column) != getattr(statement, column):
                raise RowError(
                    column, f"An earlier row states the same fact with another {column}."
                )
        together = tuple(dict.fromkeys((*known.evidence, *statement.evidence)))
        complete = known.complete_list or statement.complete_list
        self.statements[key] = replace(known, evidence=together, complete_list=complete)


def _split(predicate: str) -> tuple[str, str | None]:
    """Return the name and the language tag of a predicate; None if it has no tag.

    ``a`` and ``label`` are recognized in any case, and as CURIE.

    >>> _split("rdfs:label@zh"), _split("A")
    (('label', 'zh'), ('a', None))
    """
    name, at, tag = predicate.partition("@")
    return _SPECIAL.get(name.lower(), name), tag if at else None


_EMPTY: Final = "Empty the cell, or correct the predicate."
_SPECIAL_IRIS: Final = {"a": A, "label": LABEL}
_SPECIAL: Final = {"a": "a", "rdf:type": "a", "label": "label", "rdfs:label": "label"}


_DERIVED, _ATTRIBUTED = term("g60:Derived"), term("g60:Attributed")
_UNIT, _USED_FOR = term("qudt:Unit"), term("g60:usedFor")
_OTHER_NAME: Final = term("g60:alternativeName")
_NAMING: Final = frozenset(local_name(one.value) for one in ns.NAMING)
