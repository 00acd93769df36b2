"""Codes of the findings of this check."""

from __future__ import annotations

from typing import Final

from g60kg.validation.check_codes import CheckCode
from g60kg.validation.report.findings import Severity

LACKS_SUBJECT: Final = CheckCode(
    "EvidenceLacksSubject",
    (Severity.WARNING,),
    "No quotation of a fact names its subject.",
    "A sentence about “it” or “the region” can be about another subject. Names are labels, "
    "alternative names and hidden labels in the language of the text; a hidden label counts in the "
    "facts of its own source, and everywhere if it is in the register. A second quotation of the "
    "same fact can give the name; a fact marked Derived with a comment has no such warning.",
)
LACKS_OBJECT: Final = CheckCode(
    "EvidenceLacksObject",
    (Severity.WARNING,),
    "No quotation of a fact names the entity that is its object.",
    "A list that the quotation cuts off, or a neighbouring sentence, does not support the fact. "
    "Names are those that count for the subject.",
)
LACKS_CATEGORY: Final = CheckCode(
    "EvidenceLacksCategory",
    (Severity.WARNING,),
    "No quotation of a fact names the category or the reference area of its figure.",
    "“318 listed companies” is no number of unicorns, and a share of a province's GDP none of the "
    "country's. One word of a label of the category is enough; an area can be named by its class, "
    "such as “in the province” or 全市.",
)
LACKS_NUMBER: Final = CheckCode(
    "EvidenceLacksNumber",
    (Severity.WARNING,),
    "No quotation of a fact has its number, or the verbatim text of its figure has none of it.",
    "The number is looked for in digits and in words, in English and in Chinese: “57.92 million”, "
    "“5792万”, “1/24”, “nine”, “第一”, “1,000 to 1,200”. A unit or a currency beside it is that of "
    "the figure.",
)
LACKS_YEAR: Final = CheckCode(
    "EvidenceLacksYear",
    (Severity.WARNING,),
    "No quotation of a fact has the year of its time or of its date, or has another beside it.",
    "A year from another sentence can be that of another event. A year that follows from the date "
    "of the article is the curator's conclusion: the fact is Derived, and its comment says so.",
)
LACKS_DATE: Final = CheckCode(
    "EvidenceLacksDate",
    (Severity.WARNING,),
    "No quotation of a fact has the month or the day of its time or of its date.",
    "A date that is more exact than its source is invented. Quarters, halves, seasons and the end "
    "of a month or a year are read as well; January may be left out in “up to June”. A day that "
    "follows from the date of the article is the curator's conclusion, as is a year.",
)
NEGATES: Final = CheckCode(
    "EvidenceNegates",
    (Severity.WARNING,),
    "The sentence that has the object of a fact has a negation, and the fact has none.",
    "A denial is not a statement. Words such as “not only”, 不断 and 不仅 do not count; a negation "
    "in the text or predicate of the fact is part of the statement.",
)
HEDGES: Final = CheckCode(
    "EvidenceHedges",
    (Severity.WARNING,),
    "A quotation states a plan, what was, or a bound, and the fact what is, or an exact number; or "
    "the quotation states what is, and the fact what was.",
    "“Plans to invest” is a goal: the modality Goal satisfies the check. “Formerly in Shanghai” is "
    "Past, “is in Shanghai” is not. “Nearly 3,000” is less than 3,000, neither 3,000 nor more: the "
    "comparator must agree with the words.",
)
#: The codes of this check.
CODES: Final = (
    LACKS_SUBJECT,
    LACKS_OBJECT,
    LACKS_CATEGORY,
    LACKS_NUMBER,
    LACKS_YEAR,
    LACKS_DATE,
    NEGATES,
    HEDGES,
)
