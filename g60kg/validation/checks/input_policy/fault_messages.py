"""Faults in the words of a reader."""

from __future__ import annotations

from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from g60kg.rdf.text_excerpt import excerpt
from g60kg.validation.checks.input_policy.policy_codes import MAX_CHAIN, MAX_IRI, MAX_LITERAL
from g60kg.validation.checks.input_policy.quad_faults import Fault
from g60kg.validation.report.findings import Finding

_LONGEST_TOLD: Final = 200
#: What a message says is allowed, where it is a number.
_LIMITS: Final = {"long IRI": MAX_IRI, "long text": MAX_LITERAL, "chain": MAX_CHAIN}


def finding_of(quad: Quad, fault: Fault, language: str) -> Finding:
    """The finding on a fault of a quad, its message and hint in that language."""
    message, hint = _WORDS.get(language, _WORDS["en"])[fault.words]
    told, limit = excerpt(fault.told, _LONGEST_TOLD), f"{_LIMITS.get(fault.words, 0):,}"
    # A fault of the subject is told at its first line, any other at the triple's.
    of_triple = not fault.of_subject
    return Finding(
        severity=fault.code.severities[0],
        code=fault.code.name,
        message=message.format(told=told, limit=limit),
        focus=_focus(quad.subject),
        focus_label=None,
        path=quad.predicate.value if of_triple else None,
        value=fault.at if of_triple else None,
        file=None,
        line=None,
        column=None,
        hint=hint,
        term=str(quad.object) if of_triple else None,
    )


def _focus(subject: NamedNode | BlankNode | Triple) -> str | None:
    if isinstance(subject, Triple):
        return None
    return f"_:{subject.value}" if isinstance(subject, BlankNode) else subject.value


#: For each kind of fault what is wrong, and how to mend it.
_WORDS: Final = {
    "en": {
        "foreign": (
            "This is about {told}, which is none of the graph's own things.",
            "Make a thing in id:, state it of that one, and point to the other with "
            "skos:exactMatch.",
        ),
        "term": (
            "This is about {told}, a term of the ontology, the shapes or a standard. A file of "
            "facts changes none.",
            "Take it out. What terms and shapes are is said in the files of ontology/.",
        ),
        "type": (
            "{told} is a type of terms and shapes, not of things that facts are about.",
            "Take it out, or give a class of the ontology, such as g60:City.",
        ),
        "property": (
            "{told} says what terms are; facts do not use it.",
            "Take it out. For the same thing in another graph there is skos:exactMatch.",
        ),
        "foreign type": (
            "The type {told} is no class of the ontology.",
            "Give a class of the ontology, such as g60:Enterprise. To which classes of other "
            "vocabularies its members belong is said there.",
        ),
        "blank": (
            "A blank node stands here.",
            "Give it an IRI in id:, fact: or quote:.",
        ),
        "graph": (
            "The graph {told} is no source's.",
            "A source's statements stand in graph: and the source's id. In a file without graphs "
            "they go where its Facts' source is; without Facts, into a graph of the file's name.",
        ),
        "triple": (
            "A triple stands here in the place of a node, as only RDF 1.2 has it.",
            "State it as a g60:Fact with g60:factSubject, g60:factPredicate and g60:factObject.",
        ),
        "direction": (
            "The text has a direction, {told}, as only RDF 1.2 has it.",
            'Leave the direction out: "…"@en.',
        ),
        "scheme": (
            "An address with {told}: is not taken.",
            "Addresses begin with http:, https: or urn:.",
        ),
        "name": (
            "{told} does not end in a plain name.",
            "After id:, fact: or quote: comes a name without slash, hash or question mark.",
        ),
        "long text": (
            "The text has {told} characters; {limit} are allowed.",
            "Keep the words that carry the statement. The text of an article is no part of the "
            "graph.",
        ),
        "long IRI": (
            "The IRI has {told} characters; {limit} are allowed.",
            "Give it a shorter name.",
        ),
        "chain": (
            "This stands in a chain of more than {limit} statements, each going on where another "
            "ends.",
            "Nothing lies in so many places, one in another. Look for subject and object that "
            "have changed places, or for a circle.",
        ),
        "form": (
            "{told} is not written as its datatype is.",
            "Write it as XML Schema does, such as 3000 or 3.5 for numbers, 2021-06-03 for dates.",
        ),
        "formula": (
            "The text begins with {told}, as a formula does.",
            "Begin it with a letter: spreadsheets run formulas in CSV files.",
        ),
        "control": (
            "The text has the control character {told} in it.",
            "Take it out.",
        ),
    },
    "zh": {
        "foreign": (
            "这里陈述的是 {told}，它不属于本图谱自己的实体。",
            "请在 id: 中建立实体，对它作陈述，再用 skos:exactMatch 指向对方。",
        ),
        "term": (
            "这里陈述的是 {told}，即本体、约束或标准中的术语。事实文件不得改动它们。",
            "请删去。术语与约束在 ontology/ 的文件中说明。",
        ),
        "type": (
            "{told} 是术语和约束的类型，不是事实所涉及的实体的类型。",
            "请删去，或改用本体中的类，如 g60:City。",
        ),
        "property": (
            "{told} 用于说明术语，事实中不使用。",
            "请删去。若指其他图谱中的同一事物，请用 skos:exactMatch。",
        ),
        "foreign type": (
            "类型 {told} 不是本体中的类。",
            "请改用本体中的类，如 g60:Enterprise；它与其他词汇表的类的关系在本体中说明。",
        ),
        "blank": (
            "此处用了空白节点。",
            "请在 id:、fact: 或 quote: 中给它一个 IRI。",
        ),
        "graph": (
            "图 {told} 不是任何来源的图。",
            "来源的陈述应位于 graph: 加来源编号的图中。文件不含图时，陈述归入其 Fact 的来源；"
            "没有 Fact 时，归入以文件名命名的图。",
        ),
        "triple": (
            "此处以三元组代替节点，这是 RDF 1.2 才有的写法。",
            "请写成 g60:Fact，用 g60:factSubject、g60:factPredicate 和 g60:factObject。",
        ),
        "direction": (
            "文字带有书写方向 {told}，这是 RDF 1.2 才有的写法。",
            '请去掉方向，写成 "…"@zh。',
        ),
        "scheme": (
            "不接受以 {told}: 开头的地址。",
            "地址以 http:、https: 或 urn: 开头。",
        ),
        "name": (
            "{told} 的末尾不是单纯的名称。",
            "id:、fact: 或 quote: 之后须是不含斜线、井号和问号的名称。",
        ),
        "long text": (
            "文字有 {told} 个字符，最多允许 {limit} 个。",
            "请只保留承载该陈述的文字。文章全文不属于本图谱。",
        ),
        "long IRI": (
            "IRI 有 {told} 个字符，最多允许 {limit} 个。",
            "请换用较短的名称。",
        ),
        "chain": (
            "这条陈述所在的链由 {limit} 条以上首尾相接的陈述组成。",
            "没有什么会如此层层位于其他地域之中。请检查主体与客体是否颠倒，或是否形成了循环。",
        ),
        "form": (
            "{told} 的写法不符合其数据类型。",
            "请按 XML Schema 的写法填写，如数字 3000 或 3.5，日期 2021-06-03。",
        ),
        "formula": (
            "文字以 {told} 开头，形同公式。",
            "请以文字开头：电子表格会运行 CSV 文件中的公式。",
        ),
        "control": (
            "文字中含有控制字符 {told}。",
            "请删去。",
        ),
    },
}
