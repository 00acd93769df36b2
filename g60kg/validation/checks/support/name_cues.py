"""Words that say of the names beside them that something is over, or so now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import A, g60
from g60kg.validation.checks.support.cues import Cue, sentences
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.named_entities import CJK, Name, Span

_PHASE: Final = g60("CorridorPhase")
#: Words that say that what follows, or stands between them, was so.
_PAST: Final = tuple(
    re.compile(cue.replace("~", "(?P<past>(?:(?! to )[^,.;，。；])"), re.IGNORECASE)
    for cue in (
        r"\b(?:formerly|previously) ~{2,60})",
        # up to the verb: the former mayor of X founded Y
        r"\bformer (?P<past>(?:(?!ed | (?:who|and|is|was|has|said|now|houses"
        r"|hosts|holds|contains) )[^,.;]){2,60})",
        r"\bused to ~{2,60})",
        r"\b(?:resign(?:ed|s|ing)?|step(?:ped|s|ping)? down|retir(?:ed|es|ing)|quit"
        r"|(?:was|were) (?:replaced|removed|dismissed|ousted|succeeded)) (?:as|from) ~{2,60})",
        r"\bex-~{2,60})",
        r"\b(?:quit|pulled out of|left(?=[^,.;]*\b(?:alliance|association|council|federation|league"
        r"|union|board|consortium)\b)) ~{2,60})",
        r"\bserved as ~{2,60}?) (?:until|till|from \d{4} to)\b",
        r"\bleft (?:the |his |her )?(?:post|position) (?:of|as) ~{2,60})",
        r"\b(?:was|were) ~{2,60}?) until\b",
        r"\b(?:mov|relocat)(?:ed|es|ing) [^.;]{0,60}?\bfrom ~{2,60})",
        "曾(?:任|经|是|为|在|属|隶属)~{2,20})",
        # with the employer before it: the name of the post is in two parts
        "(?P<employer>[^,;，。；、]{0,16})(?<![中平高草太还])原(?:任|属|在|位于)?~{2,16}(?:长|书记|主任|总裁|经理))",
        "[从由自]~{2,12}?)(?:整体)?[搬迁]",
        "(?:卸任|不再担任|辞去|免去|离任|退出)~{2,20})",
        # departures: who has left Jinhua is not in it
        r"(?<!train )(?<!trains )(?<!flight )\b(?:left|leaves|exit(?:ed|s)|vacated|departed)"
        r" (?P<past>(?-i:[A-Z])(?:(?! for )[^,.;]){1,40})",
        r"\b(?:clos(?:ed|es|ing)|shut(?:s|ting)?(?: down)?|g[ai]ve(?:s|n)? up|sold(?: off)?)"
        r" (?:its|the|his|their|an?) (?:[\w-]+ ){0,2}?(?:plants?|factory|factories|offices?|sites?"
        r"|branch(?:es)?|bases?|stores?|labs?|headquarters|operations?) (?:in|at|near) ~{2,40})",
        r"\bonce (?:had|was|were|ran|operated|owned|kept|belonged) ~{2,60})",
        "(?:[撤迁搬][出离]|离开)(?!至|到|[^，。；]{0,9}[至到])~{2,20})",
        "关[闭停]了?(?:位于|在|其)?~{2,20}?)(?:工厂|厂|基地|办公室|分公司|门店|总部|中心|园区|生产线)",
        "原址(?:在|位于|为)?~{2,20})",
    )
)
#: The name of a person directly after a post, up to a cue of the same clause.
_HOLDER: Final = re.compile(rf"(?!一?职|岗|的|由|空缺)[{CJK}]{{2,}}[^,;:。]*$")
#: Words of whether somebody has a post.
_TENURE: Final = re.compile("任|职|当选|提名|人选")
_HAVE_POST: Final = re.compile("(?:再|能|获|会|继续?|正式)?(?:[担出续连接就]?任|当选|履职)")
#: The names that a statement about all others leaves out: "everyone but X", 除X外，各方均.
_EXCEPTED: Final = (
    re.compile(
        r"\b(?:everyone|everybody|all(?: \w+){0,4}?|every \w+) (?:but|except(?: for)?|save)"
        r" (?P<excepted>(?:the )?(?-i:[A-Z])(?:(?! \w+ed | (?:is|are|was|were|has|have|had|did|do"
        r"|take|took|belong|make) )[^,.;])+)(?![\w,])",
        re.IGNORECASE,
    ),
    re.compile(
        "除了?(?P<excepted>[^,;。除]{2,20}?)[之以]?外,?(?:其[他余]|各|所有|全部|均|都|无一例外)"
        "(?![^;。]*[也还])"
    ),
)
#: Words that say that something is so, and those that say of anything that it is over.
_IS: Final = re.compile(
    r"\b(?:is|are|remains?|lies|belongs|now|currently|today|still|has (?:an?|its|the))\b"
    "|现任|现为|现有|目前|如今|仍|位于|坐落|隶属|是",
    re.IGNORECASE,
)
_OVER: Final = re.compile(
    r"\b(?:was|were|had|did|been|ex-|former|used to|once\b|previous|earlier|until|till\b|ago\b"
    r"|past\b|prior|before|after|since|left\b|leav|mov(?:ed|es|ing)|relocat|transfer|replac|succe"
    r"|no longer|not\b|clos|end(?:s|ed)\b|expir|sold|merg|resign|retir|step|quit|cancel|abandon"
    r"|dissol|withdr)"
    "|曾|原|前(?!沿)|过去|昔|旧|迁|搬|卸|离|不再|改|停|退|撤|终|结束|关闭|更名|转|后",
    re.IGNORECASE,
)


def past_cue(sentence: str, names: Iterable[Name]) -> str | None:
    """Return the words that say that something with one of the names was so.

    >>> past_cue("It moved from Shanghai to Jiaxing.", [Name.of("Shanghai")])
    'moved from Shanghai'
    >>> past_cue("It moved from Shanghai to Jiaxing.", [Name.of("Jiaxing")])
    """
    known = list(names)
    for cue in _PAST:
        for match in cue.finditer(sentence):
            before = match.groupdict().get("employer") or ""
            span, employer = Span.of(before + match["past"]), Span.of(before)
            if any(name.is_in(span) and not name.is_in(employer) for name in known):
                return match.group().strip()
    return None


def exception(sentence: str, names: Iterable[Name]) -> str | None:
    """Return the words that except something with one of the names from what is so, or None.

    >>> exception("All cities but Wuhu signed it.", [Name.of("Wuhu")])
    'All cities but Wuhu'
    """
    matches = (match for cue in _EXCEPTED for match in cue.finditer(sentence))
    spans = ((match.group(), Span.of(match["excepted"])) for match in matches)
    known = list(names)
    return next((words for words, span in spans if any(one.is_in(span) for one in known)), None)


def past_cue_of(facts: EvidencedFacts, fact: EvidencedFact) -> str | None:
    """Return the words that say that a relation between entities was so, or None.

    Acts stay true, and so does the extent of a phase of the corridor.
    """
    if not isinstance(fact.object, NamedNode):
        return None
    names = [name for _, name in facts.names(fact.object, fact)]
    cue = next(filter(None, (past_cue(one, names) for one in _sentences(fact))), None)
    stays = cue and (
        fact.predicate == g60("participant")
        or any(facts.store.quads(fact.predicate, g60("staysTrue"), None))
        or (isinstance(fact.subject, NamedNode) and _PHASE in facts.store.objects(fact.subject, A))
    )
    return None if stays else cue


def exception_of(facts: EvidencedFacts, fact: EvidencedFact) -> str | None:
    """Return the words that except an end of a relation from what is so of all others, or None."""
    if not isinstance(fact.object, NamedNode) or facts.figure(fact.object):
        return None
    ends = [node for node in (fact.subject, fact.object) if isinstance(node, NamedNode)]
    names = [name for node in ends for _, name in facts.names(node, fact)]
    return next(filter(None, (exception(one, names) for one in _sentences(fact))), None)


def _sentences(fact: EvidencedFact) -> Iterator[str]:
    return (one for words in fact.evidence for one in sentences(words.text))


def follows_holder(
    sentence: str, cue: Cue, has_post: Callable[[str], bool], has_holder: Callable[[str], bool]
) -> bool:
    """Return whether a Chinese cue follows a post and its holder, and is not about the post.

    >>> cue = Cue("negation", "未", 4, 5)
    >>> [follows_holder(said, cue, lambda text: "经理" in text, lambda text: "魏岚" in text)
    ...  for said in ("经理魏岚未到场", "经理魏岚未再任职")]
    [True, False]
    """
    before = sentence[: cue.start]
    after_post = next((at for at in range(2, cue.start) if has_post(before[:at])), cue.start)
    holder = _HOLDER.match(before, after_post)
    return (
        holder is not None
        and has_holder(holder.group())
        and not _TENURE.search(holder.group())
        and not _HAVE_POST.match(sentence, cue.end)
    )


def present_cue(text: str) -> str | None:
    """Return the words that say that something is so, if none says that anything is over.

    >>> present_cue("It is based in Jiaxing.")
    'is'
    >>> present_cue("It is based in Jiaxing, after it left Shanghai.")
    """
    cue = None if _OVER.search(text) else _IS.search(text)
    return cue.group() if cue else None
