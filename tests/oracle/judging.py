"""What a month shows, judged by the facts: its charges and totals, and that every sale is settled once or open."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from oracle.facts import TIERS, Entry, Facts, Licence, half_up, kopecks, price_of, roubles
from oracle.model import Model, Views, content_of, key_of, pairs_of
from oracle.pairs import faults_of_pairs

Charge = dict[str, Any]


def faults_of(model: Model, views: Views, rounding: str) -> Iterator[str]:
    """Everything that is wrong with what the months show."""
    facts = model.facts
    for name, view in views.items():
        month = facts.months[name]
        if month.shown is not None:
            if view != month.shown:
                yield f"{name} is closed and changed: {_difference(month.shown, view)}"
            continue
        expected = expected_charges(facts, name, views)
        shown = [_compared(charge) for charge in view["charges"]]
        if shown != expected:
            yield f"{name} shows the charges {shown}, expected {expected}"
        yield from _faults_of_totals(name, view, rounding)
        if month.rows is not None:
            yield from faults_of_pairs(facts, name, views)
        elif view["statement"] or view["discrepancies"]:
            yield f"{name} has no statement, but shows one"
        if not facts.is_past(name):
            yield from _faults_of_resolutions(model, name, view)
    yield from _faults_of_settling(facts, views)


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: (before[name], after.get(name)) for name in before if before[name] != after.get(name)}


def faults_of_closing(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Closing freezes what was shown, and agrees on the total, less what is carried, plus what was accepted."""
    for name in ("charges", "tiers", "statement", "discrepancies"):
        if before[name] != after[name]:
            yield f"closing {before['month']} changed {name}: {before[name]} to {after[name]}"
    agreed = kopecks(after["total"]["payable"])
    for pair in pairs_of(after):
        if pair["resolution"] is not None and pair["payable_difference"] is not None:
            agreed += kopecks(pair["payable_difference"])
    if after["total"]["agreed"] != roubles(agreed):
        yield f"{before['month']}: agreed {after['total']['agreed']}, expected {roubles(agreed)}"


# --- charges ----------------------------------------------------------------------------------------------------------


def expected_charges(facts: Facts, month: str, views: Views) -> list[Charge]:
    """The charges of an open month: its sales, and in the first open one what closed months left to it."""
    taken = {key_of(pair["ours"]) for other, pair in taken_pairs(facts, views) if other != month}
    found = []
    for licence in facts.licences.values():
        entries = facts.entries(licence.number)
        sales = [entry for entry in entries if not entry.is_refund]
        refunds = [entry for entry in entries if entry.is_refund]
        if licence.is_sale and (licence.number, False) not in taken:
            found += _sale_in(facts, month, licence, sales)
        if month == facts.first_open and licence.is_cancelled and (licence.number, True) not in taken:
            found += _refund_of(sales, refunds)
    return sorted(found, key=lambda charge: (charge["processed_on"], charge["number"], charge["cause"] or ""))


def _sale_in(facts: Facts, month: str, licence: Licence, sales: list[Entry]) -> list[Charge]:
    if sales:
        last = sales[-1]
        is_left = last.is_carried and month == facts.first_open
        return [_correction(last, last.charge, "carried")] if is_left else []
    charge = _priced(licence, facts.markup)
    if licence.is_late:
        corrects = {"kind": "correction", "corrects": licence.sold_on[:7], "cause": "late"}
        return [charge | corrects] if month == facts.first_open else []
    return [charge] if licence.sold_on[:7] == month else []


def _refund_of(sales: list[Entry], refunds: list[Entry]) -> list[Charge]:
    """What takes a cancelled sale of a closed month back: the amount that the month settled for it."""
    if refunds:
        last = refunds[-1]
        return [_correction(last, last.charge, "carried")] if last.is_carried else []
    for entry in sales:
        if entry.is_carried or (entry.theirs is None and entry.amount == 0):
            continue
        ours = entry.charge
        price = kopecks(ours["list_price"])
        if entry.theirs is not None and entry.theirs["list_price"] is not None:
            price = kopecks(entry.theirs["list_price"])
        amounts = {"list_price": -price, "discount": entry.amount - price, "payable": -entry.amount}
        negative = ours | {name: roubles(amount) for name, amount in amounts.items()}
        return [_correction(entry, negative, "cancelled")]
    return []


def _correction(entry: Entry, charge: Charge, cause: str) -> Charge:
    corrects = entry.charge["corrects"] or entry.month
    return _compared(charge) | {"kind": "correction", "corrects": corrects, "cause": cause}


def _priced(licence: Licence, markup: int) -> Charge:
    price, rate, discount = price_of(licence.tier, licence.sold_on, markup)
    return {
        "number": licence.number, "inn": licence.inn, "kpp": licence.kpp or None, "tier": licence.tier,
        "processed_on": licence.sold_on, "kind": "sale", "corrects": None, "cause": None,
        "list_price": roubles(price), "discount_rate": roubles(rate), "discount": roubles(discount),
        "payable": roubles(price - discount),
    }  # fmt: skip


_COMPARED = ("number", "inn", "kpp", "tier", "processed_on", "kind", "corrects", "cause", "list_price",
             "discount_rate", "discount", "payable")  # fmt: skip


def _compared(charge: Charge) -> Charge:
    return {name: charge[name] for name in _COMPARED}


def taken_pairs(facts: Facts, views: Views) -> list[tuple[str, dict[str, Any]]]:
    """Pairs by which an open month settles a charge of another month, and that open month."""
    return [
        (name, pair)
        for name, view in views.items()
        if not facts.months[name].is_closed
        for pair in pairs_of(view)
        if pair["settled_in"] and pair["resolution"] and pair["resolution"]["action"] == "accept"
    ]


# --- totals -----------------------------------------------------------------------------------------------------------


def _faults_of_totals(name: str, view: dict[str, Any], rounding: str) -> Iterator[str]:
    charges = view["charges"]
    for tier in TIERS:
        yield from _wrong_sum(name, next(each for each in view["tiers"] if each["tier"] == tier),
                              [charge for charge in charges if charge["tier"] == tier], 0)  # fmt: skip
    difference = 0
    if rounding == "total":
        sales = [charge for charge in charges if charge["kind"] == "sale"]
        for tier, rate in {(charge["tier"], charge["discount_rate"]) for charge in sales}:
            group = [charge for charge in sales if (charge["tier"], charge["discount_rate"]) == (tier, rate)]
            once = half_up(Fraction(sum(kopecks(charge["list_price"]) for charge in group) * kopecks(rate), 10_000))
            difference += sum(kopecks(charge["discount"]) for charge in group) - once
    if view["total"]["rounding_difference"] != roubles(difference):
        yield f"{name}: rounding_difference is {view['total']['rounding_difference']}, expected {roubles(difference)}"
    yield from _wrong_sum(name, view["total"], charges, difference)


def _wrong_sum(name: str, shown: dict[str, Any], charges: list[Charge], difference: int) -> Iterator[str]:
    sums = {key: sum(kopecks(charge[key]) for charge in charges) for key in ("list_price", "discount", "payable")}
    sums["discount"] -= difference
    sums["payable"] += difference
    expected = {key: roubles(amount) for key, amount in sums.items()}
    expected["count"] = sum(-1 if key_of(charge)[1] else 1 for charge in charges)  # type: ignore[assignment]
    found = {key: shown[key] for key in expected}
    if found != expected:
        yield f"{name}: the sums are {found}, expected {expected}"


# --- resolutions ------------------------------------------------------------------------------------------------------


def _faults_of_resolutions(model: Model, name: str, view: dict[str, Any]) -> Iterator[str]:
    kept = model.facts.months[name].resolutions
    pairs: dict[str, list[dict[str, Any]]] = {}
    for pair in pairs_of(view):
        pairs.setdefault(content_of(pair), []).append(pair)
    for content, same in pairs.items():
        actions = [action for (of, _), (action, _) in kept.items() if of == content]
        if same[0]["settled_in"] and model.facts.is_past(same[0]["settled_in"]):
            actions = []  # a closed month has settled it
        resolved = [pair["resolution"]["action"] for pair in same if pair["resolution"]]
        if len(resolved) > len(actions) or set(resolved) - set(actions):
            yield f"{name}: {same[0]['id']} is resolved {resolved}, but was {actions}: {content}"
        elif len(resolved) < min(len(same), len(actions)) and (name, content) not in model.lapsed:
            yield f"{name}: {same[0]['id']} did not change and lost its resolution"
    unresolved = sum(pair["resolution"] is None for pair in pairs_of(view))
    if unresolved != view["unresolved"]:
        yield f"{name}: {view['unresolved']} unresolved, expected {unresolved}"


# --- settled once -----------------------------------------------------------------------------------------------------


class _Settled:
    """Of each number how often it is settled, to what amount, and by how many rows without a charge."""

    def __init__(self, facts: Facts, views: Views) -> None:
        self.counts: Counter[str] = Counter()
        self.amounts: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        for entry in facts.entries():
            if not entry.is_carried:
                self._add(entry.charge, entry.amount)
        for name, view in views.items():
            self._add_month(view, is_closed=facts.months[name].is_closed)

    def _add_month(self, view: dict[str, Any], *, is_closed: bool) -> None:
        for charge in [] if is_closed else view["charges"]:
            self._add(charge, kopecks(charge["payable"]))
        for pair in pairs_of(view):
            if not pair["resolution"] or pair["resolution"]["action"] != "accept":
                continue
            if pair["kinds"] == ["missing_in_register"] and pair["theirs"]["number"]:
                self.rows[pair["theirs"]["number"]] += 1
            if pair["settled_in"] and not is_closed:
                self._add(pair["ours"], kopecks(pair["theirs"]["payable"]))

    def _add(self, charge: Charge, amount: int) -> None:
        self.counts[charge["number"]] += -1 if key_of(charge)[1] else 1
        self.amounts[charge["number"]] += amount


def _faults_of_settling(facts: Facts, views: Views) -> Iterator[str]:
    """A sale counts once, in a closed month or in an open one; what was called off comes to nothing."""
    settled = _Settled(facts, views)
    for number in settled.counts | settled.rows:
        licence = facts.licences.get(number)
        count, amount = settled.counts[number], settled.amounts[number]
        if licence is None or not licence.sold_on:
            if count:
                yield f"{number} was not sold, and is settled {count} times"
        elif licence.is_cancelled:
            if amount:
                yield f"{number} was called off, and {roubles(amount)} is settled"
        elif settled.rows[number]:
            yield f"{number} is settled by a row without a charge, and is a sale"
    for number, licence in facts.licences.items():
        if licence.is_sale and settled.counts[number] != 1:
            yield f"{number} is settled {settled.counts[number]} times"
