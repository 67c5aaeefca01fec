"""Steps of a sequence, at random but reproducible, and as the commands that a person would type."""

import json
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from oracle.facts import MONTHS, TIERS, Facts, kopecks, price_of, roubles

# Two branches of one firm, another firm, a sole proprietor.
ORGANIZATIONS = [
    ("7700000016", "770001001"),
    ("7700000016", "770002002"),
    ("7700123459", "770001001"),
    ("500000103391", ""),
]
NUMBERS = [f"N{serial}" for serial in range(1, 8)]
DAYS = ["2023-08-03", "2023-08-14", "2023-08-25", "2023-09-05", "2023-09-15", "2023-10-02", "2023-11-20"]
CELLS = ("number", "inn", "kpp", "tier", "list_price", "discount_rate", "discount", "payable")

# How often each step is chosen.
_WEIGHTS = {
    "process": 24, "accept": 20, "statement": 16, "close": 14, "undo": 9, "cancel": 6, "carry": 5, "amend": 5,
    "reopen": 4, "import": 4, "set": 4, "return": 3, "reject": 2, "price": 2, "invoice": 1,
}  # fmt: skip


class Step(NamedTuple):
    name: str
    values: dict[str, Any]


class Dice:
    """Chooses the next step. It looks at the facts, so that most steps are possible."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  the same sequence for the same seed
        self.organizations = ORGANIZATIONS[: self.random.randint(1, len(ORGANIZATIONS))]
        # Each sequence has its own habits.
        self.weights = {name: weight * self.random.choice([0.2, 1, 1, 3]) for name, weight in _WEIGHTS.items()}

    def first(self) -> Step:
        """The import of most applications."""
        return Step("import", {"items": [self._item(number) for number in NUMBERS[: self.random.randint(2, 6)]]})

    def step(  # noqa: C901, PLR0911, PLR0912  one case for each step
        self, facts: Facts, views: Mapping[str, dict[str, Any]], operations: int
    ) -> Step:
        """The next step; `operations` is the number of the last one."""
        pick = self.random
        (name,) = pick.choices(list(self.weights), list(self.weights.values()))
        month = self._month(facts)
        number = pick.choice(NUMBERS)
        match name:
            case "process":
                return self._process(facts)
            case "statement":
                return self._statement(month, facts, views)
            case "accept" | "carry":
                return self._resolution(name, month, facts, views)
            case "close":
                # Mostly what is in its way is accepted before.
                first = facts.first_open or MONTHS[0]
                month = first if first in MONTHS[:-1] and pick.random() < 0.8 else month
                new = [each.number for each in facts.applications.values() if each.status == "new"]
                return Step(name, {"month": month, "leave": new})
            case "reopen":
                return Step(name, {"month": facts.last_closed or month})
            case "cancel":
                sold = [each for each in facts.licences.values() if each.is_sale]
                if sold:
                    licence = pick.choice(sold)
                    return Step(name, {"number": licence.number, "on": max(licence.sold_on, pick.choice(DAYS))})
                return self._process(facts)
            case "amend":
                tier, on = pick.choice([("2-9", ""), ("10+", ""), ("", pick.choice(DAYS)), ("10+", pick.choice(DAYS))])
                return Step(name, {"number": self._processed(facts), "tier": tier, "on": on})
            case "return":
                return Step(name, {"number": self._processed(facts)})
            case "price":
                return Step(name, {"markup": pick.choice([0, 1000])})
            case "invoice":
                return Step(name, {"month": facts.last_closed or month, "more": pick.choice([0, 0, 100])})
            case "undo":
                back = pick.randint(0, 6)
                return Step(name, {"operation": max(1, operations - back) if back else None})
            case "import":
                return Step(name, {"items": [self._item(number)]})
            case "set":
                option, tier = pick.choice([("on", "2-9"), ("on", "10+"), ("on", ""), ("off", ""), ("", "")])
                return Step(name, {"number": number, "option": option, "tier": tier})
            case _:
                return Step(name, {"number": number, "on": pick.choice(DAYS)})

    def _processed(self, facts: Facts) -> str:
        numbers = [each.number for each in facts.applications.values() if each.status in ("processed", "rejected")]
        return self.random.choice(numbers or NUMBERS)

    def _month(self, facts: Facts) -> str:
        if facts.first_open in MONTHS[:-1] and self.random.random() < 0.5:
            return facts.first_open
        return self.random.choice(MONTHS[:4])

    def _item(self, number: str) -> dict[str, Any]:
        pick = self.random
        inn, kpp = pick.choice(self.organizations)
        return {
            "number": number, "type": pick.choice(["connection", "connection", "connection", "renewal", "change"]),
            "submitted_on": pick.choice(["2023-08-01", "2023-08-01", "2023-08-12", "2023-09-12"]),
            "organization": {"inn": inn, "kpp": kpp or None},
            "multiuser": {
                "requested": pick.choice(["on"] * 8 + ["off", "unstated"]), "users": pick.choice([3, 3, 3, 12, 12, 1]),
            },
        }  # fmt: skip

    def _process(self, facts: Facts) -> Step:
        pick = self.random
        new = [each.number for each in facts.applications.values() if each.status == "new"] or [pick.choice(NUMBERS)]
        numbers = pick.sample(new, min(len(new), pick.choice([1, 1, 2, 3])))
        on = pick.choice(DAYS)
        if pick.random() < 0.8:
            on = max(on, *(facts.applications[each].submitted_on for each in numbers if each in facts.applications), on)
        return Step("process", {"numbers": numbers, "on": on, "late": pick.random() < 0.6,
                                "without_sale": pick.random() < 0.05})  # fmt: skip

    def _statement(self, month: str, facts: Facts, views: Mapping[str, dict[str, Any]]) -> Step:
        rows = self._rows(month, facts, views)
        total = sum(row["payable"] for row in rows)
        stated = self.random.choice([None, None, total, total + 5])
        return Step("statement", {"month": month, "rows": rows, "stated_total": stated})

    def _resolution(self, name: str, month: str, facts: Facts, views: Mapping[str, dict[str, Any]]) -> Step:
        unresolved = [
            (each, entry["id"], entry["kind"]) for each, view in views.items() for entry in view["discrepancies"]
            if view["state"] == "open" and not entry["resolution"]
        ]  # fmt: skip
        if not unresolved and self.random.random() < 0.9:
            return self._statement(month, facts, views)
        if not unresolved:
            return Step(name, {"month": month, "id": "N1"})
        month, pair, kind = self.random.choice(unresolved)
        if kind == "missing_in_statement" and self.random.random() < 0.5:
            name = "carry"
        return Step(name, {"month": month, "id": pair})

    def _rows(self, month: str, facts: Facts, views: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows of a statement: most of our charges, some of other months, some invented."""
        pick = self.random
        charges = [charge for charge in views[month]["charges"] if pick.random() < 0.85]
        others = [charge for name in views if name != month for charge in views[name]["charges"]]
        charges += pick.sample(others, min(len(others), pick.choice([0, 0, 1, 1, 2])))
        form = pick.choice(["numbers", "mixed", "mixed", "unnumbered", "bare"])
        rows = [self._row(_cells(charge), form) for charge in charges]
        if pick.random() < 0.3:
            inn, kpp = pick.choice(self.organizations)
            tier, day = pick.choice(TIERS), pick.choice(DAYS)
            price, rate, discount = price_of(tier, day)
            cells = (pick.choice([*NUMBERS, "X9"]), inn, kpp, tier, price, rate, discount, price - discount)
            rows.append(self._row(dict(zip(CELLS, cells, strict=True)), form))
        if rows and pick.random() < 0.25:
            again = dict(pick.choice(rows))
            if again["inn"] and pick.random() < 0.5:
                again["number"] = ""
            rows.append(again)
        pick.shuffle(rows)
        return rows

    def _row(self, cells: dict[str, Any], form: str) -> dict[str, Any]:
        pick = self.random
        if pick.random() < 0.12:
            cells["payable"] += pick.choice([-5, 5, 49_999])
        if pick.random() < 0.06:
            cells["tier"] = pick.choice(TIERS)
        if form != "numbers" and (form in ("unnumbered", "bare") or pick.random() < 0.5):
            cells["number"] = ""
        hidden = {"bare": 0.7, "mixed": 0.3}.get(form, 0.1)
        absent = {"kpp": "", "tier": "", "list_price": None, "discount_rate": None, "discount": None}
        cells |= {name: value for name, value in absent.items() if pick.random() < hidden}
        if cells["number"] and pick.random() < 0.3:
            cells["inn"] = cells["kpp"] = ""
        return cells


def _cells(charge: dict[str, Any]) -> dict[str, Any]:
    cells = {name: charge[name] or "" for name in ("number", "inn", "kpp", "tier")}
    return cells | {name: kopecks(charge[name]) for name in CELLS[4:]}


# --- as commands ------------------------------------------------------------------------------------------------------


def commands(steps: list[Step]) -> str:
    """The steps as a shell would run them."""
    return "\n".join(map(_command, steps))


def _command(step: Step) -> str:  # noqa: C901, PLR0911, PLR0912  one case for each step
    values = step.values
    match step.name:
        case "import":
            return f"mureg application import --format json - <<'END'\n{json.dumps(values['items'])}\nEND"
        case "set":
            option = f"--{values['option']}" if values["option"] else "--reset"
            tier = f"--tier {values['tier']}" if values["tier"] else option
            return f"mureg application set-multiuser {values['number']} {tier}"
        case "process":
            options = " --late" if values["late"] else ""
            options += " --without-sale --reason x" if values["without_sale"] else ""
            return f"mureg application process {' '.join(values['numbers'])} --on {values['on']}{options}"
        case "amend":
            tier = f" --tier {values['tier']}" if values["tier"] else ""
            on = f" --on {values['on']}" if values["on"] else ""
            return f"mureg application amend {values['number']}{tier}{on} --reason x"
        case "return":
            return f"mureg application return {values['number']} --reason x"
        case "price":
            return f"# in mureg.toml, every list price as it was, and {values['markup']} kopecks more"
        case "invoice":
            more = f" plus {values['more']} kopecks" if values["more"] else ""
            return f"mureg invoice add --month {values['month']} --number 1 --date today --amount AGREED  # {more}"
        case "reject":
            return f"mureg application reject {values['number']} --comment x --on {values['on']}"
        case "cancel":
            return f"mureg application cancel {values['number']} --reason x --on {values['on']}"
        case "statement":
            lines = [";".join(CELLS), *(";".join(map(_cell, CELLS, row.values())) for row in values["rows"])]
            if values["stated_total"] is not None:
                lines.append(";".join(["Итого", *[""] * (len(CELLS) - 2), roubles(values["stated_total"])]))
            text = "\n".join(lines)
            reconcile = f"mureg reconcile --month {values['month']} --statement st.csv --anyway"
            return f"cat >st.csv <<'END'\n{text}\nEND\n{reconcile}"
        case "accept" | "carry":
            return f"mureg month {step.name} {values['month']} {values['id']} --reason x"
        case "close":
            leave = "".join(f" --leave {number}" for number in values["leave"])
            return f"mureg month close {values['month']}{leave} --without-statement --reason x"
        case "reopen":
            return f"mureg month reopen {values['month']} --reason x"
        case "undo":
            return f"mureg undo {values['operation'] or ''}".rstrip()
    raise AssertionError(step)


def _cell(name: str, value: Any) -> str:
    if value in ("", None):
        return ""
    return roubles(value) if name in CELLS[4:] else str(value)
