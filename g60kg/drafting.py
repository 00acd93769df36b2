"""A fact sheet to instance triples: direct triples, their Facts, the Facts' evidence.

Minting is deterministic: the same sheet over the same graph gives the same IRIs and bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from g60kg.errors import NoSource, UnreadableInput, UsageError
from g60kg.literals import language_of, literal_of, time_in
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
    PREFIXES,
    A,
    compact,
    entity,
    expand,
    g60,
    graph_name,
    local_name,
)
from g60kg.placing import place_quote
from g60kg.sheets import RowError, Sheet, SheetProblem, SheetRow, is_language, number_in
from g60kg.sources import MAX_QUOTATION, Text, source_id
from g60kg.stores.base import GraphStore, Term
from g60kg.terms import Names, is_chinese, slug
from g60kg.vocabulary import Kind, Property, Vocabulary

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
        self.vocabulary = Vocabulary(self.store)
        self.names = self._known_names(graph)
        self.problems.extend(self.sheet.problems)
        if header.get("url"):
            self.plain.update(article_triples(self.source, header))
            self.names.add(f"article-{self.source}", entity(f"article-{self.source}"))
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

    def _known_names(self, own: NamedNode) -> Names:
        """What other sources name; a source's own graph counts for nothing in its new draft."""
        names = Names()
        for quad in self.store.quads(None, LABEL, None):
            subject, label = quad.subject, quad.object
            if (
                quad.graph_name != own
                and isinstance(subject, NamedNode)
                and isinstance(label, Literal)
                and not subject.value.startswith((PREFIXES["g60"], PREFIXES["shape"]))
            ):
                names.add(label.value, subject)
        return names

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
        predicate, tag = _split(row["predicate"])
        if predicate == "a" and row["subject"]:
            iri = expand(row["subject"])
            if iri is None:
                known = self.names.meanings(row["subject"])
                name = slug(row["subject"])
                if not known and not name:
                    raise RowError("subject", f'"{row["subject"]}" has no letter or digit.')
                iri = known[0] if len(known) == 1 else entity(name)
                if not known:
                    tag = "zh" if is_chinese(row["subject"]) else self.language
                    self.plain.add(Triple(iri, LABEL, Literal(row["subject"], language=tag)))
                self.names.add(row["subject"], iri)
            self.names.add(local_name(iri.value), iri)
        elif predicate == "label" and row["subject"] and row["object"]:
            iri = expand(row["subject"])
            if iri is not None:
                self.names.add(row["object"], iri)

    # Second pass: what each row states.

    def _state(self, row: SheetRow) -> None:
        for column in ("subject", "predicate", "object"):
            if not row[column]:
                raise RowError(column, f"The {column} is missing.")
        name, tag = _split(row["predicate"])
        if tag is not None and not is_language(tag):
            raise RowError("predicate", f'"{tag}" is no language tag.', "Such as en or zh-Hans.")
        subject = self._find(row, "subject")
        if name == "a":
            kind = self._name(row, "object", self.vocabulary.class_names, "class")
            self._add(row, Triple(subject, A, kind), required=False)
        elif name == "label":
            label = Literal(row["object"], language=(tag or self.language).lower())
            self._add(row, Triple(subject, LABEL, label), required=False)
        else:
            prop = self._property(name)
            if prop.kind is Kind.MEASURE:
                self._measure(row, subject, prop)
            else:
                object_ = self._object(row, prop, tag)
                self._add(row, Triple(subject, prop.iri, object_), prop.requires_evidence)

    def _find(self, row: SheetRow, column: str, prop: Property | None = None) -> NamedNode:
        text = row[column]
        if prop is not None and not prop.iri.value.startswith(PREFIXES["g60"]):
            iri = expand(text)
            if iri is None:
                raise RowError(column, f'"{text}" is no IRI.')
            return iri
        meant = self.names.meanings(text)
        if len(meant) > 1 and prop is not None and prop.range:
            fitting = [iri for iri in meant if self._is_a(iri, prop.range)]
            if len(fitting) == 1:
                return fitting[0]
        return self._name(row, column, self.names, "entity")

    def _is_a(self, iri: NamedNode, classes: frozenset[NamedNode]) -> bool:
        wanted = {node.value for node in classes}
        stated = [quad.object for quad in self.store.quads(iri, A, None)]
        stated += [t.object for t in self.plain if t.subject == iri and t.predicate == A]
        above = self.vocabulary.superclasses
        return any(
            wanted & above.get(node.value, frozenset())
            for node in stated
            if isinstance(node, NamedNode)
        )

    def _name(self, row: SheetRow, column: str, names: Names, what: str) -> NamedNode:
        try:
            return names.find(row[column], what)
        except UsageError as error:
            hint = error.hint
            if hint is None and what == "entity":
                hint = f"Introduce it with a row: {row[column]},a,<class>."
            raise RowError(column, error.message, hint) from None

    def _property(self, name: str) -> Property:
        iri = expand(name)
        prop = self.vocabulary.properties.get(iri.value) if iri else None
        if prop is None:
            try:
                found = self.vocabulary.property_names.find(name, "property")
            except UsageError as error:
                raise RowError("predicate", error.message, error.hint) from None
            prop = self.vocabulary.properties[found.value]
        return prop

    def _object(self, row: SheetRow, prop: Property, tag: str | None) -> Term:
        text = row["object"]
        if prop.kind is Kind.ENTITY:
            return self._find(row, "object", prop)
        return literal_of(text, prop, tag, self.language)

    def _measure(self, row: SheetRow, subject: NamedNode, prop: Property) -> None:
        number = number_in(row["object"])
        if number is None:
            raise RowError(
                "object",
                f'{prop.name} takes a number, not "{row["object"]}".',
                "Write the figure in digits; the quote keeps the article's own words.",
            )
        quantity = Quantity(
            subject=subject,
            measure=prop.iri,
            value=canonical(number),
            comparator=self._comparator(row),
            notation=self.vocabulary.notation(self._comparator(row)),
            unit=self._unit(row, prop),
            as_of=time_in(row, "as_of"),
        )
        self._add(row, Triple(subject, prop.iri, quantity.iri), prop.requires_evidence, True)
        self.names.add(local_name(quantity.iri.value), quantity.iri)
        self.plain.update(quantity.triples())

    def _comparator(self, row: SheetRow) -> NamedNode:
        if not row["comparator"]:
            return g60("Exactly")
        return self._name(row, "comparator", self.vocabulary.comparator_names, "comparator")

    def _unit(self, row: SheetRow, prop: Property) -> NamedNode:
        allowed = ", ".join(local_name(unit.value) for unit in prop.units)
        if not row["unit"]:
            if len(prop.units) == 1:
                return prop.units[0]
            raise RowError("unit", f"{prop.name} needs a unit.", f"One of: {allowed}.")
        unit = self._name(row, "unit", self.vocabulary.unit_names, "unit")
        if unit not in prop.units:
            raise RowError(
                "unit", f"{prop.name} is not measured in {row['unit']}.", f"One of: {allowed}."
            )
        return unit

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
            modality=self._modality(row),
            time=time_in(row, "time"),
            attributed_to=self._attributed(row),
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

    def _modality(self, row: SheetRow) -> NamedNode:
        if not row["modality"]:
            return g60("Asserted")
        return self._name(row, "modality", self.vocabulary.modality_names, "modality")

    def _attributed(self, row: SheetRow) -> Term | None:
        text = row["attributed_to"]
        if not text:
            return None
        meant = self.names.meanings(text)
        if len(meant) == 1:
            return meant[0]
        return expand(text) or Literal(text, language=language_of(text, self.language))

    def _evidence(self, row: SheetRow) -> Evidence | None:
        if row["record"] or row["dataset"]:
            if not (row["record"] and row["dataset"]):
                blank = "record" if row["dataset"] else "dataset"
                raise RowError(blank, f"The {blank} is missing: the two go together.")
            dataset = self._name(row, "dataset", self.names, "dataset")
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
