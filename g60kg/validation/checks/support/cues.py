"""Cues: words of evidence that bound a number, plan, deny or report what a fact states.

The cues are tables with their exceptions; docs/decisions/support-checks.md has the measurements.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from g60kg.model.everyday_names import AFTER, BEFORE
from g60kg.validation.checks.support.named_entities import CJK
from g60kg.validation.checks.support.written_numbers import (
    WrittenNumber,
    written_numbers,
    written_years,
)

_BEFORE_CUE: Final = re.compile(
    "(?:(?<![A-Za-z])|(?![A-Za-z]))(?:"
    + "|".join(f"(?P<k{index}>{cues})" for index, (_, cues) in enumerate(BEFORE))
    + r")\s*(?:the\s|an?\s)?(?:(?:total|combined)\sof\s)?(?:US\$|RMB|CNY|USD|人民币|[$¥€])?\s?$",
    re.IGNORECASE,
)
_AFTER_CUE: Final = re.compile(
    "|".join(f"(?P<k{index}>{cues})" for index, (_, cues) in enumerate(AFTER)), re.IGNORECASE
)
_INSIDE: Final = re.compile("[多余]|(?<=[上成过])[百千万亿]")
#: A number that something else passed: "exceeding the 3 percent target".
_PASSED: Final = re.compile(
    r"\s(?:goal|target)\b|[家亿万]?元?的?(?:预期|年度|既定)?目标(?!已|提前|如期)", re.IGNORECASE
)


def comparator_cue(text: str, number: WrittenNumber) -> tuple[str, str] | None:
    """Return the kind of the comparator beside a number, and its words with the number, or None.

    >>> text = "nearly 3,000 firms"
    >>> comparator_cue(text, written_numbers(text)[0])
    ('nearly', 'nearly 3,000')
    """
    before = _BEFORE_CUE.search(text, max(number.start - 40, 0), number.start)
    if before and _PASSED.match(text, number.end):
        return None
    if before:
        kind = next(BEFORE[index][0] for index in range(len(BEFORE)) if before[f"k{index}"])
        return kind, text[before.start() : number.end]
    if _INSIDE.search(text, number.start, number.end):
        return "more than", text[number.start : number.end]
    after = _AFTER_CUE.match(text, number.end)
    if after:
        kind = next(AFTER[index][0] for index in range(len(AFTER)) if after[f"k{index}"])
        return kind, text[number.start : after.end()]
    return None


# -- Stages ------------------------------------------------------------------

#: Words that say that an entity is at a stage, by the local name of the stage.
_STAGES: Final = {
    name: re.compile(rf"\b(?:{english})\b|{chinese}", re.IGNORECASE)
    for name, english, chinese in (
        ("PlannedStage", "plan(?:s|ned|ning)?|proposed|to be built",
         "规划|拟建|筹建|计划|待建|筹备"),
        ("UnderConstruction",
         "(?:being|is|are) (?:built|building|constructed)|construct(?:ing|ion)|ground ?breaking"
         "|bro(?:ke|ken) ground",
         "建设|在建|开工|动工|施工|开建"),
        ("Completed", "completed?|completion|finished|(?<!being )(?<!be )built",
         "建成|竣工|完工|落成|完成"),
        ("InOperation",
         "in(?:to)? (?:use|operation|production|service)|operat(?:es?|ed|ing|ional)|opened|runs?",
         "投入使用|投用|启用|投产|投运|运营|运行|运转|开通|通车|营业|开业|开放"),
        ("Discontinued",
         "closed?|shut(?:down)?|stopped|halted|suspended|abandoned|repealed|cancell?ed|terminated",
         "停工|停产|停业|停运|停止|暂停|关闭|关停|终止|废止|取消|撤销|放弃"),
    )
}  # fmt: skip


def has_stage(stage: str, text: str) -> bool:
    """Whether a text has words for a stage, given by its local name; False for an unknown stage.

    >>> has_stage("UnderConstruction", "The plant is being built"), has_stage("Completed", "在建")
    (True, False)
    """
    return stage in _STAGES and _STAGES[stage].search(text) is not None


# -- Hedges and negations ----------------------------------------------------

#: Verbs of acts that somebody intends, agrees or declines to do.
_ACT: Final = (
    r"(?= (?:sign|join|host|hold|make|build|buy|acquire|invest|set|found|establish|launch|move"
    r"|relocate|settle|open|produce|develop|manufacture|become|take part|participate|form|operate"
    r"|run|approve|issue|support|serve|enter|accept|attend|take over)\b(?!-))"
)
_PLANS: Final = re.compile(
    r"\b(?:plan(?:s|ning)? to|(?<!as )(?<!well-)planned(?! econom)"
    r"|intend(?:s|ed)? to|aim(?:s|ed|ing)? (?:to|at|for)|hop(?:es?|ed|ing) (?:to|for)"
    r"|seeks?(?= to|[^,;.]{0,40}\d)|strives? (?:to|for)|(?:vow(?:s|ed)?|pledg(?:es?|ed)) to"
    r"|propos(?:es?|ed) to|(?<!than )expect(?:s|ed|ing)?|projected (?:to|at)|(?<!as )scheduled"
    r"|earmark(?:s|ed)|(?:is|are) budgeting|slated|(?<!data )set to (?!music|the\b|date\b)(?=[a-z])"
    r"|(?:on (?:course|track) (?:to|for)|(?:is|are) (?:targeting|looking to|striving for"
    r"|working towards?))(?=[^,;.]{0,40}\d)|(?:is|are|be) (?:about|going) to(?= (?-i:[a-z]))"
    r"|(?:is|are) anticipated|(?<!the )(?<!its )(?<!their )targets(?= (?:an? |over |about )?[\d$¥])"
    r"|ambition (?:of|to|is)|(?:target|goal|aim)s? (?:for|by) [^,;.]{0,15}? (?:is|was|of)"
    r"|poised to|due to (?:be|open|start)|(?<=, )to be (?:built|completed|opened|launched)"
    r"|(?:is|are|was|were) to (?!date\b)(?=[a-z]+\b)|(?<!the )will(?! power)|shall"
    r"|target(?:s|ed|ing)? (?:of|to|at|is)|goal (?:of|is|to)|once completed|(?:when|if) completed"
    r"|(?:when|once) (?:in full|fully|it (?:opens|is (?:built|completed)))|(?:is|are) planning"
    r"|(?:has|have) committed|agree[ds] to put"
    r"|(?<!the )eye(?:s|ing) (?:an?|the|more|[\d$¥]\S*|US\S*|RMB\S*)"
    r"|wants (?:to|an?|more|[\d$¥]\S*)|would(?! later| eventually| go on)"
    r"|should (?:reach|hit|total|top|attract|cover|bring|create|exceed|rise|grow"
    r"|be (?:completed|finished|ready|open))"
    r"|forecasts?(?! of)|(?<!['’] )(?<!['’]s )calls for|due for completion"
    r"|prepar(?:es?|ing) to|in (?:talks|negotiations) (?:to|over|on|about)|(?<!after )negotiating"
    r"|(?:sets?|has|have) (?:its|their) sights on|envis(?:ions?|ages?)"
    r"|can (?:reach|achieve|hold|produce)(?=[^,;]* (?:at full (?:capacity|production)|once|when)\b)"
    # the verb "means" has a subject: a name, a pronoun or a kind of organization
    r"|(?:(?P<subject>(?:(?-i:[A-Z])\S*|it|s?he|which|who|also|firm|company|group|university|city)"
    r" )means|meant"
    r"|wish(?:es|ed)|promis(?:es|ed)|agree[ds]|looks|(?:has|have|had) applied|(?:has|have) been"
    r" (?:asked|invited)|applied(?= to (?:join|host|become)\b)|(?:is|are|was|were) (?:ready|keen"
    rf"|willing|eager|due(?! to (?:support|issue|form|run|move|launch)))) to{_ACT}"
    r"|might|could|possibl[ey]|potentially|likely|probably|under consideration|is considering)\b"
    r"|(?-i:\bmay\b)(?!\s+\d)(?=\s[a-z])",
    re.IGNORECASE,
)
_PLANS_ZH: Final = re.compile(
    "(?<!行动)(?<!五年)(?<!发展)(?<!规划)(?<!工程)(?<!专项)(?<!人才)(?<!星链)(?<!星座)(?<!星火)(?<!火炬)(?<!完成)(?<![按照依])(?<!按原)(?<!按既定)计划(?=于|在(?!轨)|将|到"
    "|[今明年\\d投从向对与为通用以建新再引设开迁搬扩达募]|总投资|[出增]资|收购|打造|培育|[入进]驻|落户|启动|实[施现]|完成|发行|举办|申报|[集汇]聚|布局|孵化|吸引(?!了)|入园)"
    "|(?<![虚模草比])拟(?!定|人|南芥|合|态|建议|上市)|预计|(?<!超)(?<!超出)(?<!高于)(?<![好低优强弱差逊]于)(?<!不及)(?<!符合)预期(?!寿命)|预测|有望|打算(?![,;。盘])|筹备(?=加入|设立|组建|成立|签署|上市|[举承主]办|参[加与])|力争(?!上游)|争取|旨在|(?:冲刺|锚定|剑指|力求|务求)(?=[^,;。]{0,10}\\d)|安排(?=20\\d\\d年)"
    "|(?<![成现过])目标(?=\\d)|目标(?=是|为|到|:|达)|规划(?=建筑|建设|面积|总|用地|用房|到|占地|人口|引进|培育)|即将|或将|可能(?!性)|(?<!新)希望(?!小学|工程)|谋划|筹划|洽谈(?!会|活动|区|室)|商谈|瞄准(?=[^,;]{0,10}\\d)"
    "|将(?=[于在建达新向从投再超增扩迁搬与为由]|进一步|打造|会|(?:完成|投入|新增|吸引|引进|培育)(?!的)|成为|落户|入驻|培育|设立|举办|启用|开通|实现|突破|形成|用于|陆续|全面|正式|继续)"
    "|准备(?=[投在向于建设引]|落户|入驻)|考虑(?=[在向投将设]|落户)|努力(?=(?:实现|达到|建成)[^,;。]{0,12}\\d)|提出(?=到?20\\d\\d年)|[朝向]着?[^,;。]{0,8}\\d[^,;。]{0,8}迈进|酝酿|意向(?=投资|总投资|入驻)|承诺(?=[投将]|出资)|(?<!主)要(?=实现|达到|建成|力争|新增)"
    "|确保(?!了)(?=实现|达|完成|\\d|[^，。；]{2,14}\\d)|达产后(?!已)|建成后(?![，,]?已|的)|可(?=实现|新增|带动|形成|年产)|(?<=[值收税])可达"
)
_REPORTED: Final = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|(?:is|are) said to|rumou?red)\b"
    "|据称|据传|[传谣]闻|谣传|据说",
    re.IGNORECASE,
)
_NEGATIONS: Final = re.compile(
    r"\b(?:(?<!\()not(?! only| the (?:first|only)\b| (?:\w+ ){0,2}until\b| just| merely| to mention"
    r"|-for-profit| less than| fewer than| more than| later than"
    r"| exceed| above| over (?=[\d$])| (?:(?:fall|drop) )?(?:below|under))|cannot|never|neither|nor"
    r"|no longer(?! than)"
    r"|none(?= (?:of|has|have|is|are|was|were|did)\b)"
    r"|no(?! less| fewer| more than| later| doubt| longer than| wonder| stranger|\.| ?\d)"
    r"|without(?! leaving| counting| including| interruption| having to)|den(?:y|ies|ied)|denial"
    rf"|refus(?:es?|ed) to|(?:declin(?:es?|ed)|(?:is|are|was|were) unable) to{_ACT}"
    r"|(?:opt(?:s|ed) out of|stop(?:s|ped) short of|decid(?:es|ed) against)(?= \w+ing\b)"
    r"|turn(?:s|ed) down (?:the|an?|its)|shun(?:s|ned)|fail(?:s|ed)? to|cancel(?:s|ed|led)"
    r"|abandon(?:s|ed)|withdr[ae]w[sn]?|unlikely|lacks?|nothing|delist(?:s|ed|ing)"
    r"|(?<=has )yet to|(?<=have )yet to|rul(?:ed|es) out|rejected"
    r"|(?:hardly|scarcely) any|(?:is|are|was|were) (?:hardly|outside the)|exclud(?:es|ed) from"
    r"|(?<!a )few of|stay(?:s|ed) away|absent from|skip(?:s|ped)"
    r"|boycott(?:s|ed)|(?:is|are|was|were) (?:false|untrue|wrong|unfounded"
    r"|incorrect|inaccurate|mistaken(?! for))"
    r"|dismiss(?:es|ed) (?:reports|rumou?rs|claims)"
    r"|(?:dropp|scrapp)ed (?:its |the )?(?:plan|project)s?)\b|n['’]t\b(?! exceed)",
    re.IGNORECASE,
)
_NEGATIONS_ZH: Final = re.compile(
    "不再|不实|不属实|失实|(?<![如若没无是])有误(?!差)|误传|谢绝|回绝|婉拒|反对(?=签署|加入|设立|组建|[举承主]办)|澄清(?=[此上该并]|关于|有关)|子虚乌有|谣言|缺席|(?<![(（])不(?!及预期|超|逊|愧|失为|可多得|约而同|遗余力|计其数|断|仅|只|但|同|少|低于|高于|多于|到|足|下|动产|锈|等|过|久|乏|亚于|限|止|论|管|菲|错|已|妨|懈|竭|可分割|可或缺|可替代|忘|可移动|变价|完全统计|减反|满)"
    "|(?<![不非]但)没有(?!超)|没(?!收|有|超)|从未|尚未|未(?!来|名|央|尽|上市|成年|满|超|低于)|并非|绝非|否认|否定|拒绝|取消|退市|摘牌|终止|撤销|放弃|(?<!全)无(?=法|一|从|任何|关|效|意|缘)|游离于|排除(?=在|了(?!故障|隐患|险情|风险|干扰))"
    "|(?<![是若除莫])非(?=该|上述|本)"
)
#: Negations that say that something ended.
_ENDS: Final = re.compile(
    "no longer|不再|cancel|abandon|withdr|delist|取消|终止|撤销|放弃|退市|摘牌", re.IGNORECASE
)
#: Negations of what others say: they reach the whole sentence.
_DENIALS: Final = re.compile(
    r"den[yi]|reject|rul|dismiss|\w+ (?:false|untrue|wrong|unfounded|incorrect|inaccurate"
    r"|mistaken)|否[认定]|拒绝|不实|不属实|失实|有误|误传|澄清|子虚|谣言",
    re.IGNORECASE,
)
#: Plans that are the name of a measure: they are about its figure alone.
_MEASURE: Final = re.compile(
    r"[Pp]lanned (?:[\w-]+ ){0,2}?(?:area|capacity|population|length|site|size)\b"
    "|规划(?=总?建筑面积|建设用地|总?面积|总?用地|总?占地|总?人口)"
)
#: What precedes a goal that is a result: "it met its target of 900 firms".
_MET: Final = re.compile(
    r"\b(?:hit|met|reached|achieved|fulfilled) (?:\w+ ){0,3}$"
    "|(?<![为将])(?:完成|达[到成]|实现)了?.{0,4}$"
)
_GOAL_OF: Final = re.compile("(?:goal|target)s? of$|目标$", re.IGNORECASE)
_YEAR: Final = re.compile(r"20\d\d(?![\d,.]*\d)")
_COMMA: Final = re.compile(r"(?<!\d)[,;]|[,;](?!\d)")
#: Before a number that a planned one is compared with: "up from 4.1 percent", 较2020年的6000家.
_COMPARED: Final = re.compile(
    r"(?:\b(?:from|compared (?:with|to)|against|versus|relative to|than (?=the\s|its\s|[12]))"
    r"|\((?=[12]\d{3}:))\s?(?:the\s|its\s)?(?:[12]\d{3}(?:['’]s|:)\s)?(?:US\$|RMB|[$¥€])?\s?$"
    r"|(?:[较比由从自]|[高低]于|超过|相比|对比)[12]\d{3}年[末底]?的[^\d,;]{0,8}$|[由从]$"
    r"|(?<=[,;(])[12]\d{3}年[末底]?[^\d,;]{0,8}?(?:为|是|有)[^\d,;]?$",
    re.IGNORECASE,
)
#: A change from one number to another, before or after the words of the first.
_CHANGE: Final = re.compile(
    r"\b(?:rais|increas|ris[ei]|gr[eo]w|expand|lift|boost|improv|cut|reduc|lower|fall|drop"
    r"|up\b|down\b)\w*|[增提升扩涨降减]",
    re.IGNORECASE,
)
#: The end of a clause; NFKC has replaced Chinese commas.
CLAUSE_END: Final = re.compile(
    r"(?<!\d)[,:]|[,:](?!\d)|[;()]|\sbut\b|\s(?:and|while|whereas)(?=\s(?:(?:it|they|s?he)\s)?(?:will"
    r"|is|are|was|were|has|have|had|did|does|do|plans|expects|aims"
    r"|(?:due|set|scheduled|slated|expected|planned) (?:to|for))\b)",
    re.IGNORECASE,
)
#: A clause that governs no clause after it: "which will cost 5 million yuan".
_RELATIVE: Final = re.compile(r"[(]|\W*(?:of )?(?:which|whose|who|where)\b", re.IGNORECASE)
#: Words of what is so: a plan before them does not reach them, nor does a denial.
_ACTUAL: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|began|opened|started|now|already|currently)\b"
    "|已|目前|现有|截至|去年|近日|日前|正式",
    re.IGNORECASE,
)
#: Words of any statement of its own, and in Chinese any clause: a denial does not reach them.
_STATEMENT: Final = re.compile(
    rf"{_ACTUAL.pattern}|\b(?:but|\w+ed(?! by)|won|held|made|took|led|rose|fell|grew|sold|built"
    rf"|came|became|runs|makes|houses|covers)\b|[{CJK}]",
    re.IGNORECASE,
)
#: The begin of a clause that a plan is about: "it has 5 firms, and is expected to have 9".
_COORDINATED: Final = re.compile(
    r"[,;，；]\s*(?:(?:and|but|while)\s(?:it\s)?(?:is\s|are\s)?|而?[并且])$", re.IGNORECASE
)
_SENTENCE: Final = re.compile(rf"(?<=;)\s+|(?<=[.!?])\s+(?=[\W\d]*[A-Z{CJK}])|(?<=[。！？；])")


@dataclass(frozen=True, slots=True)
class Cue:
    """A negation, a plan or hearsay in a sentence; with ``of_number``, a number that is a goal."""

    kind: str
    words: str
    start: int = 0
    end: int = 0
    of_number: bool = False

    @property
    def is_of_sentence(self) -> bool:
        """Whether the cue applies to the complete sentence.

        True of a report, a denial of what others say, and a number that is a goal.
        """
        is_denial = _DENIALS.match(self.words) is not None
        return self.kind == "report" or self.of_number or is_denial

    def is_elsewhere(
        self, sentence: str, has_object: Callable[[str], bool], has_subject: Callable[[str], bool]
    ) -> bool:
        """Whether what a fact states is only in clauses to which the cue does not apply.

        "The pact, signed by Wuhu, does not bind others" denies nothing of Wuhu. A plan also applies
        to the clauses after it, up to a clause with words such as "is" or "already"; a negation up
        to the next clause that is a statement; a cue in a relative clause to none. False if the cue
        :attr:`is_of_sentence`.
        """
        ends = [match.start() for match in CLAUSE_END.finditer(sentence)]
        start = max((end for end in ends if end <= self.start), default=0)
        later = [end for end in (*ends, len(sentence)) if end >= self.end]
        end = later.pop(0)
        if self.is_of_sentence:
            return False
        if start and not re.search(r"\w", sentence[self.end : end]):
            return False  # ", as expected": about the clause before it
        stop = _STATEMENT if self.kind == "negation" else _ACTUAL
        while later and not _RELATIVE.match(sentence, start):
            if stop.search(sentence, end, later[0]):
                break
            end = later.pop(0)
        reach, before = sentence[start:end], sentence[:start]
        if has_object(reach):
            return False
        if has_object(sentence[end:]):
            return True
        states = has_object(before) and has_subject(before + sentence[end:])
        return states and not has_subject(reach)

    def is_about(self, sentence: str, own: Collection[WrittenNumber]) -> bool:
        """Whether a plan can be about the numbers of a fact, rather than about other ones.

        "A goal of 3 percent" is about the number after it. A plan at the end of a later
        clause with another number, such as ", with 850,000 planned", is about that
        number, and ", and will have 9" is about 9.
        """
        is_goal = _GOAL_OF.search(self.words)
        if (is_goal or self.of_number) and _MET.search(sentence, 0, self.start):
            return False
        if self.of_number:  # "3 percent, equal to the 3 percent target" is also a result
            return bool(own) and all(_PASSED.match(sentence, one.end) for one in own)
        of_measure = bool(_MEASURE.match(sentence, self.start))
        if not own:
            return not of_measure
        every = written_numbers(sentence)
        own = [one for one in own if not self._is_compared(sentence, one, every)]
        if not own:
            return False
        after = [
            one
            for one in every
            if one.start >= self.end and not _COMMA.search(sentence, self.end, one.start)
        ]
        if is_goal or (of_measure and after):
            after = [one for one in after if one in own or not _YEAR.match(sentence, one.start)]
            return not after or after[0] in own
        if after and _COORDINATED.search(sentence[: self.start]):
            return any(one in own for one in after)
        before = [one for one in every if one.end <= self.start]
        if after or not before or before[-1] in own:
            return True
        last = max((one.end for one in before if one in own), default=0)
        return not last or not _COMMA.search(sentence, last, before[-1].start)

    def _is_compared(
        self, sentence: str, number: WrittenNumber, every: Collection[WrittenNumber]
    ) -> bool:
        """Whether a planned number is compared with this number.

        This number is then of an earlier year, or the first of a change: "from 6,000 to 9,000".
        """
        words = _COMPARED.search(sentence, max(number.start - 40, 0), number.start)
        if words is None or words.start() <= self.start < number.end:
            return False
        ends = [one.start for one in every if not _YEAR.match(sentence, one.start)]
        ends += [one.start() for one in _COMMA.finditer(sentence)]
        end = min((one for one in ends if one >= number.end), default=len(sentence))
        if year := _YEAR.search(sentence, words.start(), end):
            if number.end <= self.start < year.start():
                return False  # "6,000 planned for 2020"
            if int(year.group()) < max(written_years(sentence), default=0):
                return True
        before, after = sentence[: words.start()], sentence[number.end : end]
        if not words.group().isascii():
            return _CHANGE.search(after) is not None
        is_change = re.search(r"\bto\b", after) or re.search(r"\bto \S*\d", before)
        return is_change is not None and _CHANGE.search(before) is not None


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a normalised text; the ends of an excerpt may be incomplete ones."""
    return tuple(part for part in _SENTENCE.split(text) if part.strip())


def is_end(words: str) -> bool:
    """Return whether the words of a negation say that something ended.

    Words that do not begin with such a cue return False.

    >>> is_end("no longer"), is_end("cannot")
    (True, False)
    """
    return _ENDS.match(words) is not None


@lru_cache(maxsize=4096)
def cues(sentence: str) -> tuple[Cue, ...]:
    """Return the plans, reports and negations of a sentence by kind, then numbers that are goals.

    >>> [cue.words for cue in cues("Tencent plans to invest, and did not deny it.")]
    ['plans to', 'not', 'deny']
    """
    tables = (
        ("plan", _PLANS),
        ("plan", _PLANS_ZH),
        ("report", _REPORTED),
        ("negation", _NEGATIONS),
        ("negation", _NEGATIONS_ZH),
    )
    matches = ((kind, match) for kind, table in tables for match in table.finditer(sentence))
    # A named group precedes the words of a cue.
    spans = (
        (kind, max(one.start(), *map(one.end, one.groupdict()), 0), one.end())
        for kind, one in matches
    )
    found = [Cue(kind, sentence[start:end].strip(), start, end) for kind, start, end in spans]
    for number in written_numbers(sentence):
        goal = _PASSED.match(sentence, number.end)
        if goal:
            words = sentence[number.start : goal.end()]
            found.append(Cue("plan", words, number.start, goal.end(), of_number=True))
    return tuple(found)
