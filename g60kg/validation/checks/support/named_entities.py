"""Names of entities, as words and Chinese characters, to find them in the text of evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from g60kg.model.names import folded

CJK: Final = "㐀-䶿一-鿿豈-﫿"
_WORD: Final = re.compile(rf"\d+(?:\.\d+)+|[^\W_{CJK}]+")
_RUN_ZH: Final = re.compile(rf"[{CJK}]+")
#: Words that show that a text is no Chinese one: a name or two are not enough.
_FEW: Final = 4
#: Particles that separate the parts of a Chinese name, and forms of companies and places.
_PARTICLES_ZH: Final = re.compile("[的与和及在]|(?<=[0-9])年")
_FORMS_ZH: Final = re.compile("(?:股份)?有限(?:责任)?公司$|(?<=..)(?:区|市|省|县|镇)$")
_POST_ZH: Final = re.compile(
    "(?P<organization>.{2,}?)(?P<title>(?:常务)?副?(?:秘书长|理事长|董事长|会长|主席|主任|书记|[区市县省镇院校所局处行]长"
    "|总经理|总裁|经理|首席[^的]{2,4}))"
)
#: Words of an English name that its mentions often leave out.
_LEFT_OUT: Final = frozenset(
    re.findall(
        r"\w+",
        "the of and in for a an to at on by with between from s "
        "co ltd inc corp corporation limited plc",
    )
)
#: Last words of an English name that its mentions often leave out.
_FORMS: Final = frozenset(
    ("district", "city", "province", "municipality", "county", "town", "company", "group")
)
_FORM: Final = re.compile(rf"(?: (?:{'|'.join(_FORMS)}))+$")
_SPELLINGS: Final = {
    "centre": "center", "programme": "program", "labour": "labor", "plant": "factory",
}  # fmt: skip
#: Last words of the name of an industry that its mentions often leave out, unless what is left is a
#: word of many meanings, such as “service”.
_OF_INDUSTRY: Final = re.compile(
    "(?<!service)(?<!primary)(?<!secondary)(?<!tertiary)(?<!urban)(?<!tech) "
    "(?:industry|industries)$|(?<=..)(?<!服务)(?<!第.)(?<!都市)(?<!技术)(?:产业|行业)$|(?<=...)(?<!服务)业$"
)
#: Names of the corridor that fit other corridors: with a name before them, they are another one's.
_OTHER_CORRIDOR: Final = re.compile(
    r"(?-i:\b(?!The|This|That|Our|A|In|Of|G60|Delta|And|Science|Sci|Technology|High|Tech|S|T|Innovation"
    r"|Corridor)[A-Z][\w-]*\s+)(?:science|sci-?tech|technology|tech|high-tech|s&t|and|innovation|\s)*"
    "corridor|(?:[大云西东南北城州江]|[京津冀宁绍甬温广深莞佛惠珠澳港成渝绵武鄂豫郑洛株潭]{2})(?:科技)?(?:创新|科创)?大?走廊|科创大走廊",
    re.IGNORECASE,
)
_ANY_CORRIDOR: Final = re.compile("corridor|走廊", re.IGNORECASE)
#: Regions with cities of their own, and words of the corridor.
_OTHER_REGION: Final = re.compile(
    r"Pearl River|Greater Bay|Beijing-Tianjin|metropolitan"
    r"|cities (?:of|in) (?!the |Shanghai|Jiangsu|Zhejiang|Anhui|China|East)(?-i:[A-Z])"
    "|珠三角|珠江三角洲|大湾区|粤港澳|京津冀|成渝|[山广]东|(?:都市|经济)圈",
    re.IGNORECASE,
)
_OWN_REGION: Final = re.compile("G60|corridor|Yangtze|走廊|长三角|长江三角洲", re.IGNORECASE)
#: Cars and vehicles that are not driven on roads; names of categories have these words.
_OTHER_CAR: Final = re.compile(
    r"\b(?:train|rail(?:way)?|subway|metro|tram|cable|freight|toy|model) cars?\b"
    r"|\b(?:aerial|launch|space|underwater) vehicles?\b",
    re.IGNORECASE,
)
_ANY_CAR: Final = re.compile(r"\b(?:cars?|vehicles?)\b", re.IGNORECASE)
_CARS: Final = frozenset(("car", "vehicle"))
#: The parts of names that fit cities of any region, or any corridor: "nine cities".
_SHORT_GROUP: Final = frozenset(("nine", "city", "九城市", "九地市", "九市", "九城", "9城"))
_SHORT_CORRIDOR: Final = frozenset(
    ("corridor", "innovation", "science", "technology", "走廊", "科创走廊")
)


def written_language(text: str) -> str | None:
    """Return zh or en by the script of a text, or None.

    zh: more Chinese characters than other words; en: no Chinese, and four words or more.

    >>> [written_language(text) for text in ("蓝石在松江", "Blue Rock is here", "AI 5G")]
    ['zh', 'en', None]
    """
    chinese, words = sum(map(len, _RUN_ZH.findall(text))), len(_WORD.findall(text))
    if chinese > words:
        return "zh"
    return "en" if not chinese and words >= _FEW else None


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an entity, as words that a text with the name must have in any order."""

    words: frozenset[str]
    runs: frozenset[str]
    text: str = field(default="", compare=False)

    @classmethod
    def of(cls, label: str) -> Name:
        """Return a label as a name, without words such as "City".

        ``runs`` are the sequences of Chinese characters, separated also at particles such as "的".

        >>> sorted(Name.of("Strategic cooperation agreement of 2017").words)
        ['2017', 'agreement', 'cooperation', 'strategic']
        >>> sorted(Name.of("松江区").runs), sorted(Name.of("2017年战略合作协议").runs)
        (['松江'], ['战略合作协议'])
        """
        text = _FORMS_ZH.sub("", folded(label))
        every = [_stem(word) for word in _WORD.findall(text)]
        words = [word for word in every if word not in _LEFT_OUT]
        while len(words) > 1 and words[-1] in _FORMS:
            words.pop()
        runs = [run for part in _PARTICLES_ZH.split(text) for run in _RUN_ZH.findall(part)]
        long = [run for run in runs if len(run) > 1]
        short = _FORM.sub("", text) or text
        return cls(frozenset(words or every), frozenset(long or runs), short)

    def is_in(self, span: Span) -> bool:
        """Whether a text has all words and runs of the name; False for a name without any."""
        return (
            bool(self.words or self.runs)
            and self.words <= span.words
            and all(run in span.text or _names_post(run, span.text) for run in self.runs)
        )


@dataclass(frozen=True, slots=True)
class Span:
    """A text and its words, in the form that is compared with names."""

    text: str
    words: frozenset[str]

    @classmethod
    @lru_cache(maxsize=4096)
    def of(cls, text: str) -> Span:
        """Return a text in this form; spaces between Chinese characters are removed."""
        plain = folded(text)
        words = frozenset(_stem(word) for word in _WORD.findall(plain))
        return cls(re.sub(rf"(?<=[{CJK}])\s+(?=[{CJK}])", "", plain), words)


def _names_post(run: str, text: str) -> bool:
    post = _POST_ZH.fullmatch(run)
    return (
        post is not None
        and _FORMS_ZH.sub("", post["organization"]) in text
        and re.search(f"(?<!副){post['title']}", text) is not None
    )


def names_others(text: str, name: Name) -> bool:
    """Return whether a name is a general one, and a text uses it for other entities only.

    General names are those of a corridor, nine cities or cars. False for all other names.

    >>> names_others("The Chengxi Science and Technology Innovation Corridor", Name.of("corridor"))
    True
    >>> names_others("The corridor, unlike the Cloud Corridor, is long", Name.of("corridor"))
    False
    >>> names_others("The nine cities of the Pearl River Delta", Name.of("nine cities"))
    True
    >>> names_others("5,000 train cars", Name.of("cars")), names_others("cars", Name.of("cars"))
    (True, False)
    """
    parts = name.words | name.runs
    if _SHORT_GROUP.issuperset(parts):
        return bool(_OTHER_REGION.search(text)) and not _OWN_REGION.search(text)
    if _SHORT_CORRIDOR.issuperset(parts):
        others, every = _OTHER_CORRIDOR, _ANY_CORRIDOR
    elif not _CARS.isdisjoint(name.words):
        others, every = _OTHER_CAR, _ANY_CAR
    else:
        return False
    return 0 < len(others.findall(text)) == len(every.findall(text))


def without_industry(label: str) -> str:
    """Return the name of an industry without "industry" at its end, unless the rest is too general.

    >>> without_industry("robot industry"), without_industry("service industry")
    ('robot', 'service industry')
    """
    return _OF_INDUSTRY.sub("", label)


def _stem(word: str) -> str:
    """Return a word in the singular, or its synonym: cities, city; plant, factory."""
    word = _SPELLINGS.get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and word[-2] not in "sui":
        return word[:-1]
    return word
