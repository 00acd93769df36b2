"""Words that say of the names beside them that something is over, or so now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from g60kg.validation.checks.support.named_entities import Name, Span

#: Words that say that what follows, or stands between them, was so.
_PAST: Final = tuple(
    re.compile(cue.replace("~", "(?P<past>(?:(?! to )[^,.;，。；])"), re.IGNORECASE)
    for cue in (
        r"\b(?:formerly|previously) ~{2,60})",
        # up to the verb: the former mayor of X founded Y
        r"\bformer (?P<past>(?:(?!ed | (?:who|and|is|was|has|said) )[^,.;]){2,60})",
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


def present_cue(text: str) -> str | None:
    """Return the words that say that something is so, if none says that anything is over.

    >>> present_cue("It is based in Jiaxing.")
    'is'
    >>> present_cue("It is based in Jiaxing, after it left Shanghai.")
    """
    cue = None if _OVER.search(text) else _IS.search(text)
    return cue.group() if cue else None
