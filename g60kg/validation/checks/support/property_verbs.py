"""Verbs of properties, and Chinese words directly before a verb that make it a plan."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from g60kg.validation.checks.support.cues import Cue

_FOUNDED: Final = "成立|设立|创立|创办|创建|组建|建立"
_HELD: Final = "举办|举行|召开"
_ISSUED: Final = "印发|发布|出台|公布|颁布"
_SIGNED: Final = "签署|签订|签约|签下"
_APPROVED: Final = "批复|批准|获批|核准"
_MADE: Final = "生产|制造|研发|开发|发展|从事|涉足|进军|布局"
_OPENED: Final = "开通|启用|投用|开放|通车|开业|开园|运营|投入使用|开馆|开幕"
_SETTLED: Final = "落户|落地|入驻|进驻"
#: The verbs of a property: English ones, if its values are dates, and Chinese ones.
_VERBS: Final = {
    name: (english, chinese)
    for name, english, chinese in (
        ("foundedOn", r"found(?:ed|ing)|establish\w*|sets? up|formed|incorporated|created",
         _FOUNDED),
        ("heldOn", "held|took place|convened|hosted|staged|kicked off|concluded", _HELD),
        ("openedOn", r"open\w*|(?:into|in) (?:use|operation|service)|operations?|inaugurat\w+",
         _OPENED),
        ("issuedOn", r"issu\w+|releas\w+|publish\w*|unveil\w*", _ISSUED),
        ("signedOn", r"sign\w*|ink\w*", _SIGNED),
        ("launchedOn", r"launch\w*|lift\w*|sent", "发布|发射|推出|上线|启动|升空"),
        ("completedOn", r"complet\w*|finish\w*|built|topped", "建成|竣工|完工|落成|完成"),
        ("approvedOn", r"approv\w*|nod|licen\w*", _APPROVED),
        ("startedOn", r"start\w*|launch\w*|beg[ai]n\w*|initiat\w*|propos\w*",
         "启动|开始|提出|实施"),
        ("constructionStartedOn", r"construction|ground|start\w*|beg[aiu]n\w*|work",
         "开工|动工|奠基|破土|开建"),
        ("foundedBy", "", f"{_FOUNDED}|发起"),
        ("takesPlaceIn", "", _HELD),
        ("organizer", "", f"{_HELD}|[主承协]办"),
        ("participant", "", "参加|参与|出席|亮相|参会|参展"),
        ("signatory", "", _SIGNED),
        ("issuedBy", "", _ISSUED),
        ("approvedBy", "", _APPROVED),
        ("memberOf", "", "加入|参加"),
        ("hasMemberCity", "", "加入|纳入"),
        ("partOf", "", "加入|纳入|并入|融入"),
        ("integratesWith", "", "融入|对接|接入"),
        ("investor", "", "投资|出资|入股|参投|领投"),
        ("operatedBy", "", "运营|经营|管理"),
        ("inIndustry", "", _MADE),
        ("produces", "", f"{_MADE}|推出"),
        ("focusesOn", "", f"{_MADE}|聚焦|专注|主攻|围绕"),
        ("serves", "", "服务|惠及"),
        ("locatedIn", "", _SETTLED),
        ("settledIn", "", _SETTLED),
        ("headquarteredIn", "", f"{_SETTLED}|[把将]总部"),
        ("holdsPost", "", "担任|出任|接任|就任|任"),
        ("postIn", "", "[增新]?设(?![备计施想])"),
        ("hasRole", "", "担任|成为"),
    )
}  # fmt: skip
#: The start of construction, which is neither the opening nor the completion.
_BEGUN: Final = re.compile(
    r"\b(?:work|construction)\b[^,;]{0,40}\b(?:start|beg[aiu]n)|\bbr(?:eak|oke|oken) ground"
    "|开工|动工|奠基|破土|开建",
    re.IGNORECASE,
)
#: What the first word of a plan can be part of: 小将 is a person, 行动计划 a document.
_WILL: Final = (
    '(?<![小大老名猛健女干门主])将|(?<![按照依原项该的性年动资产设略展期})》"”])计划'
    "(?!(?:聚焦|服务|惠及|围绕|对接)|[^,;。]{2}(?:[,;。了后会]|$))"
    "|(?<![年月的过分])准备|打算|有意|(?<![自志心])愿意?|承诺|考虑|推迟|暂缓|尚待|有待|获邀(?!参|出席)"
)
_ADVERBS: Final = "(?:共同|联合|正式|积极|牵头|再次|一同|一起|全部|都|也)?"
#: What makes a verb a noun: 将生产基地迁往合肥.
_NOUNS: Final = (
    "基地|中心|线(?!缆)|总部|商|车间|范围|者|人员|单位|权|额|会(?![议展])"
    "|(?<=[产营务])(?:企业|业务|网络|平台|能力|设施|部门)"
)


def has_verb(name: str, text: str) -> bool:
    """Return whether a text has an English or Chinese verb of a property with dates as values.

    False for any other property.

    >>> has_verb("foundedOn", "It was founded in 2015"), has_verb("foundedOn", "listed in 2018")
    (True, False)
    """
    return (pattern := _pattern(name)) is not None and pattern.search(text) is not None


def is_start_of_construction(name: str, text: str) -> bool:
    """Return whether a text has the start of construction, but no verb of the property ``name``.

    False unless that is ``openedOn`` or ``completedOn``.

    >>> is_start_of_construction("openedOn", "Work on it began in 2019")
    True
    >>> is_start_of_construction("openedOn", "It opened in 2019, when work on a branch began")
    False
    """
    is_begun = name in ("openedOn", "completedOn") and _BEGUN.search(text) is not None
    return is_begun and not has_verb(name, text)


@cache
def _pattern(name: str) -> re.Pattern[str] | None:
    english, chinese = _VERBS.get(name, ("", ""))
    return re.compile(rf"\b(?:{english})\b|{chinese}", re.IGNORECASE) if english else None


def verb_cues(name: str, sentence: str) -> Iterator[Cue]:
    """Yield a cue of a plan for each Chinese verb of a property after words such as 将 ("will").

    >>> [cue.words for cue in verb_cues("signatory", "绿山将共同签署协议，将研发费用增加一倍。")]
    ['将共同签署']
    """
    if (pattern := _planned(name)) is not None:
        for match in pattern.finditer(sentence):
            yield Cue("plan", match.group(), *match.span())


@cache
def _planned(name: str) -> re.Pattern[str] | None:
    _, chinese = _VERBS.get(name, ("", ""))
    return re.compile(f"(?:{_WILL}){_ADVERBS}(?:{chinese})(?!{_NOUNS})") if chinese else None
