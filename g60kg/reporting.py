"""A validation report in the formats that programs and people take."""

from __future__ import annotations

from typing import Final

from g60kg.errors import UsageError
from g60kg.validation.report import Report

FORMATS: Final = ("json", "sarif", "junit", "turtle", "text")


def written(
    report: Report,
    format_: str,
    language: str = "en",
    *,
    strict: bool = False,
    colour: bool = False,
) -> str:
    """The report in a format.

    Args:
        report: the report.
        format_: one of FORMATS.
        language: of what it says, ``en`` or ``zh``.
        strict: whether warnings fail too.
        colour: whether the text is for a terminal that shows colours.

    Raises:
        UsageError: no such format.
    """
    match format_:
        case "json":
            return report.to_json(strict) + "\n"
        case "turtle":
            from g60kg.validation.report_graph import to_turtle

            return to_turtle(report, language)
        case "junit":
            from g60kg.validation.report_junit import to_junit

            return to_junit(report, strict)
        case "sarif":
            return _sarif(report, language)
        case "text":
            from g60kg.validation.report_text import to_text

            return to_text(report, language, strict, colour=colour)
    raise UsageError(f"No format {format_}.", hint=f"Formats: {', '.join(FORMATS)}.")


def _sarif(report: Report, language: str) -> str:
    from g60kg.admit import check_codes
    from g60kg.validation.codes import code_page
    from g60kg.validation.report_sarif import Rule, to_sarif
    from g60kg.validation.rulebook import shape_rules

    rules = [
        Rule(
            rule.code,
            rule.messages.get(language, rule.messages["en"]),
            rule.why,
            code_page(rule.code),
        )
        for rule in shape_rules()
    ]
    rules += [
        Rule(code.name, code.summary, code.why, code_page(code.name))
        for codes in check_codes().values()
        for code in codes
    ]
    return to_sarif(report, rules, language)
