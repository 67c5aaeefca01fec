"""Several applications that are decided together: process, reject or set them, after a look at what changes."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.warnings import ApplicationWarning
from mureg.errors import Fault, Message, MuregError, WrongUsage, msg, plural
from mureg.operations.applications.choice import Choice, FirstWarning, chosen, counted_warnings
from mureg.operations.applications.processing import WarnedApplication, WarningFinder
from mureg.operations.result import Result
from mureg.operations.unchanged import ChangedSinceShown, expect_unchanged
from mureg.register.register import Register
from mureg.reports.labels import WARNING
from mureg.web import listing
from mureg.web.page import Page
from mureg.web.pages import applications, decision_preview
from mureg.web.pages.application import OPTIONS
from mureg.web.pages.decision_preview import MOST_SHOWN, Chosen, Preview
from mureg.web.rendering import address
from mureg.web.routes import does, shows

_MOST_OF_A_WARNING = 10


class Decision(NamedTuple):
    """A decision: its verb, how it is looked at, and what of the form belongs to it."""

    verb: str
    title: Callable[[int], Message]
    look: Callable[[Page, Register, Chosen], Preview]
    act: Callable[..., Result[Any]]
    values: tuple[str, ...]

    @property
    def path(self) -> str:
        """Of its page and its form."""
        return f"/applications/{self.verb}"


# --- which applications ---------------------------------------------------------------------------------------------

_NARROWING = ("search", "inn", "submitted-in", "submitted-before", "without-warnings")


def _chosen(page: Page, register: Register) -> Chosen:
    """Those that were ticked, or all that wait and that the filters let through."""
    if not page.asked("all-new"):
        numbers = list(dict.fromkeys(page.all_asked("number")))
        found = {each.application.number: each.application for each in register.applications.with_rows(numbers)}
        return Chosen(numbers, [found[number] for number in numbers if number in found])
    choice = Choice(
        submitted_before=page.day("submitted-before"),
        submitted_in=page.month("submitted-in"),
        inn=page.asked("inn") or None,
        search=page.asked("search") or None,
        without_warnings=bool(page.asked("without-warnings")),
    )
    waiting = chosen(register, choice, page.today)
    return Chosen([each.number for each in waiting], waiting)


def _kept(page: Page, decision: Decision) -> list[tuple[str, str]]:
    """What was asked, to be sent again by the form that confirms it."""
    if not page.asked("all-new"):
        which = [("number", number) for number in page.all_asked("number")]
    else:
        which = [(name, page.asked(name)) for name in ("all-new", *_NARROWING)]
    # Past midnight today is another day than the one that was shown.
    days = [("on", page.asked("on") or page.today.isoformat())] if "on" in decision.values else []
    return [*which, *days, *((name, page.asked(name)) for name in decision.values if name != "on")]


def _command(page: Page, decision: Decision) -> str:
    numbers = "" if page.asked("all-new") else "".join(f" {quoted(each)}" for each in page.all_asked("number"))
    given: dict[str, object] = {}
    if page.asked("all-new"):
        given = {"all-new": True} | {name: page.asked(name) for name in _NARROWING}
    option = page.asked("option")
    given |= {name: page.asked(name) for name in decision.values if name != "option"}
    given |= {"tier": option} if option in ("2-9", "10+") else {option: True} if option in OPTIONS else {}
    if decision.verb == "reject":
        given["comment"] = page.asked("comment") or "TEXT"
    given |= {name: True for name in ("without-warnings", "late", "without-sale") if given.get(name)}
    return listing.options(f"mureg application {decision.verb}{numbers}", given)


# --- what was shown, and has changed since --------------------------------------------------------------------------


class Seen(NamedTuple):
    """An application of a preview: the operation that changed it last, and the fingerprint of what becomes of it."""

    operation: int
    outcome: str


def _keep_seen(page: Page, decision: Decision, found: Chosen, preview: Preview) -> str:
    """Remember what a preview shows until it is confirmed; returns the key. As text, which takes the least memory."""
    seen = {each.number: (each.operation, preview.outcomes[each.number]) for each in found.applications}
    return page.session.keep(decision.path, json.dumps(seen))


def _seen(page: Page, decision: Decision) -> dict[str, Seen] | None:
    """What the preview of this form showed; `None` where that is forgotten: then its fingerprint alone is compared."""
    kept = page.session.kept(decision.path, page.asked("shown"))
    return {number: Seen(*each) for number, each in json.loads(kept).items()} if kept is not None else None


def _name_changed(page: Page, seen: Mapping[str, Seen], preview: Preview) -> None:
    """Add to the error the applications that are as they were shown, but of which something else would become now."""
    error = page.error
    if isinstance(error, ChangedSinceShown):
        outcomes = ((number, each, seen.get(number)) for number, each in preview.outcomes.items())
        changed = [number for number, now, before in outcomes if before is not None and before.outcome != now]
        faults = [Fault(msg("{number}: something else would come of it now", number=number)) for number in changed]
        page.error = ChangedSinceShown(error.message, error.hint, faults)


# --- the page -------------------------------------------------------------------------------------------------------


class ShownWarning(NamedTuple):
    """A warning of some of the applications, how many of them are not listed, and where they are."""

    title: Message
    first: list[FirstWarning]
    not_listed: int
    address: str


def _warnings(page: Page, register: Register, found: Chosen, preview: Preview | None) -> list[ShownWarning]:
    of_decision = preview.warnings if preview is not None else {}
    warned = _with_those(WarningFinder(register, page.today).of_each(found.applications), of_decision)
    listed = {name: page.asked(name) or None for name in ("search", "inn", "submitted-in")}
    return [
        ShownWarning(
            msg("{warning}: {applications}", warning=msg(WARNING[each.code]),
                applications=plural("{count} application", "{count} applications", count=each.applications)),
            each.first, each.applications - len(each.first),
            address("/applications", status="new", warnings=1 if each.level == "warning" else None, **listed),
        )
        for each in counted_warnings(warned, _MOST_OF_A_WARNING)
    ]  # fmt: skip


def _with_those(
    found: Iterator[WarnedApplication], others: Mapping[str, ApplicationWarning]
) -> Iterator[WarnedApplication]:
    """The applications with their own warnings and the others, each code once."""
    for application, warnings in found:
        other = others.get(application.number)
        added = [other] if other is not None and all(each.code != other.code for each in warnings) else []
        # That a promotion gives no discount is to be seen in the prices.
        own = [each for each in warnings if each.code != "promotion_ignored"]
        yield WarnedApplication(application, [*own, *added])


def _show(page: Page, decision: Decision) -> Response:
    """What was chosen, and what a decision would do with it; the list with the reason where nothing was chosen."""
    if not page.asked("all-new") and not page.all_asked("number"):
        page.error = page.error or WrongUsage(msg("choose the applications first"))
        return applications.show(page)
    preview, shown = None, ""
    with page.register() as register:
        found = _chosen(page, register)
        if found.numbers and (decision is not SET or page.asked("option")):
            try:
                preview = decision.look(page, register, found)
            except MuregError as error:
                page.error = page.error or error
        warnings = _warnings(page, register, found, preview)
    if preview is not None:
        _name_changed(page, _seen(page, decision) or {}, preview)
        shown = _keep_seen(page, decision, found, preview)
    return page.html(
        "application_choice.html",
        title=decision.title(len(found.numbers)),
        command=_command(page, decision),
        decision=decision,
        numbers=found.numbers,
        preview=preview,
        shown=shown,
        listed=MOST_SHOWN,
        left_out=max(len(found.numbers) - MOST_SHOWN, 0),
        warnings=warnings,
        kept=_kept(page, decision),
        options=OPTIONS,
    )


def _do(page: Page, decision: Decision) -> Response:
    with page.register() as register:
        found, seen = _chosen(page, register), _seen(page, decision)
        if seen is not None:
            expect_unchanged(register, {number: each.operation for number, each in seen.items()}, found.numbers)
        result = decision.act(page, register, found.numbers, dry_run=False)
    return page.done("/applications", result)


PROCESS = Decision(
    "process",
    lambda count: plural("Process {count} application", "Process {count} applications", count=count),
    decision_preview.look_processed,
    decision_preview.process,
    ("on", "late", "without-sale", "reason"),
)
REJECT = Decision(
    "reject",
    lambda count: plural("Reject {count} application", "Reject {count} applications", count=count),
    decision_preview.look_rejected,
    decision_preview.reject,
    ("on",),
)
SET = Decision(
    "set-multiuser",
    lambda count: plural(
        "Set the option of {count} application", "Set the option of {count} applications", count=count
    ),
    decision_preview.look_set,
    decision_preview.set_multiuser,
    ("option",),
)


def show_process(page: Page) -> Response:
    """What processing would sell."""
    return _show(page, PROCESS)


def process(page: Page) -> Response:
    """Process them."""
    return _do(page, PROCESS)


def show_reject(page: Page) -> Response:
    """What would be rejected."""
    return _show(page, REJECT)


def reject(page: Page) -> Response:
    """Reject them."""
    return _do(page, REJECT)


def show_set(page: Page) -> Response:
    """What would be set."""
    return _show(page, SET)


def set_multiuser(page: Page) -> Response:
    """Set the option of them."""
    return _do(page, SET)


ROUTES = [
    shows(PROCESS.path, show_process),
    does(PROCESS.path, process, again=show_process),
    shows(REJECT.path, show_reject),
    does(REJECT.path, reject, again=show_reject),
    shows(SET.path, show_set),
    does(SET.path, set_multiuser, again=show_set),
]
