"""Invented resources of synthetic articles, computed from their kind and rank.

Nothing is stored: name, location and properties of a resource are computed on each access, so that
a graph of any size needs no more memory than one article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from zlib import crc32

from pyoxigraph import NamedNode

from g60kg.namespaces import entity, g60

Chosen = TypeVar("Chosen")

#: Each begins with a consonant and none is a sequence of others, so that names are unambiguous.
_PINYIN: Final = (
    "hua xin tai ke rui long jing feng bo chuang da guang hong jia kang "
    "lian ming neng peng qi ren sheng tong wei xing yuan zhong zhi mei yun"
)
_CHINESE: Final = "华新泰科瑞隆晶丰博创达光宏嘉康联明能鹏启仁盛通维星源中智美云"
SYLLABLES: Final = tuple(zip(_PINYIN.split(" "), _CHINESE, strict=True))
#: The corridor's cities, which the shipped graph describes, with their Chinese names.
CITY_NAMES: Final = {
    "songjiang": "松江",
    "hangzhou": "杭州",
    "suzhou": "苏州",
    "hefei": "合肥",
    "jiaxing": "嘉兴",
    "wuhu": "芜湖",
    "huzhou": "湖州",
    "jinhua": "金华",
    "xuancheng": "宣城",
    "shanghai": "上海",
}
CITIES: Final = tuple(CITY_NAMES)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: its class, and the last word of its names."""

    name: str
    ending: str
    ending_zh: str
    #: The number of resources that share the highest frequency.
    spread: int


ENTERPRISE: Final = Kind("Enterprise", "Technology", "科技", 24)
PROJECT: Final = Kind("Project", "Project", "项目", 24)
FACILITY: Final = Kind("Facility", "Laboratory", "实验室", 12)
FIELD: Final = Kind("ResearchField", "Science", "科学", 6)
INDUSTRY: Final = Kind("Industry", "Industry", "产业", 6)
SCHEME: Final = Kind("IndustryScheme", "Scheme", "产业体系", 2)
PARK: Final = Kind("Zone", "Industrial Park", "产业园", 8)
AREA: Final = Kind("Zone", "Innovation Area", "创新功能区", 8)
AGREEMENT: Final = Kind("Agreement", "Cooperation Agreement", "合作协议", 12)
MEETING: Final = Kind("Meeting", "Joint Meeting", "联席会议", 12)
POLICY: Final = Kind("PolicyDocument", "Development Plan", "发展规划", 4)
PROGRAMME: Final = Kind("Programme", "Collaboration Model", "协同模式", 8)


@dataclass(frozen=True, slots=True)
class Resource:
    """An invented resource: its IRI, class and names."""

    kind: Kind
    rank: int

    @property
    def iri(self) -> NamedNode:
        """``id:<name>-<ending>``."""
        ending = self.kind.ending.lower().replace(" ", "-")
        return entity(f"{''.join(_name(self.rank, 0))}-{ending}")

    @property
    def type(self) -> NamedNode:
        """Its class."""
        return g60(self.kind.name)

    @property
    def label(self) -> str:
        """Its English name."""
        return f"{''.join(_name(self.rank, 0)).capitalize()} {self.kind.ending}"

    @property
    def label_zh(self) -> str:
        """Its Chinese name."""
        return "".join(_name(self.rank, 1)) + self.kind.ending_zh

    @property
    def named_in_chinese(self) -> bool:
        """Whether the graph has its Chinese name: for three in four."""
        return self.number("named", 4) != 0

    def number(self, what: str, below: int) -> int:
        """Return a number that depends only on the resource and ``what``."""
        return crc32(f"{self.kind.name} {self.rank} {what}".encode()) % below

    def one_of(self, what: str, choices: Sequence[Chosen]) -> Chosen:
        """Return a choice that depends only on the resource and ``what``."""
        return choices[self.number(what, len(choices))]

    def city(self) -> str:
        """Return its city; the first cities have most resources."""
        return CITIES[min(self.number("city", 14), self.number("other city", len(CITIES)))]

    def industry(self) -> Resource:
        """Return its industry, mostly one of a few common ones."""
        width = 6 if self.number("well-known", 3) else 60
        return Resource(INDUSTRY, self.number("industry", width))


def _name(rank: int, spelling: int) -> list[str]:
    """Return two or more syllables: the rank in base 30."""
    base = len(SYLLABLES)
    syllables: list[str] = []
    while rank or len(syllables) < 2:
        rank, digit = divmod(rank, base)
        syllables.append(SYLLABLES[digit][spelling])
    return syllables
