"""Words that say of a name beside them that something is over, or is so at present.

The module also finds words that say of another subject what a Fact states: "Wuhu joined it in
2018".
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode

from g60kg.namespaces import A, g60
from g60kg.validation.checks.support.cues import Cue, sentences
from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.named_entities import CJK, Name, Span
from g60kg.validation.checks.support.written_dates import LEADING_DATE

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
#: Before the subject of a clause.
_LEAD: Final = re.compile(
    rf"[\W_]*(?:(?:and|but|while|whereas|then)\s)?(?:(?:{LEADING_DATE})[\s,]*)?", re.IGNORECASE
)
#: A name at the start and the verb after it; participles say more of the name, and who says or
#: opens something can be a person of the subject.
_NAMED: Final = re.compile(
    r"(?P<name>(?!(?:The|This|That|These|Those|It|Its|They|Their|He|His|She|Her|A|An|Chair\w*|Vice"
    r"|President|Premier|Minister|Governor|Secretary|Mayor|Director|General|Manager|Founder|Party)\b)"
    r"[A-Z][\w&.-]*(?: (?:of|and|the|[A-Z0-9][\w&.-]*))*)\s(?:(?:also|then|later|first)\s)?"
    r"(?:was|were|is|has|had|came|began|built|set|went|grew|became|won|held|took|put|got|made|ran|chose"
    r"|(?!announced|stated|reported|explained|revealed|claimed|added|estimated|recalled|noted|named"
    r"|called|based|located|owned|listed|related|founded|established)[a-z]+ed)\b"
)
#: What follows a Chinese name that is no part of a longer one.
_AFTER_NAME: Final = re.compile(
    r"(?:股份)?(?:有限)?(?:公司|集团)?[区市省县]?(?=\d|[于在也则又先有达为以共超]|落户|入驻|进驻|迁|搬|加入|成立"
    "|设立|创立|建[成立厂]|拥有|实现|增[至长加]|举[办行]|召开|签[署订约]|启[动用]|开[工通业园放馆])"
)
#: What can mean the subject, and adverbs: no name of another.
_STANDS: Final = re.compile(
    "[该其这本此它他她两双全各].*|.{0,2}(?:公司|企业|集团|项目|园区|中心|机构|总部|会议|大会|论坛|平台|基地|学校"
    "|[院所厂校店者人市区省县])|.{0,2}[最再又才就曾已后先即便正首早次].{0,2}|.*[在于将从由]|.?"
)
_DATE: Final = re.compile(f"(?:{LEADING_DATE}),?", re.IGNORECASE)
_ENDS: Final = " .。!！"
_CHINESE: Final = re.compile(f"[{CJK}].*[{CJK}]")


def past_cue(sentence: str, names: Iterable[Name]) -> str | None:
    """Return the words that say that something is over, if one of the names is in them, or None.

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
    """Return the words that exclude one of the names from a statement about all others, or None.

    >>> exception("All cities but Wuhu signed it.", [Name.of("Wuhu")])
    'All cities but Wuhu'
    """
    matches = (match for cue in _EXCEPTED for match in cue.finditer(sentence))
    spans = ((match.group(), Span.of(match["excepted"])) for match in matches)
    known = list(names)
    return next((words for words, span in spans if any(one.is_in(span) for one in known)), None)


def past_cue_of(facts: EvidencedFacts, fact: EvidencedFact) -> str | None:
    """Return the words of the evidence that say that the relation to a Fact's object is over.

    None if there are no such words, or if the object is not an IRI. None also for ``participant``,
    a property with ``g60:staysTrue``, and a phase of the corridor as subject.
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
    """Return the words that exclude a Fact's subject or object from a statement about all others.

    None if there are no such words, or if the object is a literal or a figure.
    """
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
    """Return whether a Chinese cue follows a post and its holder, and is not about having the post.

    ``has_post`` and ``has_holder`` return whether a text has the name of the post or the holder.

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
    """Return the words that say that something is so at present, or None.

    None also if the text has any word such as was, since or left.

    >>> present_cue("It is based in Jiaxing.")
    'is'
    >>> present_cue("It is based in Jiaxing, after it left Shanghai.")
    """
    cue = None if _OVER.search(text) else _IS.search(text)
    return cue.group() if cue else None


def of_own_subject(parts: list[str], facts: EvidencedFacts, fact: EvidencedFact) -> Collection[str]:
    """Return the ``parts`` of sentences except those about another subject than the Fact's.

    All are returned if none names the subject. A part is left out if another name and one of some
    verbs begin it, or if it is Chinese and differs from one about the subject only in the name.
    """
    if len(parts) < 2 or not isinstance(fact.subject, NamedNode):
        return parts
    names, others = (
        [name for _, name in facts.names(node, fact)] if isinstance(node, NamedNode) else []
        for node in (fact.subject, fact.object)
    )
    own = [part for part in parts if any(name.is_in(Span.of(part)) for name in names)]
    words = frozenset[str]().union(*(name.words for name in names))
    runs = {run for name in names for run in name.runs}
    undated = [_DATE.sub("", part.rstrip(_ENDS)) for part in own]
    tails = {part.partition(run)[2] for part in undated for run in runs if run in part}
    tails = {tail for tail in tails if _CHINESE.search(tail)}

    def is_of_other(part: str) -> bool:
        rest = _LEAD.sub("", part.rstrip(_ENDS), count=1)
        label = facts.entity_names.label_at_start(rest, fact.graphs) or ""
        name = None
        if named := _NAMED.match(rest):
            is_name = " " in named["name"] or named["name"].casefold() == label
            name = named["name"] if is_name else None
        elif _CHINESE.match(label) and _AFTER_NAME.match(rest, len(label)):
            name = label
        if name is not None:
            span = Span.of(name)
            return words.isdisjoint(span.words) and not any(one.is_in(span) for one in others)
        rest = _DATE.sub("", rest)
        heads = [rest.removesuffix(tail) for tail in tails if rest.endswith(tail)]
        return any(not _STANDS.fullmatch(head) for head in heads)

    return [part for part in parts if part in own or not (own and is_of_other(part))]
