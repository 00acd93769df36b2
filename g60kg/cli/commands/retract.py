"""`retract`: remove facts or sources; the history keeps them."""

from typing import Annotated

import typer

from g60kg.cli.output import say, show
from g60kg.cli.session import changed_meanwhile, confirm, session_of


def retract(
    context: typer.Context,
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="IRI…", help="Facts by IRI or CURIE; sources by id, article or graph IRI."
        ),
    ],
    reason: Annotated[str, typer.Option(help="The reason, for the history; servers show it.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be removed without removing it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Retract facts or sources; the history keeps their statements, who, when and why."""
    from g60kg.errors import UsageError
    from g60kg.gate.fact_validation import introduced_findings
    from g60kg.gate.retraction import removal, removal_summary
    from g60kg.gate.transactions import retract as take_back
    from g60kg.model.change import Change
    from g60kg.model.names import has_ink
    from g60kg.model.semantic_diff import difference, to_lines
    from g60kg.rdf.text_excerpt import excerpt
    from g60kg.validation.checks.input_policy.quad_faults import MAX_LITERAL
    from g60kg.validation.report.findings import Severity
    from g60kg.validation.report.text import finding_lines

    session = session_of(context)
    if not has_ink(reason):
        raise UsageError("A retraction needs a reason.", hint="Give it: --reason TEXT")
    if len(reason) > MAX_LITERAL:
        raise UsageError(
            f"The reason has more than {MAX_LITERAL:,} characters.", hint="Shorten it."
        )
    store = session.open_persistent("retract", writable=yes and not dry_run)
    going = removal(store, targets)
    for target, when in going.already:
        say(f"{excerpt(target)} was already retracted at {when}.")
    if not going.quads:
        say("Nothing was retracted.")
        return
    show(*to_lines(difference(going.quads, ()), [store], session.language))
    broken = introduced_findings(Change.of(store, removed=going.quads), session.language)
    if any(one.severity is Severity.VIOLATION for one in broken):
        say("The rest would no longer conform:", *finding_lines(broken, session.language))
    elif broken:
        say("New notes on the rest:", *finding_lines(broken, session.language))
    if dry_run:
        say(f"{removal_summary(going)} would be retracted. Nothing was changed.")
        return
    confirm(f"Retract {removal_summary(going)}?", yes, "Nothing was retracted.")
    if not yes:  # others could write while the question was open
        store = session.open_persistent("retract", writable=True)
        if removal(store, targets) != going:
            raise changed_meanwhile(store)
    take_back(store, going, reason.strip())
    say(f"Retracted: {removal_summary(going)}.")
