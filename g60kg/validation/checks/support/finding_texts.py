"""Texts of the findings of this check, in English and Chinese."""

from __future__ import annotations

from typing import Final

_DERIVED: Final = " If the text implies it, mark the fact Derived and explain it in a note."
_DERIVED_ZH: Final = "如果是从原文推出的，请将陈述标为“推导得出”，并在备注中说明。"
_UNNAMED: Final = (
    " If the text gives it no name, give it a hidden label with the words of the text, such as "
    "“agreed on mutual recognition”."
)
_UNNAMED_ZH: Final = "原文没有为其命名的，请以原文的说法（如“赴松江考察”）作为其隐藏标签。"
_NAME_IT: Final = (
    f"Quote a span that names it, or give the statement a second quotation that does.{_DERIVED}"
)
_NAME_IT_IN_CONTEXT: Final = (
    f"In the sheet, add the passage that names it in the column context of the row.{_DERIVED}"
)
#: The texts by language; a key with "passage" at its end is for evidence without words.
WORDS: Final = {
    "en": {
        "quote": "“{words}”",
        "passage": "[not reproduced: {locator}]",
        "between": "; ",
        "or": " or ",
        "more": " and {count} more",
        "EvidenceLacksSubject": "The quotation does not name {name}, the subject of “{property}”: "
        "{words}.",
        "EvidenceLacksSubject hint": _NAME_IT + _UNNAMED,
        "EvidenceLacksSubject hint passage": _NAME_IT_IN_CONTEXT + _UNNAMED,
        "EvidenceLacksObject": "The quotation does not name {name}, the object of “{property}”: "
        "{words}.",
        "EvidenceLacksObject hint": _NAME_IT,
        "EvidenceLacksObject hint passage": _NAME_IT_IN_CONTEXT,
        "EvidenceLacksCategory": "The quotation does not name {name}, by which “{property}” is "
        "counted or compared: {words}.",
        "EvidenceLacksCategory hint": "Correct the category or the reference area. If it is right, "
        "give the statement a second quotation that names it, or give the category a hidden label "
        f"with the words of the text.{_DERIVED}",
        "EvidenceLacksNumber": "The quotation does not have the number {name} of “{property}”: "
        "{words}.",
        "EvidenceLacksNumber hint": "Correct the number, or quote the span that has it. If it is "
        "calculated, mark the fact Derived and explain it in a note.",
        "EvidenceLacksNumber verbatim": "The verbatim text “{value}” does not have the number "
        "{name} of “{property}”.",
        "EvidenceLacksNumber verbatim hint": "Copy the text with the number from the quotation. In "
        "a sheet, put the row that quotes the number before the other rows of the fact.",
        "EvidenceLacksNumber sign": "The quotation gives {name} of “{property}” with the other "
        "sign: {words}.",
        "EvidenceLacksNumber sign hint": "Correct the sign: only a fall or a loss is below zero.",
        "EvidenceLacksNumber unit": "The quotation says “{cue}”, and the fact says {name}: "
        "{words}.",
        "EvidenceLacksNumber unit hint": "Correct the unit, or quote the span that has the number "
        "in it. If it is converted, mark the fact Derived and explain it in a note.",
        "EvidenceLacksYear": "The quotation does not have the year {name} of “{property}”: "
        "{words}.",
        "EvidenceLacksYear hint": "Correct the time, or give the statement a second quotation with "
        "the year. If the year follows from the article's date, mark the fact Derived and explain "
        "it in a note.",
        "EvidenceLacksYear beside": "The quotation says “{cue}”, and the fact has the year {name}: "
        "{words}.",
        "EvidenceLacksYear beside hint": "Correct the time: the year may be that of another event. "
        "If it is right, give the statement a second quotation that has it beside the statement.",
        "EvidenceLacksDate": "The quotation does not have the date {name} of “{property}”: "
        "{words}.",
        "EvidenceLacksDate hint": "Correct the date, leave out the month or day that the text does "
        "not have, or quote the span that has it. If it follows from the article's date, mark the "
        "fact Derived and explain it in a note.",
        "EvidenceNegates": "The quotation has “{cue}”, and the fact has no negation: {words}.",
        "EvidenceNegates hint": "Remove the fact if the text denies it. If the negation is about "
        "something else, quote a span without it.",
        "EvidenceHedges plan": "The quotation has “{cue}”, and the fact states a result: {words}.",
        "EvidenceHedges plan hint": "Set the modality to Goal, or quote the span that states the "
        "result.",
        "EvidenceHedges report": "The quotation has “{cue}”, and the fact is not attributed: "
        "{words}.",
        "EvidenceHedges report hint": "Set the modality to Attributed, or quote the span that "
        "states it.",
        "EvidenceHedges past": "The quotation says “{cue}”, and the fact states what is so now: "
        "{words}.",
        "EvidenceHedges past hint": "Set the modality to Past, or quote the span that says that "
        "it is so.",
        "EvidenceHedges present": "The quotation says “{cue}” and not that it is over, and the "
        "fact is past: {words}.",
        "EvidenceHedges present hint": "Remove the modality Past, or quote the span that says "
        "that it is over.",
        "EvidenceHedges bound": "The quotation says “{cue}”, and the fact says {stated}.",
        "EvidenceHedges bound hint": "Set the comparator to {kind}.",
        "EvidenceLacksText": "The quotation has no word of {name}, the text of “{property}”: "
        "{words}.",
        "EvidenceLacksText hint": "Correct the text, or quote the span that says it. If the source "
        "says it in other words, mark the fact Derived and explain it in a note.",
    },
    "zh": {
        "quote": "“{words}”",
        "passage": "[未转载：{locator}]",
        "between": "；",
        "or": "或",
        "more": "，另有 {count} 处",
        "EvidenceLacksSubject": "引文没有提到“{property}”的主体{name}：{words}。",
        "EvidenceLacksSubject hint": "请引用提到它的字句，或为同一陈述另加一条提到它的引文。"
        + _DERIVED_ZH
        + _UNNAMED_ZH,
        "EvidenceLacksSubject hint passage": "请在该行的 context 列补上提到它的段落。"
        + _DERIVED_ZH
        + _UNNAMED_ZH,
        "EvidenceLacksObject": "引文没有提到“{property}”的对象{name}：{words}。",
        "EvidenceLacksObject hint": "请引用提到它的字句，或为同一陈述另加一条提到它的引文。"
        + _DERIVED_ZH,
        "EvidenceLacksObject hint passage": "请在该行的 context 列补上提到它的段落。" + _DERIVED_ZH,
        "EvidenceLacksCategory": "引文没有提到“{property}”所统计的类别或参照地域{name}：{words}。",
        "EvidenceLacksCategory hint": "请改正类别或参照地域。如果无误，请为同一陈述另加一条"
        "提到它的引文，或以原文的说法作为该类别的隐藏标签。" + _DERIVED_ZH,
        "EvidenceLacksNumber": "引文没有“{property}”的数字 {name}：{words}。",
        "EvidenceLacksNumber hint": "请改正数字，或引用含有该数字的字句。"
        "如果是计算得出的，请将陈述标为“推导得出”，并在备注中说明。",
        "EvidenceLacksNumber verbatim": "原文表述“{value}”没有“{property}”的数字 {name}。",
        "EvidenceLacksNumber verbatim hint": "请从引文中照录含有该数字的文字。"
        "在事实表中，请把引用该数字的一行放在该事实的其他行之前。",
        "EvidenceLacksNumber sign": "引文中“{property}”的数字与 {name} 正负相反：{words}。",
        "EvidenceLacksNumber sign hint": "请改正正负号：只有下降或亏损为负。",
        "EvidenceLacksNumber unit": "引文是“{cue}”，而陈述是 {name}：{words}。",
        "EvidenceLacksNumber unit hint": "请改正单位，或引用以该单位给出数字的字句。"
        "如果是换算得出的，请将陈述标为“推导得出”，并在备注中说明。",
        "EvidenceLacksYear": "引文没有“{property}”的年份 {name}：{words}。",
        "EvidenceLacksYear hint": "请改正时间，或为同一陈述另加一条含有年份的引文。"
        "如果年份来自文章日期，请将陈述标为“推导得出”，并在备注中说明。",
        "EvidenceLacksYear beside": "引文说的是“{cue}”，而陈述的年份是 {name}：{words}。",
        "EvidenceLacksYear beside hint": "请改正时间：该年份可能属于另一件事。如果年份无误，"
        "请为同一陈述另加一条写明年份的引文。",
        "EvidenceLacksDate": "引文没有“{property}”的日期 {name}：{words}。",
        "EvidenceLacksDate hint": "请改正日期，删去原文没有的月或日，或引用含有该日期的字句。"
        "如果日期来自文章日期，请将陈述标为“推导得出”，并在备注中说明。",
        "EvidenceNegates": "引文含有“{cue}”，而陈述没有否定：{words}。",
        "EvidenceNegates hint": "如果原文否认此事，请删去这一陈述；如果否定的是别的内容，"
        "请引用不含否定的字句。",
        "EvidenceHedges plan": "引文含有“{cue}”，而陈述把它当作既成事实：{words}。",
        "EvidenceHedges plan hint": "请将陈述性质标为“目标”，或引用说明结果的字句。",
        "EvidenceHedges report": "引文含有“{cue}”，而陈述没有标明出自他人：{words}。",
        "EvidenceHedges report hint": "请将陈述性质标为“他人所述”，或引用直接陈述的字句。",
        "EvidenceHedges past": "引文是“{cue}”，而陈述把它当作现状：{words}。",
        "EvidenceHedges past hint": "请将陈述性质标为“曾经”，或引用说明现状的字句。",
        "EvidenceHedges present": "引文说的是“{cue}”，没有说已成过去，而陈述标为曾经：{words}。",
        "EvidenceHedges present hint": "请去掉陈述性质“曾经”，或引用说明已成过去的字句。",
        "EvidenceHedges bound": "引文是“{cue}”，而陈述是 {stated}。",
        "EvidenceHedges bound hint": "请将比较关系改为{kind}。",
        "EvidenceLacksText": "引文没有“{property}”的文字 {name} 中的任何词语：{words}。",
        "EvidenceLacksText hint": "请改正文字，或引用说明它的字句。"
        "如果来源用别的说法表达此意，请将陈述标为“推导得出”，并在备注中说明。",
    },
}  # fmt: skip
