"""The pairs that a month shows, judged: each row and charge once, each kind right, as few differences as can be."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from oracle.facts import Facts, kopecks, roubles
from oracle.model import Views, key_of, pairs_of
from oracle.pairing import Charge, Cost, Row, best, is_same_sign, kinds_of, may_mean

Pair = tuple[Charge, int, list[str]]


class Shown:
    """The pairs of a month by what they are; rows by their place. What is not shown agrees."""

    def __init__(self, facts: Facts, name: str, view: dict[str, Any]) -> None:
        self.name = name
        self.rows: list[Row] = facts.months[name].rows or []
        self.charges: list[Charge] = view["charges"]
        self.pairs: list[Pair] = []
        self.alone: list[Charge] = []
        self.elsewhere: list[tuple[Charge, int, str, list[str]]] = []
        self.duplicates: list[int] = []
        self.unknown: list[int] = []
        for pair in pairs_of(view):
            row = pair["theirs"]["row"] - 2 if pair["theirs"] and "row" in pair["theirs"] else -1
            match pair["kinds"]:
                case ["missing_in_statement"]:
                    self.alone.append(pair["ours"])
                case ["missing_in_register"]:
                    self.unknown.append(row)
                case ["duplicate_in_statement"]:
                    self.duplicates.append(row)
                case ["month_differs", *kinds]:
                    self.elsewhere.append((pair["ours"], row, pair["settled_in"], kinds))
                case ["total_differs"]:
                    pass
                case kinds:
                    self.pairs.append((pair["ours"], row, kinds))
        used = [row for _, row, _ in self.pairs] + [row for _, row, *_ in self.elsewhere]
        used += self.duplicates + self.unknown
        paired = [charge for charge, *_ in self.pairs] + self.alone
        self.is_sound = len(set(used)) == len(used) and all(charge in self.charges for charge in paired)
        self.agreeing_rows = [place for place in range(len(self.rows)) if place not in used]
        self.agreeing_charges = [charge for charge in self.charges if charge not in paired]

    def numbered(self, number: str) -> list[int]:
        return [place for place, row in enumerate(self.rows) if row["number"] == number]


def faults_of_pairs(facts: Facts, name: str, views: Views) -> Iterator[str]:
    """Everything that is wrong with the discrepancies of an open month that has a statement."""
    view = views[name]
    yield from _faults_of_sums(facts, name, view)
    shown = Shown(facts, name, view)
    if not shown.is_sound:
        yield f"{name}: a row or a charge is used twice"
        return
    agreeing = [shown.rows[place] for place in shown.agreeing_rows]
    alone = {charge["inn"] for charge in shown.alone}

    def may_be_exact(charge: Charge, row: Row) -> bool:
        # Where no other charge of the firm is left, a row means the last one whatever its КПП.
        is_last = charge["inn"] not in alone and charge["inn"] == row["inn"] and is_same_sign(charge, row)
        return row["number"] == charge["number"] if row["number"] else may_mean(charge, row) or is_last

    agree = best(shown.agreeing_charges, agreeing, may_be_exact)
    if agree != (len(agreeing), 0, 0) or len(agreeing) != len(shown.agreeing_charges):
        yield f"{name}: what is not shown does not agree: {shown.agreeing_charges} and {agreeing}"
        return
    for charge, row, kinds in shown.pairs:
        if kinds != kinds_of(charge, shown.rows[row]):
            yield f"{name}: {charge['number']} and {shown.rows[row]}: {kinds}"
    for number in {row["number"] for row in shown.rows} - {""}:
        yield from _faults_of_number(facts, shown, number, views)
    for inn in {row["inn"] for row in shown.rows if not row["number"]}:
        yield from _faults_of_organization(facts, shown, inn, views)


def _faults_of_sums(facts: Facts, name: str, view: dict[str, Any]) -> Iterator[str]:
    month = facts.months[name]
    total = sum(row["payable"] for row in month.rows or [])
    stated = month.stated_total
    shown = view["statement"]
    expected = (len(month.rows or []), roubles(total), None if stated is None else roubles(stated))
    if shown is None or (shown["rows"], shown["total"], shown["stated_total"]) != expected:
        yield f"{name}: the statement is {shown}, expected {expected}"
    differs = any(pair["kinds"] == ["total_differs"] for pair in pairs_of(view))
    if differs != (stated is not None and stated != total):
        yield f"{name}: total_differs is {differs}"
    differences = sum(kopecks(pair["payable_difference"]) for pair in pairs_of(view) if pair["payable_difference"])
    ours, rounding = kopecks(view["total"]["payable"]), kopecks(view["total"]["rounding_difference"])
    if total - ours != differences - rounding:
        yield f"{name}: theirs {total} − ours {ours} is not {differences} − {rounding}"


# --- rows with a number -----------------------------------------------------------------------------------------------


def _faults_of_number(facts: Facts, shown: Shown, number: str, views: Views) -> Iterator[str]:
    """A row with a number means its charge, here or in another month; a second one is a duplicate."""
    places = shown.numbered(number)
    here = [charge for charge in shown.charges if charge["number"] == number]
    unknown = [place for place in places if place in shown.unknown]
    elsewhere = [pair for pair in shown.elsewhere if pair[1] in places]
    duplicates = [place for place in places if place in shown.duplicates]
    if here:
        if unknown or elsewhere or len(duplicates) != max(0, len(places) - len(here)):
            yield f"{shown.name}: of {len(places)} rows of {number}, {duplicates} are duplicates, {unknown} unknown"
        pairs = [(charge, row, kinds) for charge, row, kinds in shown.pairs if row in places]
        found = Cost(min(len(places), len(here)), len(pairs), sum(len(kinds) for *_, kinds in pairs))
        least = best(here, [shown.rows[place] for place in places], lambda charge, row: True)
        if found != least or any(charge["number"] != number for charge, *_ in pairs):
            yield f"{shown.name}: {number} is paired with {found}, possible is {least}"
        return
    candidates = charges_elsewhere(facts, shown.name, views, number)
    expected = min(len(candidates), len(places))
    is_unknown = [] if candidates else places
    if len(elsewhere) != expected or unknown != is_unknown:
        yield f"{shown.name}: rows {places} of {number}: {elsewhere} elsewhere, {unknown} unknown, of {candidates}"
    for charge, row, settled_in, kinds in elsewhere:
        if (settled_in, *_money(charge)) not in candidates or kinds != kinds_of(charge, shown.rows[row]):
            yield f"{shown.name}: {number} is settled in {settled_in} as {charge}, but: {candidates}"


def charges_elsewhere(facts: Facts, name: str, views: Views, number: str) -> list[tuple[Any, ...]]:
    """The charges of a number that other months settle: the month, and the amounts."""
    found = [(entry.month, *_money(entry.charge)) for entry in facts.entries(number) if not entry.is_carried]
    own = []
    for other, view in views.items():
        if facts.months[other].is_closed:
            continue
        if other != name:
            found += [(other, *_money(charge)) for charge in view["charges"] if charge["number"] == number]
        for pair in pairs_of(view):
            if (
                pair["settled_in"]
                and pair["ours"]["number"] == number
                and (pair["resolution"] or {}).get("action") == "accept"
            ):
                # What this month takes itself keeps the name of the month that it is taken from.
                place = pair["settled_in"] if other == name else other
                own.append((place, *_money(pair["ours"])))
    return found + own


def _money(charge: Charge) -> tuple[Any, ...]:
    return charge["number"], charge["tier"], charge["list_price"], charge["discount"], charge["payable"]


# --- rows without a number --------------------------------------------------------------------------------------------


def _faults_of_organization(facts: Facts, shown: Shown, inn: str, views: Views) -> Iterator[str]:
    places = [place for place, row in enumerate(shown.rows) if row["inn"] == inn and not row["number"]]
    free = _left_by_numbers(shown, inn)
    alone = [charge for charge in shown.alone if charge in free]
    pairs = [pair for pair in shown.pairs if pair[1] in places]
    rows = [shown.rows[place] for place in places]
    left = [shown.rows[place] for place in places if place in shown.unknown or place in shown.duplicates]
    left += [shown.rows[row] for _, row, *_ in shown.elsewhere if row in places]
    if len(alone) == 1 and any(is_same_sign(alone[0], row) for row in left):
        yield f"{shown.name}: {alone[0]['number']} is the only charge left of {inn}, and has no row of {left}"
    if all(row["tier"] for row in rows):
        yield from _faults_of_costs(shown, inn, free, rows, alone, pairs)
    else:
        yield from _faults_of_guesses(shown, free, alone, pairs, left)
    yield from _faults_of_elsewhere(facts, shown, inn, places, alone, views)


def _left_by_numbers(shown: Shown, inn: str) -> list[Charge]:
    """The charges of the firm that no row with a number took."""
    taken = [charge for charge, row, _ in shown.pairs if shown.rows[row]["number"]]
    free = []
    for number, group in groupby(shown.charges, key=lambda charge: charge["number"]):
        charges = [charge for charge in group if charge["inn"] == inn and charge not in taken]
        exact = sum(shown.rows[place]["number"] == number for place in shown.agreeing_rows)
        agreeing = [charge for charge in charges if charge in shown.agreeing_charges]
        free += [charge for charge in charges if charge not in agreeing[:exact]]
    return free


def _faults_of_costs(
    shown: Shown,
    inn: str,
    free: list[Charge],
    rows: list[Row],
    alone: list[Charge],
    pairs: list[Pair],
) -> Iterator[str]:
    """With a tier in every row it is certain what each may mean: the pairs are the best that can be."""
    least = best(free, rows, may_mean)
    found = Cost(len(free) - len(alone), len(pairs), sum(len(kinds) for *_, kinds in pairs))
    # Where one charge is left, a row of the firm means it whatever its КПП or tier.
    extra = found.pairs - least.pairs
    is_best = found == least
    if extra == 1 and not alone:
        is_best = found.differing <= least.differing + 1
    if not is_best:
        yield f"{shown.name}: {inn} is paired with {found}, possible is {least}"


def _faults_of_guesses(
    shown: Shown, free: list[Charge], alone: list[Charge], pairs: list[Pair], left: list[Row]
) -> Iterator[str]:
    """Without a tier a row is paired where that is no guess: by its amount, or with the only charge that is left."""
    for charge, place, kinds in pairs:
        row = shown.rows[place]
        # Charges that no other row means.
        possible = [each for each in [charge, *alone] if may_mean(each, row)]
        are_alike = len({_money(each)[1:] for each in possible}) == 1
        if not row["tier"] and "payable_differs" in kinds and may_mean(charge, row) and not are_alike:
            yield f"{shown.name}: {charge['number']} is a guess for {row}: {kinds}"
        if not may_mean(charge, row) and alone:
            yield f"{shown.name}: {charge['number']} does not fit {row}"
    for row in left:
        equal = [charge for charge in alone if may_mean(charge, row) and row["payable"] == kopecks(charge["payable"])]
        rivals = [each for each in left if each["payable"] == row["payable"]]
        if len(equal) == 1 and len(rivals) == 1:
            yield f"{shown.name}: {equal[0]['number']} equals {row}, and they are not paired"


def _faults_of_elsewhere(
    facts: Facts, shown: Shown, inn: str, places: list[int], alone: list[Charge], views: Views
) -> Iterator[str]:
    """A row goes to another month where no charge of this one is left for it, and each charge there is used once."""
    for charge, place, settled_in, kinds in shown.elsewhere:
        row = shown.rows[place]
        if place not in places:
            continue
        if any(may_mean(each, row) for each in alone):
            yield f"{shown.name}: {row} goes to {settled_in}, though {alone} are left"
        candidates = charges_elsewhere(facts, shown.name, views, charge["number"])
        if (
            (settled_in, *_money(charge)) not in candidates
            or kinds != kinds_of(charge, row)
            or not may_mean(charge, row)
        ):
            yield f"{shown.name}: {row} means {charge} of {settled_in}: {kinds}, of {candidates}"
    used = [key_of(charge) for charge, *_ in shown.elsewhere]
    if len(set(used)) != len(used):
        yield f"{shown.name}: a charge of another month is used twice: {used}"
    yield from _faults_of_unknown(facts, shown, places, alone, views)


def _faults_of_unknown(
    facts: Facts, shown: Shown, places: list[int], alone: list[Charge], views: Views
) -> Iterator[str]:
    """A row with a tier is unknown where no charge is left for it, in this month or in another one."""
    used = [key_of(charge) for charge, *_ in shown.elsewhere]
    here = {charge["number"] for charge in shown.charges}
    # What was called off is meant by a row with its number only.
    numbers = {licence.number for licence in facts.licences.values() if licence.is_sale} - here
    for row in (shown.rows[place] for place in set(places) & set(shown.unknown)):
        if not row["tier"]:
            continue
        if any(may_mean(each, row) for each in alone):
            yield f"{shown.name}: {row} is unknown, though {alone} are left"
            continue
        for number in numbers:
            for settled_in, *money in charges_elsewhere(facts, shown.name, views, number):
                charge = _charge_like(facts, number, money)
                if key_of(charge) not in used and may_mean(charge, row):
                    yield f"{shown.name}: {row} is unknown, though {number} of {settled_in} is free"


def _charge_like(facts: Facts, number: str, money: list[str]) -> Charge:
    licence = facts.licences[number]
    names = ("number", "tier", "list_price", "discount", "payable")
    return {**dict(zip(names, money, strict=True)), "inn": licence.inn, "kpp": licence.kpp}
