"""Check that files give registered entities the class of the register."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pyoxigraph import NamedNode, Quad

from g60kg.model.entity_register import REGISTER, other_class
from g60kg.model.ontology_lookup import Vocabulary
from g60kg.namespaces import A, compact
from g60kg.validation.check_codes import CheckCode
from g60kg.validation.finding_limit import Listing
from g60kg.validation.report.findings import Finding, Severity

REGISTERED_CLASS: Final = CheckCode(
    "RegisteredClass",
    (Severity.VIOLATION,),
    "An entity of the register gets a class that is neither its class there nor a subclass or a "
    "superclass of it.",
    "The register says what the entities are that several sources name. A second class would make "
    "one source's reading hold for all: a company would be on the map as a facility.",
)
#: The codes of this part of the check ``vocabulary``.
CODES: Final = (REGISTERED_CLASS,)

_MESSAGES: Final = {
    "en": (
        "{node} is registered as a {registered}, and this statement makes it a {kind}.",
        "Use the class {registered}, or give another entity a name of its own. If it is both, add "
        "the class to its row of instances/entities.csv.",
    ),
    "zh": (
        "{node} 已登记为 {registered}，而这条陈述将其归为 {kind}。",
        "请使用类 {registered}；若所指为另一实体，请另行命名；若兼属两类，"
        "请在 instances/entities.csv 的该行中加上这一类。",
    ),
}


def registered_class_findings(
    quads: Collection[Quad], vocabulary: Vocabulary, language: str = "en"
) -> tuple[Finding, ...]:
    """Return a finding for each class of a registered entity that disagrees with the register.

    Args:
        vocabulary: that of the store before the quads are added.
    """
    listing = Listing(language)
    message, hint = _MESSAGES.get(language, _MESSAGES["en"])
    typed = (quad.subject for quad in quads if quad.predicate == A)
    vocabulary.store.expect(node for node in typed if isinstance(node, NamedNode))
    for quad in quads:
        node, kind = quad.subject, quad.object
        if quad.predicate != A or quad.graph_name in REGISTER:
            continue
        if isinstance(node, NamedNode) and isinstance(kind, NamedNode):
            registered = other_class(node, kind, vocabulary)
            if registered is not None and listing.wants(REGISTERED_CLASS.name):
                names = {
                    "node": compact(node.value),
                    "registered": compact(registered.value),
                    "kind": compact(kind.value),
                }
                listing.add(
                    Finding(
                        severity=Severity.VIOLATION,
                        code=REGISTERED_CLASS.name,
                        message=message.format(**names),
                        focus=node.value,
                        path=A.value,
                        value=kind.value,
                        hint=hint.format(**names),
                        term=str(kind),
                    )
                )
    return listing.findings()
