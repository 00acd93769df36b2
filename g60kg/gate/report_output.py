"""Output of a validation report: text, JSON, SARIF, JUnit and SHACL."""

from typing import Final

from g60kg.errors import UsageError
from g60kg.validation.check_codes import code_page, codes_by_check
from g60kg.validation.report.findings import Report

FORMATS: Final = ("json", "sarif", "junit", "turtle", "text")


def format_report(
    report: Report,
    format_: str,
    language: str = "en",
    *,
    strict: bool = False,
    colour: bool = False,
) -> str:
    """Return the text of a report in one of :data:`FORMATS`.

    With ``strict``, warnings fail too; Turtle and SARIF do not change.

    Raises:
        UsageError: unknown format.
    """
    match format_:
        case "json":
            return report.to_json(strict) + "\n"
        case "turtle":
            from g60kg.validation.report.shacl_graph import to_turtle

            return to_turtle(report, language)
        case "junit":
            from g60kg.validation.report.junit import to_junit

            return to_junit(report, strict)
        case "sarif":
            return _sarif(report, language)
        case "text":
            from g60kg.validation.report.text import to_text

            return to_text(report, language, strict, colour=colour)
    raise UsageError(f"Unknown format {format_}.", hint=f"Formats: {', '.join(FORMATS)}.")


def _sarif(report: Report, language: str) -> str:
    from g60kg.validation.report.sarif import to_sarif
    from g60kg.validation.shape_rules import shape_rules

    texts = {
        rule.code: (rule.messages.get(language, rule.messages["en"]), rule.why)
        for rule in shape_rules()
    }
    texts |= {
        code.name: (code.summary, code.why) for codes in codes_by_check().values() for code in codes
    }
    rules = {code: (*both, code_page(code)) for code, both in texts.items()}
    return to_sarif(report, rules, language)
