"""A fact sheet to instance triples: direct triples, their Facts, the Facts' evidence.

Minting is deterministic: the same sheet over the same graph gives the same IRIs and bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.errors import NoSource, UnreadableInput
from g60kg.literals import language_of, literal_of, time_in
from g60kg.meanings import Meanings
from g60kg.minting import (
    Evidence,
    Quantity,
    Statement,
    article_triples,
    canonical,
    fact_iri,
    source_name,
    statement_triples,
)
from g60kg.namespaces import (
    LABEL,
    A,
    compact,
    entity,
    expand,
    graph_name,
    local_name,
)
from g60kg.placing import place_quote
from g60kg.sheets import RowError, Sheet, SheetProblem, SheetRow, is_language, number_in
from g60kg.sources import MAX_QUOTATION, Text, source_id
from g60kg.stores.base import GraphStore, Term
from g60kg.vocabulary import Kind, Property

#: Mistakes that are looked for: for each, the nearest names are.
MAX_PROBLEMS: Final = 1_000
_LANGUAGE: Final = re.compile(r"(?P<predicate>.+)@(?P<tag>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a sheet compiles to.

    Attributes:
        source: the id of the source, such as ``2307119874``.
        graph: the named graph that the triples belong in.
        triples: the instance triples; not to be used where there are problems.
        problems: everything wrong with the sheet's rows, in the order of its lines.
        sheet: the sheet with the offsets that were found in the article's text filled in.
        triple_lines, node_lines: the line that brings a triple; a Fact, evidence or figure by IRI.
    """

    source: str
    graph: NamedNode
    triples: tuple[Triple, ...]
    problems: tuple[SheetProblem, ...]
    sheet: Sheet
    triple_lines: Mapping[Triple, int]
    node_lines: Mapping[str, int]


def draft(sheet: Sheet, store: GraphStore, text: Text | None = None) -> Draft:
    """Compiles a sheet, naming all that is wrong with its rows in one run.

    Args:
        sheet: the sheet, its ``#`` header completed by what the command line gave.
        store: the graph whose entities and ontology the sheet's names may mean.
        text: the article's text; with it quotes are checked and their offsets filled in.

    Raises:
        NoSource: the header does not tell the source.
    """
    return _Drafter(sheet, store, text).run()


@dataclass
class _Drafter:
    sheet: Sheet
    store: GraphStore
    text: Text | None
    problems: list[SheetProblem] = field(default_factory=list)
    plain: set[Triple] = field(default_factory=set)
    statements: dict[tuple[str, str, str], Statement] = field(default_factory=dict)
    filled: dict[int, dict[str, str]] = field(default_factory=dict)
    triple_lines: dict[Triple, int] = field(default_factory=dict)
    node_lines: dict[str, int] = field(default_factory=dict)

    def run(self) -> Draft:
        header = self._header()
        self.language = header.get("language", "en")
        self.source = header.get("id") or source_id(header.get("url", ""))
        if not self.source:
            raise NoSource(
                "nothing says which source this is",
                file=self.sheet.file,
                hint="Write `# url: …` above the first row (and title, date, publisher).",
            )
        graph = graph_name(self.source)
        self.meanings = Meanings(self.store, graph, self.language, self.plain)
        self.problems.extend(self.sheet.problems)
        if header.get("url"):
            self.plain.update(article_triples(self.source, header))
            self.meanings.names.add(f"article-{self.source}", entity(f"article-{self.source}"))
        read = len(self.problems)
        for row in self.sheet.rows:
            self._guarded(row, self._introduce)
        nameless = {problem.line for problem in self.problems[read:]}
        for row in self.sheet.rows:
            if row.line not in nameless:
                self._guarded(row, self._state)
        triples = set(self.plain)
        for statement in self.statements.values():
            triples.update(statement_triples(statement))
        return Draft(
            self.source,
            graph,
            tuple(sorted(triples, key=str)),
            tuple(sorted(self.problems, key=lambda problem: problem.line)),
            self.sheet.with_cells(self.filled).with_header(header),
            self.triple_lines,
            self.node_lines,
        )

    def _header(self) -> Mapping[str, str]:
        header = dict(self.sheet.header)
        if self.text is None:
            return header
        told = header.setdefault("text-sha256", self.text.digest)
        header.setdefault("text-length", str(self.text.length))
        if told != self.text.digest:
            raise UnreadableInput(
                f"made from another text: its text-sha256 is {told[:12]}…, "
                f"the article's is {self.text.digest[:12]}…",
                file=self.sheet.file,
                hint="Give that text, or take the line out to start anew.",
            )
        return header

    def _guarded(self, row: SheetRow, work: Callable[[SheetRow], None]) -> None:
        if len(self.problems) > MAX_PROBLEMS:
            return
        file, told = self.sheet.file, f"There are more than {MAX_PROBLEMS:,} mistakes."
        try:
            work(row)
        except RowError as error:
            found = SheetProblem(file, row.line, error.column, error.message, error.hint)
            if len(self.problems) == MAX_PROBLEMS:
                found = SheetProblem(file, row.line, "", told, "The rest was not looked at.")
            if found not in self.problems:
                self.problems.append(found)

    # First pass: the entities that the sheet brings, so that any row may name them.

    def _introduce(self, row: SheetRow) -> None:
        predicate, _ = _split(row["predicate"])
        if predicate == "a" and row["subject"]:
            label = self.meanings.introduce(row["subject"])
            if label is not None:
                self.plain.add(label)
        elif predicate == "label" and row["subject"] and row["object"]:
            iri = expand(row["subject"])
            if iri is not None:
                self.meanings.names.add(row["object"], iri)

    # Second pass: what each row states.

    def _state(self, row: SheetRow) -> None:
        for column in ("subject", "predicate", "object"):
            if not row[column]:
                raise RowError(column, f"The {column} is missing.")
        name, tag = _split(row["predicate"])
        if tag is not None and not is_language(tag):
            raise RowError("predicate", f'"{tag}" is no language tag.', "Such as en or zh-Hans.")
        subject = self.meanings.entity(row, "subject")
        if name == "a":
            kind = self.meanings.class_in(row)
            self._add(row, Triple(subject, A, kind), required=False)
        elif name == "label":
            label = Literal(row["object"], language=(tag or self.language).lower())
            self._add(row, Triple(subject, LABEL, label), required=False)
        else:
            prop = self.meanings.property(name)
            if prop.kind is Kind.MEASURE:
                self._measure(row, subject, prop)
            else:
                object_ = self._object(row, prop, tag)
                self._add(row, Triple(subject, prop.iri, object_), prop.requires_evidence)

    def _object(self, row: SheetRow, prop: Property, tag: str | None) -> Term:
        text = row["object"]
        if prop.kind is Kind.ENTITY:
            return self.meanings.entity(row, "object", prop)
        return literal_of(text, prop, tag, self.language)

    def _measure(self, row: SheetRow, subject: NamedNode, prop: Property) -> None:
        number = number_in(row["object"])
        if number is None:
            raise RowError(
                "object",
                f'{prop.name} takes a number, not "{row["object"]}".',
                "Write the figure in digits; the quote keeps the article's own words.",
            )
        comparator = self.meanings.comparator(row)
        quantity = Quantity(
            subject=subject,
            measure=prop.iri,
            value=canonical(number),
            comparator=comparator,
            notation=self.meanings.vocabulary.notation(comparator),
            unit=self.meanings.unit(row, prop),
            as_of=time_in(row, "as_of"),
        )
        self._add(row, Triple(subject, prop.iri, quantity.iri), prop.requires_evidence, True)
        self.meanings.names.add(local_name(quantity.iri.value), quantity.iri)
        self.plain.update(quantity.triples())

    def _add(
        self, row: SheetRow, triple: Triple, required: bool, keeps_words: bool = False
    ) -> None:
        evidence = self._evidence(row)
        if evidence is None:
            if required:
                raise RowError(
                    "quote",
                    f"{compact(triple.predicate.value)} needs the words that say so.",
                    "Quote them, or name a dataset and its record.",
                )
            self._mark(row, triple, evidence)
            return
        statement = Statement(
            triple=triple,
            evidence=(evidence,),
            modality=self.meanings.modality(row),
            time=time_in(row, "time"),
            attributed_to=self.meanings.speaker(row),
            note=Literal(row["note"], language=language_of(row["note"], self.language))
            if row["note"]
            else None,
            verbatim=row["quote"] if keeps_words and row["quote"] else None,
        )
        key = (evidence.source.value, str(triple.predicate), str(triple))
        self._mark(row, triple, evidence)
        known = self.statements.get(key)
        if known is None:
            self.statements[key] = statement
            return
        for column in ("modality", "time", "attributed_to", "note"):
            if row[column] and getattr(known, column) != getattr(statement, column):
                raise RowError(
                    column, f"An earlier row states the same fact with another {column}."
                )
        if evidence not in known.evidence:
            self.statements[key] = replace(known, evidence=(*known.evidence, evidence))

    def _mark(self, row: SheetRow, triple: Triple, evidence: Evidence | None) -> None:
        """Takes a row's triple, and remembers the line of what the row brings."""
        self.plain.add(triple)
        self.triple_lines.setdefault(triple, row.line)
        nodes = [triple.subject, triple.object]
        if evidence is not None:
            nodes += [evidence.iri, fact_iri(source_name(evidence.source), triple)]
            nodes += [NamedNode(f"{evidence.iri.value}-{part}") for part in ("text", "position")]
        for node in nodes:
            if isinstance(node, NamedNode):
                self.node_lines.setdefault(node.value, row.line)

    def _evidence(self, row: SheetRow) -> Evidence | None:
        if row["record"] or row["dataset"]:
            if not (row["record"] and row["dataset"]):
                blank = "record" if row["dataset"] else "dataset"
                raise RowError(blank, f"The {blank} is missing: the two go together.")
            dataset = self.meanings.dataset(row)
            return Evidence(dataset, record=row["record"])
        if not row["quote"]:
            return None
        if len(row["quote"]) > MAX_QUOTATION:
            raise RowError(
                "quote",
                f"The quote has {len(row['quote'])} characters; {MAX_QUOTATION} are allowed.",
                "Keep the words that carry the claim.",
            )
        start = place_quote(row, self.text)
        if not row["start"]:
            self.filled[row.line] = {"start": str(start)}
        return Evidence(entity(f"article-{self.source}"), quote=row["quote"], start=start)


def _split(predicate: str) -> tuple[str, str | None]:
    match = _LANGUAGE.fullmatch(predicate)
    return (match["predicate"], match["tag"]) if match else (predicate, None)
