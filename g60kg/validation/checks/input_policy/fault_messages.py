"""Messages for faults of quads."""

from __future__ import annotations

from typing import Final

#: For each kind of fault the message and the hint.
MESSAGES: Final = {
    "en": {
        "foreign": (
            "The subject {term} is outside id:, measure:, fact: and quote:.",
            "Use an entity in id: as the subject, and refer to the other with schema:sameAs.",
        ),
        "term": (
            "The subject {term} is a term of the ontology, the shapes or a standard, which a "
            "file of facts may not change.",
            "Remove it. Terms and shapes are defined in the files of ontology/.",
        ),
        "type": (
            "{term} is a class of terms and shapes, not of entities.",
            "Remove it, or use a class of the ontology such as g60:City.",
        ),
        "property": (
            "{term} defines terms; facts may not use it.",
            "Remove it. For the same entity in another graph use schema:sameAs.",
        ),
        "foreign type": (
            "The type {term} is not a class of the ontology.",
            "Use a class of the ontology such as g60:Enterprise. The ontology maps it to classes "
            "of other vocabularies.",
        ),
        "blank": (
            "Blank nodes are not allowed.",
            "Give it an IRI in id:, measure:, fact: or quote:.",
        ),
        "graph": (
            "The graph {term} is not that of a source.",
            "Use graph: and the source's id. The statements of a file without graphs are in the "
            "graph of its Facts' source; without Facts, in a graph named after the file.",
        ),
        "triple": (
            "A triple is used as a node, which needs RDF 1.2.",
            "Use a g60:Fact with g60:factSubject, g60:factPredicate and g60:factObject.",
        ),
        "direction": (
            "The text has the direction {term}, which needs RDF 1.2.",
            'Remove the direction: "…"@en.',
        ),
        "scheme": (
            "Addresses with {term}: are not allowed.",
            "Use an address with http:, https: or urn:.",
        ),
        "name": (
            "{term} does not end in a simple name.",
            "Use a name without slash, hash or question mark after id:, measure:, fact: or quote:.",
        ),
        "long text": (
            "The text has {term} characters; {limit} are allowed.",
            "Keep the text that supports the statement. The text of an article is not part of the "
            "graph.",
        ),
        "long IRI": (
            "The IRI has {term} characters; {limit} are allowed.",
            "Give it a shorter name.",
        ),
        "chain": (
            "This statement is in a chain of more than {limit} statements, in which each object is "
            "the subject of the next.",
            "Look for exchanged subjects and objects, or for a cycle.",
        ),
        "form": (
            "{term} is invalid for its datatype, or a number with too many digits.",
            "Write it as XML Schema requires: 3000 or 3.5 for a number, 2021-06-03 for a date. A "
            "number has at most 18 digits on either side of the point.",
        ),
        "address": (
            "{term} is not a valid address.",
            "Give a complete one; percent-encode spaces, braces, backslashes and the like in it.",
        ),
        "formula": (
            "The text begins with {term} like a formula.",
            "Begin it with a letter: spreadsheets run formulas in CSV files.",
        ),
        "control": (
            "The text has the control character {term}.",
            "Remove it.",
        ),
    },
    "zh": {
        "foreign": (
            "这里陈述的是 {term}，它不属于本图谱自己的实体。",
            "请在 id: 中建立实体，对它作陈述，再用 schema:sameAs 指向对方。",
        ),
        "term": (
            "这里陈述的是 {term}，即本体、约束或标准中的术语。事实文件不得改动它们。",
            "请删去。术语与约束在 ontology/ 的文件中说明。",
        ),
        "type": (
            "{term} 是术语和约束的类型，不是事实所涉及的实体的类型。",
            "请删去，或改用本体中的类，如 g60:City。",
        ),
        "property": (
            "{term} 用于说明术语，事实中不使用。",
            "请删去。若指其他图谱中的同一事物，请用 schema:sameAs。",
        ),
        "foreign type": (
            "类型 {term} 不是本体中的类。",
            "请改用本体中的类，如 g60:Enterprise；它与其他词汇表的类的关系在本体中说明。",
        ),
        "blank": (
            "此处用了空白节点。",
            "请在 id:、measure:、fact: 或 quote: 中给它一个 IRI。",
        ),
        "graph": (
            "图 {term} 不是任何来源的图。",
            "来源的陈述应位于 graph: 加来源编号的图中。文件不含图时，陈述归入其 Fact 的来源；"
            "没有 Fact 时，归入以文件名命名的图。",
        ),
        "triple": (
            "此处以三元组代替节点，这是 RDF 1.2 才有的写法。",
            "请写成 g60:Fact，用 g60:factSubject、g60:factPredicate 和 g60:factObject。",
        ),
        "direction": (
            "文字带有书写方向 {term}，这是 RDF 1.2 才有的写法。",
            '请去掉方向，写成 "…"@zh。',
        ),
        "scheme": (
            "不接受以 {term}: 开头的地址。",
            "地址以 http:、https: 或 urn: 开头。",
        ),
        "name": (
            "{term} 的末尾不是单纯的名称。",
            "id:、measure:、fact: 或 quote: 之后须是不含斜线、井号和问号的名称。",
        ),
        "long text": (
            "文字有 {term} 个字符，最多允许 {limit} 个。",
            "请只保留承载该陈述的文字。文章全文不属于本图谱。",
        ),
        "long IRI": (
            "IRI 有 {term} 个字符，最多允许 {limit} 个。",
            "请换用较短的名称。",
        ),
        "chain": (
            "这条陈述所在的链由 {limit} 条以上首尾相接的陈述组成。",
            "没有什么会如此层层位于其他地域之中。请检查主体与客体是否颠倒，或是否形成了循环。",
        ),
        "form": (
            "{term} 的写法不符合其数据类型，或数字的位数过多。",
            "请按 XML Schema 的写法填写，如数字 3000 或 3.5，日期 2021-06-03。"
            "小数点前后最多各 18 位。",
        ),
        "address": (
            "{term} 不是有效的网址。",
            "请给出完整的网址，并对其中的空格、花括号、反斜线等字符作百分号编码。",
        ),
        "formula": (
            "文字以 {term} 开头，形同公式。",
            "请以文字开头：电子表格会运行 CSV 文件中的公式。",
        ),
        "control": (
            "文字中含有控制字符 {term}。",
            "请删去。",
        ),
    },
}
