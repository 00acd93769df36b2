"""Names of the entities of Facts, and longer names that contain them: "Hangzhou Bay", 松江宣言.

A figure of Suzhou Industrial Park is not a figure of Suzhou. The longer names are those of the
register and of the fact's own source; a word such as "University" after the name of an
administrative division makes a longer name, too.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache, cached_property
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.names import folded, is_name_everywhere
from g60kg.namespaces import A, g60, graph_name, local_name
from g60kg.stores.base import GraphStore
from g60kg.validation.checks.support.named_entities import (
    Name,
    Span,
    names_others,
    without_industry,
)

GraphName = NamedNode | BlankNode | DefaultGraph

_INDUSTRY: Final = g60("Industry")
#: The classes of categories that say what is counted; of an industry, enterprises are.
_COUNTED: Final = frozenset(
    map(g60, ("EnterpriseCategory", "ZoneKind", "ProductCategory", "Concept", "Recognition"))
)
_QUOTES: Final = re.compile('["“”]')
_ENTERPRISES: Final = (" enterprises", " companies", " firms", " businesses")
_ENTERPRISES_ZH: Final = ("企业", "公司", "企業")
#: Who speaks for a place or an organization, what is written or held for it, and its parts.
_NO_BEARERS: Final = frozenset(
    ("GovernmentBody", "Post", "Person", "Role", "Article", "WebPage", "PressRelease", "Dataset",
     "Event", "Meeting", "Ceremony", "Exposition", "CorridorPhase", "AgentGroup", "SpatialThing")
)  # fmt: skip
#: The end of a fact that is a role, the other end, and the property.
_BEARER: Final = (ns.FACT_OBJECT, ns.FACT_SUBJECT, g60("hasRole"))
_FUNCTION: Final = (ns.FACT_SUBJECT, ns.FACT_OBJECT, g60("roleFunction"))
_DIVISIONS: Final = frozenset(
    ("Country", "Province", "Municipality", "PrefectureCity", "CountyDivision", "Township")
)
#: The greatest number of characters of a name that is looked for at the start of words.
_LONGEST: Final = 60
_SHARED: Final = (graph_name("entities"), ns.REFERENCE_GRAPH)
#: Last words of names of what may be elsewhere than the division that they begin with.
_ELSEWHERE: Final = (
    "bay|creek|index|declaration|road|street|avenue|railway|expressway|highway|river|sea|strait",
    "湾|(?<=苏州)河|指数|宣言|公约|[大中]街|大道|铁路|高速(?!发|增|成)|高铁|海峡|路(?![演径线网桥由])",
)
#: Last words of names of what is in it.
_WITHIN: Final = (
    "park|zone|area|university|college|institute|exchange|station|airport|port|hospital|museum"
    "|(?:supercomputing|computing|data) center|(?:science|technology|sci-tech|new) city"
    r"|bank|laboratory|valley|alliance|association|league|forum|expo|games|marathon|group|co\.|corporation",
    "(?:园|开发|新|高新|保税|示范|经开)区(?!域)|[高经]新?区|科[技创学]城|新城|大学(?!生)|学院|研究[院所]"
    "|交易所|火车站|[东南西北]站|站(?![位在点上稳起到立])|机场|港(?![口澳股务元币])|医院|银行(?!业|间)|联盟|协会|论坛|亚运会?|马拉松|走廊",
)
_BETWEEN: Final = (
    r"(?:[ -](?!(?:District|City|Municipality|Province|County|Town) and\b)(?-i:[A-Z])[\w&-]*"
    r"(?: (?:and|of)(?= (?-i:[A-Z])))?){0,5}?"
)
_BETWEEN_ZH: Final = (
    "[市区县省]?(?:国家(?!级)|国际|高新|技术|经济|工业|科技|科创|科学|产业|创新|证券|期货|综合|自由|贸易"
    "|农业|交通|人工智能|生物|医药|职业|师范|理工|财经|商业|农村|金融|城?[东南西北]|[中大]){0,5}?"
)
_HEADS: Final = tuple(
    re.compile(
        rf"(?:{_BETWEEN}[ -](?=(?-i:[A-Z]))(?:{english})(?!\w)"
        rf"|{_BETWEEN_ZH}(?:{chinese})(?!总?数|\d|(?:共计?|达到?|增[至到])\d+[个座处所]))",
        re.IGNORECASE,
    )
    for english, chinese in (
        _ELSEWHERE,
        tuple("|".join(both) for both in zip(_ELSEWHERE, _WITHIN, strict=True)),
    )
)


#: A part of a division, before and after the name: "the suburbs of Hefei", 合肥市区.
_PART_OF: Final = (
    r"\b(?:suburban |downtown "
    r"|(?:suburbs|outskirts|downtown|urban areas?|city cent(?:er|re)) of (?:the )?)"
)
_PART: Final = (
    r"(?:(?:['’]s)? (?:suburbs|outskirts|downtown|urban area)\b"
    "|市?(?:市区|主城区|中心城区|城区|郊区|近郊|远郊))"
)

#: What an organization owns, named after it: "Kejie's subsidiary", 科捷的子公司.
_SUBSIDIARY: Final = re.compile(
    r"(?:['’]s? (?:[\w-]+ )?subsidiar(?:y|ies)\b|的?(?:全资|控股)?子公司)", re.IGNORECASE
)


class EntityNames:
    """The names of the entities of a store, and longer names of others that contain them."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._names: dict[str, tuple[tuple[str, Name, GraphName | None], ...]] = {}
        self._labels_in = cache(self._read_labels)
        self._containing = cache(self._read_containing)
        self._classes = cache(self._read_classes)

    def of(self, node: NamedNode, graphs: Collection[GraphName]) -> list[tuple[str, Name]]:
        """Return the names of an entity, each with its primary language tag, or "".

        Hidden labels that apply to one source only are included if its graph is in ``graphs``.
        """
        if node.value not in self._names:
            is_industry = _INDUSTRY in self._store.objects(node, A)
            # Thousands of graphs can have the same label, which the store reads once.
            stated = [
                *(
                    (label, None)
                    for naming in ns.NAMING
                    if naming != ns.HIDDEN_LABEL
                    for label in sorted(self._store.objects(node, naming), key=str)
                ),
                # Some count only in the Facts of their graph.
                *(
                    (q.object, None if is_name_everywhere(q) else q.graph_name)
                    for q in self._store.quads(node, ns.HIDDEN_LABEL, None)
                ),
            ]
            self._names[node.value] = tuple(
                (label.language or "", Name.of(name), graph)
                for label, graph in stated
                if isinstance(label, Literal)
                for name in [label.value, *([without_industry(label.value)] if is_industry else [])]
            )
        return [
            (tag.partition("-")[0].lower(), name)
            for tag, name, graph in self._names[node.value]
            if graph is None or graph in graphs
        ]

    def of_role(self, node: NamedNode, *, is_subject: bool) -> Iterator[tuple[str, Name]]:
        """Yield the names by which texts refer to a role, with language tags.

        For the object of a fact it is the function of the role, for the subject the names of the
        entities that have the role. Nothing for a node that is not a role.
        """
        if "Role" not in self._classes(node):
            return
        role, other, wanted = _BEARER if is_subject else _FUNCTION
        for fact in (quad.subject for quad in self._store.quads(None, role, node)):
            if isinstance(fact, NamedNode) and wanted in self._store.objects(
                fact, ns.FACT_PREDICATE
            ):
                for one in self._store.objects(fact, other):
                    if isinstance(one, Literal):
                        yield one.language or "", Name.of(one.value)
                    elif isinstance(one, NamedNode):
                        yield from self.of(one, ())

    @cached_property
    def counted(self) -> dict[str, NamedNode]:
        """The categories of the graph ``categories`` by the names of what a number counts.

        The names are case-folded. English names are in the plural, such as "listed companies".
        """
        kinds, *names = (
            list(self._store.quads(None, predicate, None, graph_name("categories")))
            for predicate in (A, *ns.NAMING)
        )
        kind_of = {quad.subject: quad.object for quad in kinds}
        return {
            name: quad.subject
            for quad in chain.from_iterable(names)
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
            for name in _plurals(folded(quad.object.value), kind_of.get(quad.subject))
        }

    def is_apart(
        self,
        name: Name,
        text: str,
        ends: tuple[NamedNode, NamedNode | None],
        graphs: Collection[GraphName],
        *,
        is_subject: bool,
        is_whole: bool = False,
    ) -> bool:
        """Whether a name in a text is there by itself, not only within longer names of others.

        Args:
            ends: the entity of the name, and the other entity of the fact, if it is an entity. A
                longer name of the other entity may contain the name.
            graphs: the graphs of the fact. Longer names are from these and the shared graphs.
            is_subject: whether the entity is the subject of the fact. An organization in Suzhou
                Industrial Park is in Suzhou, so for an object only some longer names count, such as
                "Hangzhou Bay".
            is_whole: whether the fact is a figure of the complete entity. The name of a part, such
                as the suburbs of a city, is then a longer name.
        """
        if names_others(text, name):
            return False
        node, other = ends
        rest = text
        for graph in {*_SHARED, *graphs} if is_subject else ():
            for longer in self._containing(name, node, graph):
                rest = re.sub(longer, "|", rest, flags=re.IGNORECASE)
        own, is_division = _pattern(name.text), bool(_DIVISIONS & self._classes(node))
        for ends_longer, ending in ((is_subject, _SUBSIDIARY), (is_division, _HEADS[is_subject])):
            # A pattern of each name is compiled only for a text that has what follows the name.
            if ends_longer and ending.search(rest):
                rest = re.sub(own + ending.pattern, "|", rest, flags=re.IGNORECASE)
        if is_division and is_whole:
            part = rf"{_PART_OF}{own}|{own}{_PART}"
            rest = re.sub(part, "|", rest, flags=re.IGNORECASE)
        return (
            rest == text
            or name.is_in(Span.of(rest))
            or any(
                one.is_in(Span.of(text)) and name.is_in(Span.of(one.text))
                for _, one in (self.of(other, graphs) if other else ())
            )
        )

    def _read_containing(self, name: Name, node: NamedNode, graph: GraphName) -> list[str]:
        """Return regular expressions for names of other nodes in a graph that contain ``name``."""
        # Only a label with a word of the name may contain it.
        labels = self._labels_in(graph).get(min(name.words, default=None), {})
        of_part = rf"\bof (?:the )?{re.escape(name.text)}$"
        return [
            _pattern(label) + "(?![a-z0-9])"
            for label, other in labels.items()
            if other != node
            and name.is_in(Span.of(label))
            and Name.of(label) != name
            and not re.search(of_part, label)
            and not self._classes(other) & _NO_BEARERS
        ]

    def label_at_start(self, text: str, graphs: Collection[GraphName]) -> str | None:
        """Return the longest label with which a text begins, case-folded, or None.

        It is of one of the graphs or of a shared graph.
        """
        plain = folded(text)
        every = [self._labels_in(graph).get(None, {}) for graph in {*_SHARED, *graphs}]
        starts = (plain[:end] for end in range(min(len(plain), _LONGEST), 1, -1))
        return next((one for one in starts if any(one in labels for labels in every)), None)

    def _read_labels(self, graph: GraphName) -> dict[str | None, dict[str, NamedNode]]:
        """Return the labels in a graph, case-folded, with their entities, by each word of a label.

        All labels are under the key None.
        """
        named = graph if isinstance(graph, NamedNode) else None
        by_word: dict[str | None, dict[str, NamedNode]] = defaultdict(dict)
        for naming in ns.NAMING:
            for quad in self._store.quads(None, naming, None, named):
                if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                    label = folded(quad.object.value)
                    for word in (None, *Span.of(label).words):
                        by_word[word][label] = quad.subject
        return by_word

    def _read_classes(self, node: NamedNode) -> set[str]:
        kinds = self._store.objects(node, A)
        return {local_name(kind.value) for kind in kinds if isinstance(kind, NamedNode)}


def _plurals(label: str, kind: object) -> list[str]:
    """Return the names of what a category counts, English ones in the plural, from its label.

    ``kind`` is its class; empty if nothing of this class is counted.
    """
    label = _QUOTES.sub("", label)
    if kind == _INDUSTRY:
        ends = _ENTERPRISES if label.isascii() else _ENTERPRISES_ZH
        return [without_industry(label) + end for end in ends]
    if kind not in _COUNTED or not label.isascii():
        return [label] if kind in _COUNTED else []
    if not re.search("s$|s (?:above|at|for|helped|in|listed|of|on|with) ", label):
        label = re.sub("y$", "ie", label) + "s"
    stem = label.removesuffix(_ENTERPRISES[0])
    return [label] if stem == label else [stem + end for end in _ENTERPRISES]


def counts(tag: str, name: Name, languages: frozenset[str]) -> bool:
    """Whether a text in some languages can use a name with a language tag.

    True if a language or the tag is unknown. Chinese texts also use Latin names.
    """
    return not languages or not tag or tag in languages or ("zh" in languages and not name.runs)


def _pattern(name: str) -> str:
    """Return a regular expression for a name, whose words may be possessive: "Tencent's center"."""
    return "(?<![A-Za-z0-9])" + re.escape(name).replace(r"\ ", r"(?:['’]s)?[\s-]")
