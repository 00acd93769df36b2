"""Words that say of another subject what a Fact states: "Wuhu joined it in 2018"."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from pyoxigraph import NamedNode

from g60kg.validation.checks.support.evidence_texts import EvidencedFact, EvidencedFacts
from g60kg.validation.checks.support.named_entities import CJK, Span
from g60kg.validation.checks.support.written_dates import LEADING_DATE

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


def of_own_subject(parts: list[str], facts: EvidencedFacts, fact: EvidencedFact) -> Collection[str]:
    """Return words without those of another subject, if some name the subject of a Fact.

    All have what the Fact states and a date. Words of another subject begin with its name, or are
    those of the subject with another name.
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
