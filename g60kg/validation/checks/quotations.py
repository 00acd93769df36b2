"""Check that quotations and passages are in the text of their article.

No message repeats the text of a passage, as it must not be reproduced.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from g60kg import namespaces as ns
from g60kg.model.article_text import MAX_QUOTATION, Text
from g60kg.model.change import Change
from g60kg.model.evidence_comparison import (
    Comparison,
    TextEvidence,
    TextsAtHand,
    Verdict,
    read_evidence,
)
from g60kg.model.evidence_lookup import EvidenceReader, Labels, stated_evidence
from g60kg.model.i18n import page_texts
from g60kg.model.text_diff import differing, nearest_passage
from g60kg.namespaces import A, compact, g60
from g60kg.rdf.text_excerpt import excerpt
from g60kg.stores.base import GraphStore, text_of
from g60kg.validation.check_codes import CheckCode, check_code
from g60kg.validation.report.findings import Finding, PassageCounts, QuotationCounts, Severity
from g60kg.validation.texts import check_texts

QUOTATION_VERBATIM: Final = check_code("QuotationVerbatim")
QUOTATION_UNCHECKED: Final = check_code("QuotationUnchecked")
TEXT_LENGTH: Final = check_code("TextLengthDiffers")
RECORD_UNCHECKED: Final = check_code("RecordUnchecked")
PASSAGE_NOT_FOUND: Final = check_code("PassageNotFound")
PASSAGE_MOVED: Final = check_code("PassageMoved")
PASSAGE_UNCHECKED: Final = check_code("PassageUnchecked")
SPAN_DIGEST_DIFFERS: Final = check_code("SpanDigestDiffers")
_DIGEST = g60("textDigest")
_LENGTH: Final = g60("textLength")


def check_quotations(
    store: GraphStore, stated: GraphStore, texts: Mapping[str, Text], language: str = "en"
) -> tuple[QuotationCounts, list[Finding]]:
    """Compare each stated quotation with the text of its article; return counts and findings.

    ``texts`` are by sha-256. Missing texts and wrong lengths of texts are findings, too.
    """
    verified = 0
    findings: list[Finding] = []
    words = check_texts("quotations", language)
    unchecked: Counter[str] = Counter()
    reader = EvidenceReader(store, Labels(store, language))
    for node in stated_evidence(store, stated, ns.QUOTATION):
        quotation = reader.of(node)
        article, start, end = quotation.article, quotation.start, quotation.end
        if not article or not quotation.quote or start is None or end is None:
            continue  # a violation of a shape
        text = texts.get(text_of(store, NamedNode(article), _DIGEST))
        if text is None:
            unchecked[article] += 1
        elif text.content[start:end] == quotation.quote:
            verified += 1
        else:
            findings.append(_failure(node, quotation.quote, start, end, text, language))
    counts = QuotationCounts(verified, len(findings), sum(unchecked.values()))
    findings += _unchecked(QUOTATION_UNCHECKED, unchecked, words)
    findings += _wrong_lengths(store, stated, texts, words)
    return counts, findings


def _unchecked(
    code: CheckCode, articles: Counter[str], words: Mapping[str, str]
) -> Iterator[Finding]:
    for article, count in sorted(articles.items()):
        message = words["unchecked"].format(count=count, article=compact(article))
        yield code.finding(message, words["supply"], focus=article)


def _wrong_lengths(
    store: GraphStore, stated: GraphStore, texts: Mapping[str, Text], words: Mapping[str, str]
) -> Iterator[Finding]:
    for quad in stated.quads(None, _LENGTH, None):
        if not (isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)):
            continue
        text = texts.get(text_of(store, quad.subject, _DIGEST))
        length = quad.object.value
        if text is not None and length.isdecimal() and length.lstrip("0") != str(text.length):
            yield TEXT_LENGTH.finding(
                words["length"].format(stated=excerpt(length), length=text.length),
                words["measure"].format(length=text.length),
                focus=quad.subject,
                path=_LENGTH,
                value=quad.object,
            )


def other_text(
    store: GraphStore, stated: GraphStore, article: Text, language: str = "en"
) -> Iterator[Finding]:
    """Yield a warning for each source that files describe or cite, if none has the given text.

    Sources without a digest are ignored.
    """
    evidence = {quad.object for quad in stated.quads(None, ns.HAS_EVIDENCE, None)}
    sources = {quad.subject for quad in stated.quads(None, _DIGEST, None)}.union(
        *(store.objects(one, ns.HAS_SOURCE) for one in evidence if isinstance(one, NamedNode))
    )
    digests = {
        one.value: digest
        for one in sources
        if isinstance(one, NamedNode) and (digest := text_of(store, one, _DIGEST))
    }
    words = check_texts("quotations", language)
    for source, digest in sorted(digests.items()):
        if article.digest in digests.values():
            return
        message = words["other"].format(
            given=article.digest[:12], stated=digest[:12], article=compact(source)
        )
        yield QUOTATION_UNCHECKED.finding(
            message, words["same"], focus=source, path=_DIGEST, value=Literal(digest)
        )


def unchecked_records(change: Change, language: str = "en") -> tuple[int, tuple[Finding, ...]]:
    """Return the number of unchecked records, and a warning for each dataset that has any.

    They are the dataset records that new facts use as evidence, or to which files add a verdict.
    """
    store = change.after
    by_dataset: dict[str, set[NamedNode]] = {}
    used = [quad.object for quad in change.added.quads(None, ns.HAS_EVIDENCE, None)]
    for record in (*used, *(quad.subject for quad in change.added.quads(None, ns.VERDICT, None))):
        if isinstance(record, NamedNode) and ns.DATASET_RECORD in store.objects(record, A):
            for dataset in store.objects(record, ns.HAS_SOURCE):
                if isinstance(dataset, NamedNode):
                    by_dataset.setdefault(dataset.value, set()).add(record)
    words = check_texts("quotations", language)
    findings = tuple(
        RECORD_UNCHECKED.finding(
            words["records"].format(count=len(records), dataset=compact(dataset)),
            words["compare"],
            focus=dataset,
        )
        for dataset, records in sorted(by_dataset.items())
    )
    return sum(map(len, by_dataset.values())), findings


def count_records(store: GraphStore) -> int:
    """Return the number of dataset records in a store."""
    return len({quad.subject for quad in store.quads(None, A, ns.DATASET_RECORD)})


def _failure(
    node: NamedNode, quote: str, start: int, end: int, text: Text, language: str
) -> Finding:
    words = check_texts("quotations", language)
    places = text.places(quote)
    there = text.content[start:end][:MAX_QUOTATION]
    near = None if places else nearest_passage(quote, text.content)
    if len(places) > 1:
        hint = words["which"].format(places=", ".join(map(str, places)))
    elif places:
        hint = words["elsewhere"].format(place=places[0])
    elif near:
        how = page_texts(language).message(differing(quote, near))
        hint = words["near"].format(how=how, own=near)
    else:
        hint = words["nothing"]
    message = words["failed"].format(start=start, end=end, there=there, words=quote)
    return QUOTATION_VERBATIM.finding(message, hint, focus=node, path=ns.EXACT, value=quote)


def check_passages(
    store: GraphStore, stated: GraphStore, at_hand: TextsAtHand, language: str = "en"
) -> tuple[PassageCounts, list[Finding]]:
    """Compare each stated passage with a text of its article; return counts and findings.

    A passage that is not found is a violation if the text is the recorded one, else a
    warning. There is also a finding for a passage that moved or whose span digest
    differs, if the text is the recorded one, and for each article without a text.
    """
    nodes = stated_evidence(store, stated, ns.PASSAGE)
    read = (read_evidence(store, node) for node in nodes)
    passages = [one for one in read if one is not None]  # others are violations of shapes
    if not passages:
        return PassageCounts(), []
    compared = at_hand.compare(passages)
    words = check_texts("passages", language)
    findings = [f for one, found in compared if (f := _of_passage(one, found, at_hand, words))]
    unchecked = Counter(
        one.source.value for one, found in compared if found.verdict is Verdict.UNCHECKED
    )
    findings += _unchecked(PASSAGE_UNCHECKED, unchecked, words)
    counts = Counter(found.verdict for _, found in compared)
    return PassageCounts(*(counts[verdict] for verdict in Verdict)), findings


def _of_passage(
    one: TextEvidence, found: Comparison, at_hand: TextsAtHand, words: Mapping[str, str]
) -> Finding | None:
    if found.verdict is Verdict.NOT_FOUND:
        message = words["not found"].format(length=one.length, article=compact(one.source.value))
        severity = Severity.VIOLATION if found.of_record else Severity.WARNING
        hint = words["again" if found.of_record else "copy"]
        return PASSAGE_NOT_FOUND.finding(
            message, hint, focus=one.iri, path=ns.NORMALIZED_DIGEST, severity=severity
        )
    if found.verdict is Verdict.MOVED and found.of_record:
        offsets = ", ".join(f"{start}–{end}" for start, end in one.places)
        message = words["moved"].format(offsets=offsets, start=found.start, end=found.end)
        return PASSAGE_MOVED.finding(message, words["correct"], focus=one.iri, path=ns.START)
    if at_hand.span_differs(one, found):
        message = words["span"].format(start=found.start, end=found.end)
        return SPAN_DIGEST_DIFFERS.finding(
            message, words["again"], focus=one.iri, path=ns.SPAN_DIGEST
        )
    return None
