"""The oracle's side of a sequence: takes the steps that mureg takes, by the rules, and keeps what mureg agreed to.

What a resolution was given to, and what a month showed when it was closed, comes from mureg, after it was judged
(`judging`). To undo a step is to take all others again.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from oracle import recomputing, rules
from oracle.facts import Application, Entry, Facts, Refusal, kopecks
from oracle.rules import require, require_open
from oracle.steps import Step

Views = dict[str, dict[str, Any]]


@dataclass
class Event:
    """A step that mureg has taken, and what was seen at it."""

    step: Step
    operation: int
    seen: dict[str, Any]
    is_undone: bool = False


@dataclass
class Model:
    facts: Facts = field(default_factory=Facts)
    events: list[Event] = field(default_factory=list)
    lapsed: set[tuple[str, str]] = field(default_factory=set)
    """Month and content of the resolutions that were out of force for a time: they may have been voided."""

    def foresee(self, step: Step, views: Views) -> tuple[str, dict[str, Any]]:
        """Whether mureg has to take the step: `yes`, `no: rule`, or `maybe`; and what is seen before it."""
        if step.name == "undo":
            return self._foresee_undo(step), {}
        if step.name == "price":
            return "yes", {}
        seen: dict[str, Any] = {}
        try:
            if step.name in ("accept", "carry"):
                seen = {"pairs": _resolvable(self.facts, step, views)}
            elif step.name == "close":
                _require_closable(self.facts, step, views)
                return "yes", seen
            apply(self.facts.copied(), step, seen)
        except Refusal as refusal:
            return f"no: {refusal}", seen
        # What depends on an application, and refuses this, is not foreseen.
        return "maybe" if step.name in ("amend", "return") else "yes", seen

    def note(self, step: Step, operation: int, seen: dict[str, Any], views: Views) -> None:
        """Take the step too; `views` are what mureg shows after it."""
        if step.name == "undo":
            event = self.event(step.values["operation"])
            assert event is not None
            event.is_undone = True
            self.facts = self.without(event)
        else:
            if step.name == "close":
                seen = {"shown": views[step.values["month"]]}
            elif step.name == "statement":
                # A new statement voids the resolutions whose pairs it does not have.
                in_force = _in_force(views[step.values["month"]])
                kept = self.facts.months[step.values["month"]].resolutions
                seen = {"void": [key for key in kept if key[0] not in in_force]}
            apply(self.facts, step, seen)
            self.events.append(Event(step, operation, seen))
        self.note_lapsed(views)

    def note_lapsed(self, views: Views) -> None:
        """Note the resolutions that are out of force now."""
        for name, month in self.facts.months.items():
            if not self.facts.is_past(name):
                in_force = _in_force(views[name])
                self.lapsed |= {(name, content) for content, _ in month.resolutions if content not in in_force}

    def event(self, operation: int | None) -> Event | None:
        """The event of an operation, or the last one in force."""
        if operation is None:
            return next((each for each in reversed(self.events) if not each.is_undone), None)
        return next((each for each in self.events if each.operation == operation), None)

    def without(self, event: Event) -> Facts:
        """The facts as they would be without a step."""
        facts = Facts(markup=self.facts.markup)
        for each in self._lasting():
            if each is not event:
                apply(facts, each.step, each.seen)
        return facts

    def _lasting(self) -> list[Event]:
        """The events in force, without months that were closed and reopened."""
        events: list[Event] = []
        for event in self.events:
            if event.step.name == "reopen":
                closing = next(
                    each
                    for each in reversed(events)
                    if each.step.name == "close" and each.step.values["month"] == event.step.values["month"]
                )
                events.remove(closing)
            elif not event.is_undone:
                events.append(event)
        return events

    def _foresee_undo(self, step: Step) -> str:
        event = self.event(step.values["operation"])
        if event is None or event.is_undone or event.step.name in ("close", "reopen"):
            return "no: cannot be undone"
        if closed := _touches_closed(self.facts, event):
            return f"no: {closed}"
        try:
            facts = self.without(event)
        except (Refusal, KeyError) as refusal:
            return f"no: a later step needs it: {refusal}"
        twice = [
            each for each in rules.settled_by_rows(facts) if each in facts.licences and facts.licences[each].is_sale
        ]
        if twice:
            return f"no: settled by a row: {twice}"
        is_last = event is next((each for each in reversed(self.events) if not each.is_undone), None)
        return "yes" if is_last else "maybe"


def apply(facts: Facts, step: Step, seen: dict[str, Any]) -> None:  # noqa: C901, PLR0912  one case for each step
    """Let a step change the facts. Raises `Refusal`."""
    values = step.values
    match step.name:
        case "import":
            rules.import_applications(facts, [_application(item) for item in values["items"]])
        case "set":
            rules.set_multiuser(facts, values["number"], values["option"], values["tier"])
        case "process":
            rules.process(
                facts, values["numbers"], values["on"], late=values["late"], without_sale=values["without_sale"]
            )
        case "reject":
            rules.reject(facts, values["number"], values["on"])
        case "cancel":
            rules.cancel(facts, values["number"], values["on"])
        case "statement":
            if not facts.is_past(values["month"]):  # else it is only compared
                facts.months[values["month"]].rows = values["rows"]
                facts.months[values["month"]].stated_total = values["stated_total"]
                for key in seen.get("void", ()):
                    facts.months[values["month"]].resolutions.pop(key, None)
        case "amend" | "return":
            _amend(facts, step, seen)
        case "invoice":
            month = facts.months[values["month"]]
            require(month.shown is not None and month.shown["state"] == "closed", "not closed, or invoiced")
            require(not values["more"], "not what was agreed")
            month.shown = {**(month.shown or {}), "state": "invoiced"}
        case "accept" | "carry":
            require_open(facts, values["month"])
            for pair in seen["pairs"]:
                facts.months[values["month"]].resolutions[content_of(pair), pair["id"]] = (step.name, pair)
        case "close":
            _close(facts, values["month"], seen["shown"])
        case "reopen":
            _reopen(facts, values["month"])
        case _:
            raise AssertionError(step)


def _amend(facts: Facts, step: Step, seen: dict[str, Any]) -> None:
    number = step.values["number"]
    was_processed = number in facts.applications and facts.applications[number].status == "processed"
    if step.name == "amend":
        recomputing.amend(facts, number, step.values["tier"], step.values["on"])
    else:
        recomputing.return_to_new(facts, number)
    if was_processed and "licences" in seen:
        application = facts.applications[number]
        recomputing.adopt(facts, application.inn, application.kpp, seen["licences"])


def _close(facts: Facts, name: str, shown: dict[str, Any]) -> None:
    month = facts.months[name]
    month.shown, month.entries, month.left = shown, _entries(name, shown), []
    charged = {entry.charge["number"] for entry in facts.entries()}
    for licence in facts.licences.values():
        if licence.is_sale and licence.sold_on[:7] == name and not licence.is_late and licence.number not in charged:
            # A later month has taken it; if it gives it back, it is late.
            licence.is_late = True
            month.left.append(licence.number)


def _reopen(facts: Facts, name: str) -> None:
    month = facts.months[name]
    require(name == facts.last_closed, "not the last closed month")
    require(month.shown is not None and month.shown["state"] == "closed", "it is invoiced")
    before = max((other for other, each in facts.months.items() if each.is_closed and other < name), default="")
    for licence in facts.licences.values():
        is_left = licence.number in month.left
        if licence.is_late and licence.is_sale and licence.sold_on[:7] > before and not is_left:
            raise Refusal(f"{licence.number} is a late sale")
    for entry in month.entries:
        licence = facts.licences[entry.charge["number"]]
        if licence.is_cancelled and not entry.is_carried and not entry.is_refund:
            raise Refusal(f"{licence.number} was cancelled after the closing")
    for licence in facts.licences.values():
        if licence.number in month.left and licence.sold_on[:7] > before:
            licence.is_late = False
    month.shown, month.entries, month.left = None, [], []


def _entries(name: str, shown: dict[str, Any]) -> list[Entry]:
    resolved = [pair for pair in pairs_of(shown) if pair["resolution"] and pair["ours"]]
    entries = []
    for charge in shown["charges"]:
        pair = next((each for each in resolved if each["ours"] == charge and not each["settled_in"]), None)
        action = pair["resolution"]["action"] if pair else ""
        theirs = pair["theirs"] if pair else None
        amount = charge["payable"] if action != "accept" else theirs["payable"] if theirs else "0"
        entries.append(Entry(name, charge, kopecks(amount), is_carried=action == "carry", theirs=theirs))
    return entries + [
        Entry(name, pair["ours"], kopecks(pair["theirs"]["payable"]), is_taken=True, theirs=pair["theirs"])
        for pair in resolved if pair["settled_in"]
    ]  # fmt: skip


def _require_closable(facts: Facts, step: Step, views: Views) -> None:
    name = step.values["month"]
    require_open(facts, name)
    for number in step.values["leave"]:
        require(number in facts.applications, "no such application")
    for each in facts.applications.values():
        waits = each.status == "new" and each.submitted_on[:7] == name and each.number not in step.values["leave"]
        require(not waits, "an application waits")
    for earlier, view in views.items():
        is_open = earlier < name and not facts.is_past(earlier)
        require(not (is_open and (view["charges"] or view["statement"])), f"{earlier} is open")
        sold = [each for each in facts.licences.values() if each.is_sale and each.sold_on[:7] == earlier]
        require(not (is_open and [each for each in sold if not each.is_late]), f"{earlier} has sales")
    require(not views[name]["unresolved"], "unresolved")


def _resolvable(facts: Facts, step: Step, views: Views) -> list[dict[str, Any]]:
    """The pairs that a resolution means, by an id or a number. Raises `Refusal` where one cannot be resolved so."""
    month, name = step.values["month"], step.values["id"]
    require_open(facts, month)
    pairs = [each for each in pairs_of(views[month]) if name in (each["id"], each["number"])]
    require(bool(pairs), "no such discrepancy")
    for pair in pairs:
        if step.name == "carry":
            require(pair["kinds"] == ["missing_in_statement"], "only what is missing in the statement is carried")
        elif pair["settled_in"]:
            require(not facts.is_past(pair["settled_in"]), "settled in a closed month")
            taken = [
                key_of(each["ours"]) for other, view in views.items() for each in pairs_of(view)
                if other != month and each["settled_in"] and (each["resolution"] or {}).get("action") == "accept"
            ]  # fmt: skip
            require(key_of(pair["ours"]) not in taken, "another month has taken it")
    return [{**pair, "resolution": None} for pair in pairs]


def _touches_closed(facts: Facts, event: Event) -> str:
    """Why a closed month keeps the step from being undone."""
    values = event.step.values
    if event.step.name in ("statement", "accept", "carry"):
        return "its month is closed" if facts.is_past(values["month"]) else ""
    if event.step.name in ("process", "reject"):
        for number in values.get("numbers") or [values["number"]]:
            licence = facts.licences.get(number)
            if facts.is_past(values["on"][:7]) and not (licence and licence.is_late):
                return f"{number} belongs to a closed month"
            if facts.entries(number):
                return f"{number} is settled in a closed month"
    if event.step.name == "cancel":
        number = values["number"]
        licence, entries = facts.licences[number], facts.entries(number)
        if any(entry.is_refund for entry in entries):
            return f"{number} was taken back in a closed month"
        if facts.is_past(licence.sold_on[:7]) and not licence.is_late and not entries:
            return f"{number} was cancelled in a month that is closed now"
    return ""


# --- what mureg shows -------------------------------------------------------------------------------------------------


def pairs_of(view: dict[str, Any]) -> list[dict[str, Any]]:
    """The discrepancies of a month, one for each pair, with all its `kinds`."""
    pairs: dict[str, dict[str, Any]] = {}
    for each in view["discrepancies"]:
        pair = pairs.setdefault(each["id"], {**each, "kinds": [], "settled_in": each.get("settled_in")})
        pair["kinds"].append(each["kind"])
        if each["id"] == "total":
            pair["theirs"] = {name: view["statement"][name] for name in ("total", "stated_total")}
    return list(pairs.values())


def _in_force(view: dict[str, Any]) -> set[str]:
    return {content_of(pair) for pair in pairs_of(view) if pair["resolution"]}


def content_of(pair: dict[str, Any]) -> str:
    """What a resolution is given to: both sides of a pair, not the place of its row, nor the month of the charge."""
    theirs = {**pair["theirs"], "row": 0} if pair["theirs"] else None
    return json.dumps([pair["kinds"], pair["ours"], theirs])


def key_of(charge: dict[str, Any]) -> tuple[str, bool]:
    """A number has at most one charge that waits for its month, and one that takes it back."""
    return charge["number"], kopecks(charge["list_price"]) < 0


def _application(item: dict[str, Any]) -> Application:
    organization, multiuser = item["organization"], item["multiuser"]
    return Application(
        item["number"], item["type"], item["submitted_on"], organization["inn"], organization["kpp"] or "",
        multiuser["requested"], multiuser["users"],
    )  # fmt: skip
