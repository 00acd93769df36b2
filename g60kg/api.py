"""The knowledge graph as a Python user meets it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from g60kg.queries.answers import Answer
from g60kg.queries.catalog import named_query
from g60kg.queries.execution import run_named, run_select
from g60kg.queries.parameters import Resolver
from g60kg.rdf.sparql_tokens import outline
from g60kg.stores.local_store import LocalStore

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from g60kg.stores.remote.endpoint_store import RemoteStore
    from g60kg.validation.report.findings import Report


class KnowledgeGraph:
    """A graph of facts, each with the words that support it.

    >>> kg = load()
    >>> answer = kg.query("enterprises", industry="integrated circuits")
    >>> [row["enterpriseLabel"] for row in answer.to_dicts()]
    ['OmniVision', 'Quectel Communication']
    >>> answer.evidence()[0][0].start
    3383
    """

    def __init__(self, store: LocalStore | RemoteStore, language: str = "en") -> None:
        self._store = store
        self._language = language

    @property
    def store(self) -> LocalStore | RemoteStore:
        """The store that the quads lie in."""
        return self._store

    @property
    def graph(self) -> Dataset:
        """The graph as an rdflib Dataset over the same store.

        It has one named graph a source; its default graph is the union of them all. Of a graph
        behind an endpoint it is a copy, fetched when asked for.
        """
        return self._store.dataset()

    def query(self, name: str, /, **parameters: str | int) -> Answer:
        """The answer to a canned query.

        Args:
            name: the query's name, such as ``"enterprises"``.
            parameters: labels in any case, CURIEs, IRIs, numbers or texts.

        Raises:
            UnknownName: no such query or entity; the hint names the nearest.
            UsageError: a parameter that the query does not have, or a value it cannot take.
        """
        query = named_query(name)
        terms = Resolver(self._store).terms(query, parameters)
        return run_named(self._store, query, terms, language=self._language)

    def sparql(self, text: str) -> Answer | bool | Graph:
        """The answer to a query: an Answer for SELECT, a bool for ASK, else an rdflib Graph.

        >>> load().sparql("ASK { id:hangzhou a g60:City }")
        True

        Raises:
            QuerySyntaxError: not SPARQL 1.1; it has the line and the column.
            UnsupportedQuery: an update, SERVICE, or FROM with a graph that is not in the store.
        """
        if outline(text).form == "SELECT":
            return run_select(self._store, text)
        result = self._store.query(text)
        if isinstance(result, QueryBoolean):
            return bool(result)
        assert not isinstance(result, QuerySolutions)
        from g60kg.stores.rdflib_view import rdflib_graph

        return rdflib_graph(result)

    def validate(
        self,
        *files: str | Path,
        articles: str | Path | None = None,
        shacl: str | Path | None = None,
        shape: str | None = None,
        focus: str | None = None,
        full: bool = False,
    ) -> Report:
        """The verdict on files of facts on top of this graph; without a file, on the graph itself.

        Args:
            files: RDF files or fact sheets.
            articles: a folder of article texts, to check quotations against.
            shacl: a file with further shapes.
            shape: the name of the one shape to check.
            focus: the one thing to check, by label, CURIE or IRI.
            full: look at everything, not only at what the files can matter to.

        Raises:
            UnreadableInput, UsageError: a file that cannot be read, a name that means nothing.
        """
        from g60kg.gate.fact_validation import Scope, validate
        from g60kg.model.article_text import texts_in

        return validate(
            self._store,
            [Path(file) for file in files],
            texts=texts_in(articles) if articles is not None else {},
            scope=Scope(
                shape=shape,
                focus=Resolver(self._store).entity(focus).value if focus is not None else None,
                extra_shapes=Path(shacl) if shacl is not None else None,
                full=full,
            ),
            language=self._language,
        )

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
        """The instances as text; the arguments are those of :meth:`write`.

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
        """Writes the instances to a binary stream; the same graph gives the same bytes.

        Args:
            out: where to.
            format: turtle (canonical), ntriples, nquads, trig, jsonld, rdfxml, or csv, a fact
                sheet that ``draft`` takes back.
            graph: only what one source says: its id or its graph's IRI.
            entity: only what is said of one entity: a label, a CURIE or an IRI.
            inferred: with what a reasoner infers (needs the extra ``reason``).
            with_ontology: with the ontology and the shapes.
            with_history: with what was added and retracted.

        Raises:
            UsageError: no such format, source or entity.
            MissingExtra: the reasoner is not installed.
        """
        from g60kg.export import Selection, export

        selection = Selection(
            graph=graph,
            entity=Resolver(self._store).entity(entity) if entity is not None else None,
            with_ontology=with_ontology,
            with_history=with_history,
        )
        added: Sequence[Triple] = ()
        if inferred:
            from g60kg.reasoning import reason

            added = reason(self._store.reasoned_triples()).inferred
        export(self._store, format, out, selection, added)


def load(language: str = "en") -> KnowledgeGraph:
    """The shipped graph, loaded in memory."""
    return KnowledgeGraph(LocalStore.shipped(), language)


def open_(path: str | Path, language: str = "en") -> KnowledgeGraph:
    """The graph in the persistent store at a path, for reading.

    Raises:
        NoStore: there is none at that path.
    """
    return KnowledgeGraph(LocalStore.at(path), language)


def connect(url: str, language: str = "en", *, timeout: float = 60.0) -> KnowledgeGraph:
    """The graph behind a SPARQL 1.1 endpoint, for reading; nothing is sent yet.

    Queries run there. What else it has looked up, such as labels, it keeps: connect again to see
    a change. A user with a password, or a token, comes from the environment: ``G60KG_USER`` and
    ``G60KG_PASSWORD``, or ``G60KG_TOKEN``.

    Args:
        url: the endpoint's query URL, such as ``http://localhost:7878/query``.
        language: of labels and messages, ``en`` or ``zh``.
        timeout: how many seconds one request may take; 0 for no limit.

    Raises:
        UsageError: no URL of an endpoint, or credentials that do not fit together.
    """
    # Imported here: only an endpoint needs what speaks to one.
    from g60kg.stores.remote.endpoint_store import RemoteStore
    from g60kg.stores.remote.request_settings import Limits

    return KnowledgeGraph(RemoteStore.at(url, Limits(seconds=timeout)), language)
