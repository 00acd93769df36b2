"""Candidate memberships and locations in a sentence, from names in a list or beside a verb.

Names are found by :func:`g60kg.gate.article_gaps.mentions`. The words between two names decide
whether one is a member of the other or located in it. A group is what can have members: a corridor,
its cities ("nine cities"), a phase of it, or an organization.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from g60kg.gate.article_gaps import Mention

#: Gives the name of the first meaning of a mention that is of one of the classes, or "".
Meaning = Callable[..., str]
#: Subject, predicate and object; the subject is "" if the sentence does not name it.
Relation = tuple[str, str, str]

#: One digit: repeated digits in a repeated group would make a search exponential.
_NUMBER: Final = r"\d|two|three|four|five|six|seven|eight|nine|ten|[两一二三四五六七八九十]"
_IN: Final = re.compile(
    r"[\s,，]*(?:(?:is |was )?(?:located |situated |based )?in|位于|坐落于|在)\s*", re.I
)
#: Before a place, the verb of an entity that the graph need not have.
_SEATED: Final = re.compile(
    r"(?:(?:\b(?:is|was|are|were) (?:\w+ )?|, )(?:located|situated|based) in|位于|坐落[于在])\s*$",
    re.I,
)
#: A description in commas after a name: "Kunshan, a city in Suzhou, is".
_ASIDE: Final = re.compile(
    r", (?:an? (?!(?:\w+ )?member)|(?:one of|both|all|which|who|where|home to) )[^,;.]{1,80},"
)
#: Between two names of a list; one that is not known may be among them.
_AND: Final = re.compile(
    r"(?: [Cc]ity| [Dd]istrict| [Mm]unicipality| [Pp]rovince|[市区县])?"
    r"(?:\s*[,、，]\s*(?:[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}|[一-鿿]{2,6}))?"
    r"\s*(?:[,;、，；]\s*(?:and |as well as |以及|及|和)?|(?:and|as well as) |&\s?|[与和及]|以及)"
    r"(?:the )?(?:(?:city|cities|districts?) )?(?:of )?"
)
#: Between a part and what it lies in, or the other way round.
_PART_OF: Final = re.compile(r"(?: city| district)? (?:of|in) |区（", re.I)
_HAS_PART: Final = re.compile(r"[省市]?|(?: Province)?['’]s ", re.I)
#: Words between a name of members and a list of them; other names are blanks.
_LISTED: Final = (
    rf"(?:[\s:：,，(（“”\"的—–-]|\b(?:of|in|the|its|are|is|were|was|all|now|currently|includ(?:e|es|ed|ing)"
    rf"|namely|such as|being|cit(?:y|ies)|districts?|{_NUMBER})\b"
    r"|包括|分别|目前|现有|[有为是即]|[\d两一二三四五六七八九十]|个|座|家|城市)*$"
)
_MEMBERS: Final = (
    r"\bmember (?:cit(?:y|ies)|districts?|units?|organi[sz]ations?)|成员(?:城市|单位|企业|机构)"
)
#: Names of members, which need no group in the sentence.
_OF_MEMBERS: Final = re.compile(rf"(?:{_MEMBERS}){_LISTED}", re.I)
#: Verbs of a group before a list of its members.
_HAS_MEMBERS: Final = re.compile(
    rf"(?:\bmembers|成员|\b(?:compris(?:es|ed|ing)|consist(?:s|ed|ing) of|(?:made up|composed) of"
    rf"|joined by|jointly built by)){_LISTED}"
    r"|\b(?:cities|members)\b[^.;]{0,160}\b(?:including|namely|such as)\b"
    r"(?: the)?(?: cit(?:y|ies) of)?\s*$"
    r"|\bcities\s+(?:are|were|include)\s*$"
    rf"|(?:城市|地市|九城|九地){_LISTED}",
    re.I,
)
#: A verb before a list and what follows it: 由…组成, 包括…九城市.
_AROUND: Final = (
    (
        re.compile(r"由\s*$"),
        re.compile(r"[^，。；]{0,12}?(?:组成|构成|共建|共同|携手)[^，。；]{0,4}?的?"),
    ),
    (
        re.compile(r"(?:包括|涵盖|覆盖|包含|囊括)了?\s*$"),
        re.compile(rf"市?(?:等\s?)?(?:{_NUMBER})+\s?个?(?:城市|地市|[市地城])的?"),
    ),
)
#: What follows a list of members before the group.
_JOINED: Final = re.compile(
    r"(?:[\s,]|\b(?:and|other|others|cities|had|has|have|also|officially|formally|then|later|all|both)\b)*"
    r"(?:\b(?:joins|joined|(?<!, )joining)\b(?! hands| forces| with| together)"
    r"|\b(?:is|are|was|were|became|becomes?|as) (?:\w+ ){0,3}?members?(?: cit(?:y|ies))? of\b"
    r"|an? (?:\w+ )?member(?: city)? of\b"
    r"|\b(?:was|became|becomes|is) the \w+ city to join\b"
    r"|\bmake up\b)"
    rf"|(?:\s|等|{_NUMBER}|[市区县个座家地于在或也均已都]|城市|单位|企业|成立|先后|陆续|正式|相继|共同|一起"
    r"|\d{4}年(?:\d+月)?(?:\d+日)?)*"
    r"(?:加入|加盟|共建|组成|构成|(?:是|为|成为|作为|等)了?[“\"]?\s+[”\"]?(?:的|首批|创始|核心|重要)*成员)",
    re.I,
)
#: Who is a member need not be known where the sentence says "a member of".
_MEMBER_OF: Final = re.compile(
    r"\b(?:is|are|was|were|became|becomes?|as) (?:\w+ ){0,3}?members? of (?:the )?$"
    r"|(?:成为|[是为])了?[“\"]?$",
    re.I,
)
_MEMBER_AFTER: Final = re.compile(r"[”\"]?(?:的|首批|创始|核心|重要)*成员")
#: Maximum characters between a verb and the group.
_NEAR: Final = 30


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    name: str
    #: Whether its members are cities; else it is an organization.
    of_cities: bool
    #: Whether it is a name of the members: "nine cities".
    collective: bool = False


@dataclass(slots=True)
class _List:
    start: int
    end: int
    members: list[Mention]


def locations(text: str, named: list[Mention], meaning: Meaning) -> Iterator[Relation]:
    """Yield subject, predicate and place of each location that a sentence states.

    The subject is "" if no known name is directly before the words that locate it.
    """
    found = {}
    for written in (text, _without_asides(text)):
        shown = [each for each in named if not written[each.start : each.end].isspace()]
        for one, other in pairwise(shown):
            if _IN.fullmatch(written, one.end, other.start) and meaning(other, "Place"):
                found[other] = meaning(one)
    for each in named:
        if meaning(each, "Place") and _SEATED.search(text, 0, each.start):
            found.setdefault(each, "")
    for place, subject in found.items():
        yield subject, "locatedIn", meaning(place, "Place")


def memberships(
    text: str, named: list[Mention], meaning: Meaning, meanings: Callable[[str], str]
) -> Iterator[Relation]:
    """Yield subject, predicate and object of each membership that a sentence states.

    The group is a corridor (``meanings`` returns the one in a name), a phase of it or an
    organization. The member or the group is "" if the sentence does not name it.
    """
    groups = list(_groups(text, named, meaning, meanings))
    plain = _without_asides(text)
    members = [
        each
        for each in named
        if meaning(each, "AdministrativeDivision", "Organization")
        and not plain[each.start : each.end].isspace()
    ]
    for unit in groups:
        # "Nine cities of the corridor" and 走廊九城市 are followed by a list as "cities" is.
        word = text[unit.start : unit.end] if unit.collective else ""
        word = "cities" if "cities" in word else word if not word.isascii() else ""
        plain = plain[: unit.start] + word.ljust(unit.end - unit.start) + plain[unit.end :]
    joined = set()
    for run in _lists(text, members):
        if (group := _group_of(plain, run, groups)) is None:
            continue
        joined.add(group.end)
        for member in run.members:
            city = meaning(member, "AdministrativeDivision")
            party = city or meaning(member, "Organization")
            if group.of_cities and city:
                yield group.name, "hasMemberCity", city
            elif not group.of_cities and party != group.name:
                if group.start >= run.end:
                    yield party, "memberOf", group.name
                else:
                    yield group.name, "hasMember", party
    for unit in groups:
        if unit.end in joined or unit.of_cities:
            continue
        found = _MEMBER_OF.search(text[: unit.start])
        if found and (found[0][0].isascii() or _MEMBER_AFTER.match(text, unit.end)):
            yield "", "memberOf", unit.name


def _groups(
    text: str, named: list[Mention], meaning: Meaning, meanings: Callable[[str], str]
) -> Iterator[_Group]:
    for each in named:
        if name := meaning(each, "Corridor", "CorridorPhase"):
            yield _Group(each.start, each.end, name, of_cities=True)
        elif meaning(each, "AgentGroup"):
            # "Nine cities of the G60 corridor"
            name = meanings(text[each.start : each.end])
            yield _Group(each.start, each.end, name, of_cities=True, collective=True)
        elif name := meaning(each, "Organization"):
            yield _Group(each.start, each.end, name, of_cities=False)


def _group_of(plain: str, run: _List, groups: list[_Group]) -> _Group | None:
    before = [each for each in groups if each.end <= run.start]
    after = [each for each in groups if each.start >= run.end and not each.collective]
    cities = [each for each in before if each.of_cities]
    if found := _OF_MEMBERS.search(plain, 0, run.start):
        of_cities = re.search("cit|城市|district", found[0], re.I) is not None
        nearest = (cities if of_cities else before)[-1:]
        return _named(nearest, before) or _Group(0, 0, "", of_cities=of_cities)
    if found := _HAS_MEMBERS.search(plain, 0, run.start):
        nearest = (cities if re.search("cit|城|地市", found[0], re.I) else before)[-1:]
        return _named(nearest, before)
    for opening, closing in _AROUND:
        if opening.search(plain, 0, run.start) and (end := closing.match(plain, run.end)):
            following = [each for each in after if plain[end.end() : each.start].strip(' “"') == ""]
            return next(iter(following), None) or _named(before[-1:], before)
    if (verb := _JOINED.match(plain, run.end)) and after:
        gap = plain[verb.end() : after[0].start]
        if len(gap) <= _NEAR and not re.search("[,.;，。；]", gap):
            return after[0]
    # A colon, a dash or a bracket is enough after a name of the cities.
    direct = [
        each
        for each in cities
        if each.collective
        and plain[each.end : run.start].strip() in (":", "：", "(", "（", "–", "—", "-", "——")
    ]
    return _named(direct, before)


def _named(nearest: list[_Group], before: list[_Group]) -> _Group | None:
    if nearest and not nearest[0].name:
        return next((each for each in before[::-1] if each.of_cities and each.name), nearest[0])
    return nearest[0] if nearest else None


def _lists(text: str, members: list[Mention]) -> Iterator[_List]:
    run: _List | None = None
    for each in members:
        between = text[run.end : each.start] if run else ""
        if run and _PART_OF.fullmatch(between):
            run.end = each.end
        elif run and _HAS_PART.fullmatch(between):
            run.members[-1], run.end = each, each.end
        elif run and _AND.fullmatch(between):
            run.members.append(each)
            run.end = each.end
        else:
            if run:
                yield run
            run = _List(each.start, each.end, [each])
    if run:
        yield run


def _without_asides(text: str) -> str:
    return _ASIDE.sub(lambda found: " " * len(found[0]), text)
