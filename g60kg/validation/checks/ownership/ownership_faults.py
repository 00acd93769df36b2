"""Codes and messages of statements that a file may not make about other sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad, Triple

from g60kg.namespaces import compact
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.report.findings import Finding, Severity

FOREIGN_SOURCE: Final = CheckCode(
    "ForeignSource",
    (Severity.VIOLATION,),
    "A statement is about a fact, a quotation, a figure or a source that belongs to another "
    "source, rests on one, or is in another source's graph.",
    "A file that could add a speaker, a second quotation or a publisher to another source's facts "
    "would rewrite what readers cite, and retracting the file would not undo it. A file has one "
    "source, and states its facts in that source's graph.",
)
ACCEPTED_CHANGED: Final = CheckCode(
    "AcceptedChanged",
    (Severity.VIOLATION,),
    "A statement changes an accepted fact, quotation, figure or source, or adds to an accepted "
    "source a statement without a fact.",
    "Accepted statements were checked together. To correct one, retract it, which records the "
    "reason in the history, and add the corrected file. New facts of an accepted source need no "
    "retraction.",
)
UNSUPPORTED_ADDITION: Final = CheckCode(
    "UnsupportedAddition",
    (Severity.WARNING,),
    "An entity of another source gets a type, a label, a comment or a link that no fact of this "
    "source supports.",
    "Everybody who reads the entity sees the addition, and nothing shows where it comes from. "
    "It stays in the graph of the source that the file names, and retracting that source removes "
    "it.",
)
#: The codes of this part of the check ``vocabulary``.
CODES: Final = (FOREIGN_SOURCE, ACCEPTED_CHANGED, UNSUPPORTED_ADDITION)


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason why a file may not make a statement, with the node and its source's graph."""

    code: CheckCode
    message: str
    node: str
    owner: str = ""


def ownership_finding(quad: Quad, fault: Fault, language: str) -> Finding:
    """Return the finding for a statement."""
    message, hint = _MESSAGES.get(language, _MESSAGES["en"])[fault.message]
    named = {
        "node": compact(fault.node),
        "owner": compact(fault.owner),
        "graph": compact(str(quad.graph_name).strip("<>")),
    }
    assert not isinstance(quad.subject, Triple)
    assert not isinstance(quad.object, Triple)
    return fault.code.finding(
        message.format(**named),
        hint.format(**named),
        focus=quad.subject,
        path=quad.predicate,
        value=quad.object,
    )


#: For each kind of fault its message and how to fix it.
_MESSAGES: Final = {
    "en": {
        "other": (
            "{node} belongs to the source of {owner}, and this statement is in {graph}.",
            "Remove the statement. To correct another source, retract the fact and add that "
            "source's corrected file.",
        ),
        "sourceless": ("{graph} has no source in the file.", "Each of several graphs needs one."),
        "named": (
            "{node} is named for the source of {owner}, and this statement is in {graph}.",
            "Name facts and quotations for the file's source, as draft does. A file of several "
            "sources is TriG or N-Quads, with a graph for each that has its name.",
        ),
        "borrowed": (
            "This statement in {graph} rests on {node}, which belongs to the source of {owner}.",
            "Give evidence from the file's own source.",
        ),
        "about": (
            "The subject of this fact, {node}, belongs to the source of {owner}, and the fact is "
            "in {graph}.",
            "State a fact about the entity that the source describes, with a figure of its own.",
        ),
        "figure": (
            "This statement in {graph} is about the figure {node}, which only {owner} describes "
            "completely.",
            "Describe the figure in this file too, as drafted files do: without it, retracting "
            "the other source would leave no value.",
        ),
        "rests": (
            "{owner} states this too, but the file has no actual fact of {graph} for it.",
            "Add a fact without a status, or remove the statement: what is past, planned, expected "
            "or a goal is in its fact alone.",
        ),
        "unstated": (
            "{owner} has the statement of this fact, {graph} does not.",
            "State it in this file too, as drafted files do: without it, retracting the other "
            "source would leave the fact without its statement.",
        ),
        "graph": (
            "The file adds to {graph}, where another source is accepted, and to other graphs too.",
            "Give each source a file of its own.",
        ),
        "second": (
            "{node} is a new source, and {graph} belongs to an accepted one.",
            "State the source and its facts in a graph of its own.",
        ),
        "accepted": (
            "{node} is accepted already, and this statement changes it.",
            "Retract it with a reason, then add the file again.",
        ),
        "unsupported": (
            "This adds a statement without a fact to the accepted source of {graph}.",
            "Add a fact with a quotation, or move it to a file that describes its source.",
        ),
        "shared": (
            "No fact of this file supports this addition to the known entity {node}.",
            "Add a fact with a quotation. Otherwise it stays in {graph} until that source is "
            "retracted.",
        ),
    },
    "zh": {
        "other": (
            "{node} 属于 {owner} 的来源，而这条陈述在 {graph} 中。",
            "请删去这条陈述。如需更正其他来源，请撤回该事实，再添加该来源的更正文件。",
        ),
        "sourceless": ("文件未在 {graph} 中描述来源。", "文件若含多个图，每个图都须有其来源。"),
        "named": (
            "{node} 以 {owner} 的来源命名，而这条陈述在 {graph} 中。",
            "请以文件自身的来源命名事实与引文，draft 即如此命名。"
            "含多个来源的文件须为 TriG 或 N-Quads，每个来源各有一个以其命名的图。",
        ),
        "borrowed": (
            "{graph} 中的这条陈述以 {node} 为依据，而后者属于 {owner} 的来源。",
            "请给出出自文件自身来源的依据。",
        ),
        "about": (
            "这条事实陈述的主语 {node} 属于 {owner} 的来源，而该陈述在 {graph} 中。",
            "请陈述来源所述实体的事实，并给出自己的数据。",
        ),
        "figure": (
            "{graph} 中的这条陈述使用数据 {node}，而只有 {owner} 完整描述该数据。",
            "请在本文件中也描述该数据，草拟的文件即如此；否则撤回该来源后，数据便没有数值。",
        ),
        "rests": (
            "{owner} 也有这条陈述，但文件中没有 {graph} 的实际事实陈述支持它。",
            "请添加没有状态的事实陈述，或删去这条陈述：过去、计划、预期或目标只写在其事实陈述中。",
        ),
        "unstated": (
            "{owner} 含有这条事实陈述的三元组，而 {graph} 没有。",
            "请在本文件中也写出该三元组，草拟的文件即如此；否则撤回该来源后，事实陈述便没有三元组。",
        ),
        "graph": (
            "文件既向已有来源的 {graph} 添加内容，也向其他图添加内容。",
            "请为每个来源单独提供一个文件。",
        ),
        "second": (
            "{node} 是新来源，而 {graph} 属于已接受的来源。",
            "请将该来源及其事实陈述写入其自己的图。",
        ),
        "accepted": (
            "{node} 已被接受，而这条陈述会改动它。",
            "请先撤回并说明理由，再重新添加该文件。",
        ),
        "unsupported": (
            "这条陈述向 {graph} 中已接受的来源添加内容，却没有事实陈述支持。",
            "请引用支持它的原文，或写在描述其来源的文件中。",
        ),
        "shared": (
            "本文件为已有实体 {node} 添加了内容，却没有事实陈述支持。",
            "请引用支持它的原文；否则它保留在 {graph} 中，随该来源一并撤回。",
        ),
    },
}
