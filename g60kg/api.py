"""Python API of the knowledge graph: load, open or connect, query, validate, export."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from g60kg.model.evidence_lookup import Labels
from g60kg.queries.answers import Answer
from g60kg.queries.argument_types import checked_types
from g60kg.queries.catalog import named_query
from g60kg.queries.entity_description import Entity, described_entity
from g60kg.queries.entity_search import search_answer
from g60kg.queries.execution import run_named, run_select
from g60kg.queries.parameters import Resolver, check_page, checked_language
from g60kg.queries.query_help import ListedQueries
from g60kg.rdf.sparql_tokens import outline
from g60kg.stores.local_store import LocalStore

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from g60kg.queries.ask.understanding import Interpreter, Understanding
    from g60kg.stores.remote.endpoint_store import RemoteStore
    from g60kg.validation.report.findings import Report


class KnowledgeGraph:
    """A graph of Facts, each with evidence: a quotation, a passage or a data set record.

    >>> kg = load()
    >>> answer = kg.query("enterprises", industry="integrated circuits")
    >>> [row["enterpriseLabel"] for row in answer.to_dicts()]
    ['OmniVision', 'Quectel Communication']
    >>> answer.evidence()[0][0].start
    3383

    Its quads are in its ``store``.
    """

    def __init__(self, store: LocalStore | RemoteStore, language: str = "en") -> None:
        self.store = store
        self._language = checked_language(language)

    @property
    def graph(self) -> Dataset:
        """The graph as an rdflib Dataset over the same store.

        It has a named graph for each source, and some others; its default graph is the union of
        all. For an endpoint, each access fetches a copy.
        """
        return self.store.dataset()

    @cached_property
    def queries(self) -> ListedQueries:
        """The canned queries by name; prints as a list, and each query prints as its help.

        An unknown name raises UnknownName.

        >>> [one.name for one in load().queries["projects"].parameters]
        ['city']
        """
        return ListedQueries(self._language)

    @checked_types
    def query(
        self,
        name: str,
        /,
        *,
        limit: int | None = None,
        offset: int = 0,
        sort: str | None = None,
        lang: str | None = None,
        evidence: bool = False,
        **parameters: str | int,
    ) -> Answer:
        """Return the answer to a canned query; :attr:`queries` lists them.

        Args:
            name: the query's name, such as ``"enterprises"``.
            limit: the maximum number of rows.
            offset: the number of rows to skip.
            sort: a column to sort by, ``"-column"`` for descending order.
            lang: of the labels, ``"en"`` or ``"zh"``; that of the graph if it is left out.
            evidence: whether the answer displays its quotations; they can always be read.
            parameters: labels (case-insensitive), CURIEs, IRIs, numbers or texts. A name that
                Python reserves ends with an underscore: ``from_=2018``.

        >>> load().query("member-cities", sort="-lat", limit=1, lang="zh")[0]["cityLabel"]
        rdflib.term.Literal('合肥', lang='zh')

        Raises:
            UnknownName: no such query or entity; the hint has the nearest names.
            UsageError: a parameter or an option is unknown or not valid.
        """
        query = named_query(name)
        given = {name.removesuffix("_"): value for name, value in parameters.items()}
        check_page(limit, offset)
        return run_named(
            self.store,
            query,
            Resolver(self.store).terms(query, given),
            language=self._lang(lang),
            evidence=evidence,
            limit=limit,
            offset=offset,
            sort=sort,
        )

    @checked_types
    def understand(self, question: str, *, lang: str | None = None) -> Understanding:
        """Return how a question in English or Chinese is understood, without its answer.

        Its ``reading`` is None if no query is certain. ``lang`` is as for :meth:`query`.

        >>> load().understand("松江有哪些项目").reading.query.name
        'projects'

        Raises:
            UsageError: the question is empty or too long.
        """
        return self._interpreter.understand(question, self._lang(lang))

    @checked_types
    def ask(
        self,
        question: str,
        *,
        limit: int | None = None,
        offset: int = 0,
        sort: str | None = None,
        lang: str | None = None,
        evidence: bool = False,
    ) -> Answer:
        """Return the answer to a question in English or Chinese, by the canned query that it means.

        ``understood`` of the answer says how the question was understood, and what else it may
        mean. Arguments as :meth:`query`.

        >>> answer = load().ask("Which projects have settled in Songjiang?")
        >>> answer.query, answer.parameters["city"].value
        ('projects', 'https://w3id.org/g60kg/id/songjiang')
        >>> answer.understood["parameters"]
        {'city': 'id:songjiang'}

        Raises:
            NotUnderstood: no canned query is certain to answer it; the hint has the nearest ones.
            UsageError: the question is empty or too long, or an option is not valid.
        """
        check_page(limit, offset)
        found = self.understand(question, lang=lang)
        reading = found.required()
        return run_named(
            self.store,
            reading.query,
            Resolver(self.store).terms(reading.query, reading.parameters),
            language=self._lang(lang),
            evidence=reading.query.shows_evidence(evidence),
            limit=limit,
            offset=offset,
            sort=sort,
            understood=found.meta(),
        )

    @checked_types
    def search(
        self,
        text: str,
        *,
        limit: int | None = None,
        offset: int = 0,
        sort: str | None = None,
        lang: str | None = None,
    ) -> Answer:
        """Return the entities with all words of a text in a name or a quotation, the best first.

        Names in either language come before quotations. A row is an entity, one of its classes, and
        the names or quotations that have the words. Without a match, the answer has no rows.
        The other arguments are as for :meth:`query`.

        >>> [row["entityLabel"] for row in load().search("复星").to_dicts()]
        ['Fosun Pharma']

        Raises:
            UsageError: the text has no word or is too long, or an option is not valid.
        """
        check_page(limit, offset)
        labels = self._labels(lang)
        return search_answer(self.store, text, labels, limit=limit, offset=offset, sort=sort)

    @checked_types
    def entity(self, name: str, *, lang: str | None = None) -> Entity:
        """Return an entity by a label (case-insensitive), a CURIE or an IRI.

        >>> load().entity("腾讯").label
        'Tencent'

        Raises:
            UnknownName: no entity has the name; the hint has the nearest names.
            AmbiguousName: several entities have the name.
        """
        iri = Resolver(self.store).entity(name)
        return described_entity(self.store, iri, self._labels(lang))

    def _lang(self, lang: str | None) -> str:
        return self._language if lang is None else checked_language(lang)

    def _labels(self, lang: str | None) -> Labels:
        return Labels(self.store, self._lang(lang))

    @cached_property
    def _interpreter(self) -> Interpreter:
        from g60kg.queries.ask.understanding import Interpreter

        return Interpreter(self.store)

    @checked_types
    def sparql(self, text: str) -> Answer | bool | Graph:
        """Return the answer to a query: Answer for SELECT, bool for ASK, else an rdflib Graph.

        >>> load().sparql("ASK { id:hangzhou a g60:PrefectureCity }")
        True

        Raises:
            QuerySyntaxError: the syntax is not valid; with line and column, if known.
            UnsupportedQuery: an update, SERVICE, a graph outside the store, or too large.
        """
        if outline(text).form == "SELECT":
            return run_select(self.store, text, self._language)
        result = self.store.query(text)
        if isinstance(result, QueryBoolean):
            return bool(result)
        assert not isinstance(result, QuerySolutions)
        from g60kg.stores.rdflib_view import rdflib_graph

        return rdflib_graph(result)

    @checked_types
    def validate(
        self,
        *files: str | Path,
        articles: str | Path | None = None,
        shacl: str | Path | None = None,
        shape: str | None = None,
        focus: str | None = None,
        full: bool = False,
    ) -> Report:
        """Return the report on files of facts on top of this graph, or on the graph itself.

        Args:
            files: RDF files or fact sheets; none for the graph itself.
            articles: a folder of article texts, to check quotations against.
            shacl: a file with additional shapes.
            shape: the name of the only shape to check; no other check runs.
            focus: the only entity to check, with its facts, by label, CURIE or IRI.
            full: check the complete graph, not only the part that the files can affect.

        Raises:
            UnreadableInput: ``articles`` or ``shacl`` cannot be read.
            UsageError: a name or a file extension is unknown.
        """
        from g60kg.gate.fact_validation import Scope, validate
        from g60kg.model.article_text import texts_in

        return validate(
            self.store,
            [Path(file) for file in files],
            texts=texts_in(articles) if articles is not None else {},
            scope=Scope(
                shape=shape,
                focus=Resolver(self.store).entity(focus).value if focus is not None else None,
                extra_shapes=Path(shacl) if shacl is not None else None,
                full=full,
            ),
            language=self._language,
        )

    @checked_types
    def export(
        self,
        format: str = "turtle",
        *,
        graph: str | None = None,
        entity: str | None = None,
        inferred: bool = False,
        with_ontology: bool = False,
        with_history: bool = False,
    ) -> str:
        """Return the graph's instances as text; arguments and errors as :meth:`write`.

        >>> print(load().export("csv", entity="Tencent").splitlines()[-1].partition(",")[0])
        id:tencent
        """
        out = io.BytesIO()
        self.write(
            out,
            format,
            graph=graph,
            entity=entity,
            inferred=inferred,
            with_ontology=with_ontology,
            with_history=with_history,
        )
        return out.getvalue().decode()

    @checked_types
    def write(
        self,
        out: IO[bytes],
        format: str = "turtle",
        *,
        graph: str | None = None,
        entity: str | None = None,
        inferred: bool = False,
        with_ontology: bool = False,
        with_history: bool = False,
    ) -> None:
        """Write the instances to a binary stream; the same graph gives the same bytes.

        Args:
            format: turtle (canonical), ntriples, nquads, trig, jsonld, rdfxml, rdf12 (N-Quads
                in which Facts reify triples), or csv, a fact sheet that ``draft`` accepts.
            graph: only the statements of one source: its id or its graph's IRI.
            entity: only the statements about one entity: a label, a CURIE or an IRI.
            inferred: include what a reasoner infers (needs the extra ``reason``); not in csv.
            with_ontology: include the ontology and the shapes.
            with_history: include the history of additions and retractions.

        Raises:
            UsageError: no such format, source or entity, or the format cannot hold the content.
            MissingExtra: the reasoner is not installed.
        """
        from g60kg.export import Selection, export

        selection = Selection(
            graph=graph,
            entity=Resolver(self.store).entity(entity) if entity is not None else None,
            with_ontology=with_ontology,
            with_history=with_history,
        )
        export(self.store, format, out, selection, self._inferred() if inferred else None)

    def _inferred(self) -> Iterator[Triple]:
        from g60kg.reasoning import reason

        yield from reason(self.store.reasoned_triples()).inferred


@checked_types
def load(language: str = "en") -> KnowledgeGraph:
    """Return the graph of this package in memory, with labels in a language, ``en`` or ``zh``."""
    return KnowledgeGraph(LocalStore.shipped(), language)


@checked_types
def open_(path: str | Path, language: str = "en") -> KnowledgeGraph:
    """Open the graph in the persistent store at a path, for reading.

    Raises:
        NoStore: there is no store at that path.
    """
    return KnowledgeGraph(LocalStore.at(path), language)


# The name that g60kg exports.
open_.__name__ = open_.__qualname__ = "open"


@checked_types
def connect(url: str, language: str = "en", *, timeout: float = 60.0) -> KnowledgeGraph:
    """Return the graph at a SPARQL 1.1 endpoint, for reading; sends no request yet.

    Labels and other lookups are cached: connect again to see changes. Credentials come from the
    environment: ``G60KG_USER`` and ``G60KG_PASSWORD``, or ``G60KG_TOKEN``.

    Args:
        url: the endpoint's query URL, such as ``http://localhost:7878/query``.
        language: the language of labels and messages, ``en`` or ``zh``.
        timeout: the time limit of one request in seconds; 0 for no limit.

    Raises:
        UsageError: the URL, the time limit or the language is not valid, or the credentials are
            incomplete or given twice.
    """
    # Imported here: only an endpoint needs an HTTP client.
    from g60kg.stores.remote.endpoint_store import RemoteStore
    from g60kg.stores.remote.request_settings import Limits, checked_seconds

    return KnowledgeGraph(RemoteStore.at(url, Limits(seconds=checked_seconds(timeout))), language)
