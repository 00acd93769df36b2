"""The graph as tables: its classes, the canned queries, and all its statements.

A query has a table if it needs no parameter. A class has a column for each property of
which no member has two values of a kind or language, except properties that need evidence
and are not declared single-valued. Values of other properties are in the table of
statements. Further tables have the evidence, and all IRIs with their names.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from g60kg.export import Selection, selected
from g60kg.model.evidence_lookup import EvidenceReader, Labels
from g60kg.model.names import LANGUAGES
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import FACT, LABEL, PREFIXES, A, compact, local_name, term
from g60kg.queries.catalog import NamedQuery, load_catalog
from g60kg.queries.execution import run_named
from g60kg.stores.base import Term
from g60kg.stores.local_store import LocalStore

RESOURCE: Final = "resource"
#: A text in each language.
Texts = Mapping[str, str]
#: Returns the title of a column of a query, or of a CURIE of another vocabulary, in a language.
TitleOf = Callable[[str, str], str]
Row = tuple[str | None, ...]
#: A property with the language of a text, ``literal``, or nothing for an IRI.
_Slot = tuple[NamedNode, str]
_Values = dict[_Slot, set[Term]]
_DEFINITION: Final = term("skos:definition")
_XSD: Final = PREFIXES["xsd"]
#: The datatypes of XML Schema that columns have; values of other datatypes are strings.
_DATATYPES: Final = frozenset(
    ("anyURI", "boolean", "date", "dateTime", "decimal", "double", "gYear", "integer")
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: the name in the files.
        titles: the title by language.
        datatype: the local name of the datatype of XML Schema.
        descriptions: the description by language; empty without one.
        property: the IRI of the property whose values it holds, or a URI template for the IRI; None
            for a column without a property.
        is_reference: whether its values are IRIs, each of which is in the table ``resource``.
        language: the language of its texts, or None.
    """

    name: str
    titles: Texts
    datatype: str = "string"
    descriptions: Texts = field(default_factory=dict)
    property: str | None = None
    is_reference: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column is its key.

    Attributes:
        name: the name in the files.
        titles: the title by language.
        descriptions: the description by language; empty without one.
        rows: for each row, the text of each cell, or None for an empty cell.
        about: the name of the column with the IRI that a row describes, or None.
        of_class: the IRI of the class whose members it holds, or None.
    """

    name: str
    titles: Texts
    descriptions: Texts
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    about: str | None = None
    of_class: str | None = None


def _reference(name: str, en: str, zh: str, property_: str | None = None) -> Column:
    return Column(name, {"en": en, "zh": zh}, "anyURI", property=property_, is_reference=True)


_IRI: Final = _reference("iri", "IRI", "IRI")
_NAMES: Final = (
    Column("name", {"en": "name", "zh": "英文名称"}, property=LABEL.value, language="en"),
    Column("name_zh", {"en": "Chinese name", "zh": "名称"}, property=LABEL.value, language="zh"),
)
_ROW: Final = Column("row", {"en": "row", "zh": "行号"}, "integer")
_STATEMENT: Final = (
    _ROW,
    _reference("subject", "subject", "主语"),
    _reference("property", "property", "属性"),
    _reference("object", "object", "宾语", "{+property}"),
    Column("value", {"en": "text or number", "zh": "文本或数值"}, property="{+property}"),
    Column("language", {"en": "language of the text", "zh": "文本的语言"}),
    _reference("datatype", "datatype", "数据类型"),
    _reference("graph", "named graph of the source", "来源的命名图"),
)


def tables_of(store: LocalStore, title_of: TitleOf) -> list[Table]:
    """Return all tables; the first is ``resource``, to which the others refer.

    Triples with a blank node or a triple term are in no table.
    """
    quads = [
        quad
        for quad in selected(store, Selection())
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal)
    ]
    taken = {RESOURCE, "statement", "evidence"}
    statements = sorted(map(_statement, quads), key=lambda row: [cell or "" for cell in row])
    tables = [
        Table(
            "statement",
            {"en": "Statements", "zh": "陈述"},
            {
                "en": "Every triple of the instances, with the named graph of its source.",
                "zh": "实例的全部三元组及其来源的命名图。",
            },
            _STATEMENT,
            [(str(number), *row) for number, row in enumerate(statements, 1)],
            about="subject",
        ),
        _evidence(store, quads, title_of),
        *_class_tables(store, quads, title_of, taken),
        *_query_tables(store, title_of, taken),
    ]
    iris = {
        row[index]
        for table in tables
        for index, column in enumerate(table.columns)
        if column.is_reference
        for row in table.rows
    }
    resources = Table(
        RESOURCE,
        {"en": "Resources", "zh": "资源"},
        {"en": "Every IRI of the other tables, with its names.", "zh": "其他各表的全部IRI及名称。"},
        (_IRI, *_NAMES),
        [(iri, *_names(store, iri)) for iri in sorted(filter(None, iris))],
        about="iri",
    )
    return [resources, *tables]


def _statement(quad: Quad) -> Row:
    object_ = quad.object
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(object_, NamedNode | Literal)
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
    about = (quad.subject.value, quad.predicate.value)
    if isinstance(object_, NamedNode):
        return (*about, object_.value, None, None, None, graph)
    return (*about, None, object_.value, object_.language, object_.datatype.value, graph)


def _evidence(store: LocalStore, quads: Iterable[Quad], title_of: TitleOf) -> Table:
    facts = {quad.subject for quad in quads if (quad.predicate, quad.object) == (A, FACT)}
    reader = EvidenceReader(store, Labels(store, "en"))
    found = (
        (fact.value, one)
        for fact in sorted((one for one in facts if isinstance(one, NamedNode)), key=_text)
        for one in reader.evidence_of([fact])
    )
    rows = [
        tuple(
            None if cell in (None, "") else str(cell)
            for cell in (number, fact, one.iri, one.article, one.kind, one.quote, one.start,
                         one.end, one.locator, one.grade, one.checked_on, one.modality)
        )
        for number, (fact, one) in enumerate(found, 1)
    ]  # fmt: skip
    types = {"fact": "", "evidence": "", "source": "", "start": "integer", "end": "integer"}
    names = ("fact", "evidence", "source", "kind", "quote", "start", "end", "locator", "grade",
             "checkedOn", "modality")  # fmt: skip
    return Table(
        "evidence",
        {"en": "Evidence of each fact", "zh": "各事实的依据"},
        {
            "en": "A row is a quotation, passage or record that supports a fact, with its source.",
            "zh": "每行是支持某一事实的一条引文、段落或数据记录及其来源。",
        },
        (
            _ROW,
            *(
                Column(
                    name,
                    {each: title_of(name, each) for each in LANGUAGES},
                    types.get(name, "string") or "anyURI",
                    is_reference=not types.get(name, "string"),
                )
                for name in names
            ),
        ),
        rows,
    )


# -- Classes -----------------------------------------------------------------------


def _class_tables(
    store: LocalStore, quads: Iterable[Quad], title_of: TitleOf, taken: set[str]
) -> Iterator[Table]:
    properties = Vocabulary(store).properties
    members: dict[str, set[str]] = defaultdict(set)
    about: dict[str, _Values] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        declared = properties.get(quad.predicate.value)
        if quad.predicate == A:
            members[_text(quad.object)].add(quad.subject.value)
        # Of a relation that sources state, a further source can give a second value.
        elif quad.predicate != LABEL and not (
            declared and declared.requires_evidence and not declared.single_valued
        ):
            value = quad.object
            kind = "" if isinstance(value, NamedNode) else value.language or "literal"
            about[quad.subject.value][quad.predicate, kind].add(value)
    for iri in sorted(members, key=compact):
        subjects = sorted(members[iri])
        columns = _class_columns(store, [about[one] for one in subjects], title_of)
        names = [_names(store, subject) for subject in subjects]
        named = any(map(any, names))
        yield Table(
            _free(compact(iri).removeprefix("g60:"), taken),
            _titles(store, NamedNode(iri), title_of),
            _texts(store, NamedNode(iri), _DEFINITION),
            (_IRI, *(_NAMES if named else ()), *columns.values()),
            [
                (subject, *(own if named else ()), *(_only(about[subject], one) for one in columns))
                for subject, own in zip(subjects, names, strict=True)
            ],
            about="iri",
            of_class=iri,
        )


def _class_columns(
    store: LocalStore, members: Sequence[_Values], title_of: TitleOf
) -> dict[_Slot, Column]:
    """Return the columns of the properties that give no member two values for one column."""
    held: dict[_Slot, set[Term]] = defaultdict(set)
    repeated: set[NamedNode] = set()
    for values in members:
        for slot, terms in values.items():
            held[slot] |= terms
            if len(terms) > 1:
                repeated.add(slot[0])
    taken = {column.name for column in (_IRI, *_NAMES)}
    columns: dict[_Slot, Column] = {}
    for slot in sorted(held, key=lambda slot: (compact(slot[0].value), slot[1])):
        iri, kind = slot
        if iri in repeated:
            continue
        # A literal has the name of its property, unless IRIs of the same property have it.
        end = kind if kind != "literal" or (iri, "") in held else ""
        titles = _titles(store, iri, title_of)
        columns[slot] = Column(
            _free(f"{local_name(iri.value)}_{end}", taken),
            {each: f"{text} ({end})" if end else text for each, text in titles.items()},
            _datatype(held[slot]),
            _texts(store, iri, _DEFINITION),
            property=iri.value,
            is_reference=not kind,
            language=kind if kind not in ("", "literal") else None,
        )
    return columns


def _only(values: _Values, slot: _Slot) -> str | None:
    return next((_text(value) for value in values.get(slot, ())), None)


# -- Queries -----------------------------------------------------------------------


def _query_tables(store: LocalStore, title_of: TitleOf, taken: set[str]) -> Iterator[Table]:
    for query in load_catalog().values():
        if not all(parameter.optional for parameter in query.parameters):
            continue
        texts = {each: query.texts(each) for each in LANGUAGES}
        names, rows = _answer(store, query)
        cells = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        yield Table(
            _free(f"query_{query.name}", taken),
            {each: summary for each, (summary, _) in texts.items()},
            {each: description for each, (_, description) in texts.items()},
            (_ROW, *map(partial(_query_column, title_of), names, cells)),
            [(str(n), *(cell and _text(cell) for cell in row)) for n, row in enumerate(rows, 1)],
        )


def _answer(store: LocalStore, query: NamedQuery) -> tuple[list[str], list[list[Term | None]]]:
    answers = [run_named(store, query, {}, language=each) for each in LANGUAGES]
    columns = answers[0].columns
    # A column of labels follows its column of IRIs, and has a twin in Chinese.
    order: list[tuple[str, int, int]] = []
    for index, name in enumerate(columns):
        order.append((name, 0, index))
        if name.endswith("Label") and name.removesuffix("Label") in query.labels:
            order.append((f"{name}_zh", 1, index))
    pairs = zip(*(answer.stream() for answer in answers), strict=True)
    rows = [[pair[which][0][index] for _, which, index in order] for pair in pairs]
    return [name for name, _, _ in order], rows


def _query_column(title_of: TitleOf, name: str, cells: Sequence[Term | None]) -> Column:
    of, label, chinese = name.partition("Label")
    note = {"en": " (Chinese name)" if chinese else " (name)",
            "zh": "（中文名称）" if chinese else "（英文名称）"}  # fmt: skip
    titles = {each: title_of(of, each) + (note[each] if label else "") for each in LANGUAGES}
    terms = {cell for cell in cells if cell is not None}
    is_reference = bool(terms) and all(isinstance(one, NamedNode) for one in terms)
    return Column(name, titles, _datatype(terms), is_reference=is_reference)


# -- Terms -------------------------------------------------------------------------


def _datatype(terms: set[Term]) -> str:
    """Return the datatype that holds all terms: anyURI for IRIs, string if there is no other."""
    found = {
        one.datatype.value.removeprefix(_XSD) if isinstance(one, Literal) else "anyURI"
        for one in terms
    }
    if found == {"integer", "decimal"}:
        return "decimal"
    name = found.pop() if len(found) == 1 else "string"
    return name if name in _DATATYPES else "string"


def _text(value: Term) -> str:
    return value.value


def _names(store: LocalStore, iri: str) -> tuple[str | None, ...]:
    found = _texts(store, NamedNode(iri), LABEL, otherwise=False)
    return tuple(found.get(language) for language in LANGUAGES)


def _texts(
    store: LocalStore, iri: NamedNode, predicate: NamedNode, *, otherwise: bool = True
) -> Texts:
    """Return the texts of a term by language; empty if it has no text in a language of the project.

    With ``otherwise``, a language without a text has the text of the other language.
    """
    values = sorted(
        (one.value, one.language or "") for one in store.objects(iri, predicate)
        if isinstance(one, Literal)
    )  # fmt: skip
    found = {tag: next((text for text, own in values if own == tag), None) for tag in LANGUAGES}
    known = {tag: text for tag, text in found.items() if text is not None}
    if not otherwise or not known:
        return known
    return {tag: known.get(tag) or next(iter(known.values())) for tag in LANGUAGES}


def _titles(store: LocalStore, iri: NamedNode, title_of: TitleOf) -> Texts:
    found = _texts(store, iri, LABEL)
    return found or {each: title_of(compact(iri.value), each) for each in LANGUAGES}


def _free(name: str, taken: set[str]) -> str:
    """Return the name in ASCII letters, digits and underscores, with a number if it is taken.

    The name is added to ``taken``. Case is ignored.
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "unnamed"
    free, number = plain, 2
    while free.casefold() in taken:
        free, number = f"{plain}_{number}", number + 1
    taken.add(free.casefold())
    return free
