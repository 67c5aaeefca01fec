"""mureg's side: takes the steps through its operations, in this process, and gives what it shows as JSON."""

import hashlib
import io
import json
from datetime import date
from typing import Any

from mureg.domain.application import Organization
from mureg.domain.contract import Discount, Price, Rounding, SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.reconciliation.statement import Statement, StatementRow, StatementRows
from mureg.operations.application_import.importer import HowToRead, import_applications
from mureg.operations.applications import amendments, decisions
from mureg.operations.applications import processing as applications
from mureg.operations.check.checks import check_register
from mureg.operations.invoices import invoices
from mureg.operations.months import closing, reconciliation, resolutions
from mureg.operations.months.overview import overview
from mureg.operations.undo import undo
from mureg.readers.types import Source
from mureg.register.history import Actor
from mureg.register.queries.months import InvoiceRecord
from mureg.reports.json.applications import application_json, licence_json
from mureg.reports.json.reconciliation import discrepancies_json, statement_json
from mureg.reports.json.settlement import charge_json, totals_json
from oracle import facts
from oracle.facts import Licence, roubles
from oracle.rules import TODAY
from oracle.steps import Step
from support.office import ACTOR, Office

ON = date.fromisoformat(TODAY)
_COMMANDS = {
    "import": "application import", "set": "application set-multiuser", "process": "application process",
    "reject": "application reject", "cancel": "application cancel", "statement": "reconcile", "undo": "undo",
    "amend": "application amend", "return": "application return", "invoice": "invoice add",
}  # fmt: skip


class ImportFault(Exception):
    """The import refused its input."""


class Driver:
    """A register of its own. `operation` is the number of the last operation that wrote something."""

    def __init__(self, engine: str = "sqlite", rounding: Rounding = "licence") -> None:
        self.office = Office(engine)
        self.register = self.office.register
        self.rounding = rounding
        self.contract = self.priced(0)

    def priced(self, markup: int) -> SublicenceContract:
        """The contract with so many kopecks more on each list price."""
        return SublicenceContract(
            "С-1", date(2023, 7, 1), 12, self.rounding,
            prices=tuple(Price(amount + markup, date.fromisoformat(day), tier) for tier, day, amount in facts.PRICES),  # type: ignore[arg-type]
            discounts=tuple(Discount(rate, date.fromisoformat(day), tier) for tier, day, rate in facts.DISCOUNTS),  # type: ignore[arg-type]
        )  # fmt: skip

    def close(self) -> None:
        self.office.close()

    def take(self, step: Step, *, dry_run: bool = False) -> int | None:  # noqa: C901, PLR0911, PLR0912  one case for each step
        """The number of the operation, `None` where nothing was written. Raises what mureg refuses with."""
        register, contract, values = self.register, self.contract, step.values
        actor = ACTOR._replace(command=_COMMANDS.get(step.name, f"month {step.name}"))
        how: dict[str, Any] = {"actor": actor, "dry_run": dry_run}
        match step.name:
            case "price":
                self.contract = self.priced(values["markup"])
                return None
            case "import":
                return self._import(values["items"], **how)
            case "set":
                option, tier = values["option"] or None, values["tier"] or None
                return decisions.set_multiuser(register, [values["number"]], option, tier, **how).operation
            case "process":
                return decisions.process(
                    register, values["numbers"], _day(values["on"]), today=ON, term_months=12, late=values["late"],
                    without_sale="куплена раньше" if values["without_sale"] else "", **how,
                ).operation  # fmt: skip
            case "amend":
                on, tier = values["on"], values["tier"] or None
                return amendments.amend(
                    register, values["number"], "так", tier=tier, on=_day(on) if on else None, today=ON, term_months=12,
                    **how,
                ).operation  # fmt: skip
            case "return":
                return amendments.return_to_new(register, [values["number"]], "так", term_months=12, **how).operation
            case "invoice":
                amount = self.register.months.record(Month.parse(values["month"])).agreed_kopecks or 0
                invoice = InvoiceRecord(
                    "И-" + values["month"], Month.parse(values["month"]), ON, amount + values["more"], None
                )  # fmt: skip
                return invoices.add_invoice(register, Month.parse(values["month"]), invoice, today=ON, **how).operation
            case "reject":
                return decisions.reject(
                    register, [values["number"]], "нет", _day(values["on"]), today=ON, **how
                ).operation  # fmt: skip
            case "cancel":
                return decisions.cancel(
                    register, values["number"], "ошибка", _day(values["on"]), today=ON, **how
                ).operation
            case "statement":
                theirs = statement_of(values["rows"], values["stated_total"])
                return reconciliation.keep_statement(
                    register, Month.parse(values["month"]), contract, theirs, **how
                ).operation
            case "accept" | "carry":
                return resolutions.resolve(
                    register, Month.parse(values["month"]), [values["id"]], step.name, "так", contract, **how
                ).operation
            case "close":
                return closing.close(
                    register, Month.parse(values["month"]), contract, today=ON, leave=values["leave"],
                    without_statement="нет", **how,
                ).operation  # fmt: skip
            case "reopen":
                return closing.reopen(register, Month.parse(values["month"]), "снова", **how).operation
            case "undo":
                return undo(register, values["operation"], **how).operation
        raise AssertionError(step)

    def _import(self, items: list[dict[str, Any]], actor: Actor, *, dry_run: bool) -> int | None:
        source = Source("a.json", io.BytesIO(json.dumps(items, ensure_ascii=False).encode()))
        result = import_applications(
            self.register, [source], HowToRead(), actor=actor, today=ON, term_months=12, dry_run=dry_run
        )
        if result.done.faults:
            raise ImportFault(str(result.done.faults[0].message))
        return result.operation

    # --- what it shows ------------------------------------------------------------------------------------------------

    def month(self, month: str) -> dict[str, Any]:
        """As `month show --json` has it."""
        compared = reconciliation.compared_month(self.register, Month.parse(month), self.contract)
        settled, found = compared.settled, compared.reconciliation
        return {
            "month": month,
            "state": settled.record.state,
            "charges": [charge_json(charge.settled) for charge in settled.charges()],
            **totals_json(settled.settlement, settled.record.agreed_kopecks),
            "statement": statement_json(compared.statement, found) if compared.statement else None,
            "discrepancies": list(discrepancies_json(found, compared.resolutions)) if found else [],
            "unresolved": compared.unresolved,
        }

    def months(self) -> list[dict[str, Any]]:
        """What `month list --json` has of each month."""
        return [
            {
                "month": str(line.month), "state": line.state, "count": line.licences,
                "ours": roubles(line.ours_kopecks),
                "theirs": None if line.theirs_kopecks is None else roubles(line.theirs_kopecks),
                "agreed": None if line.agreed_kopecks is None else roubles(line.agreed_kopecks),
            }
            for line in overview(self.register, self.contract)
        ]  # fmt: skip

    def products(self, inn: str, kpp: str) -> list[tuple[str, str, str, str]]:
        """The products of `organization show`: application, tier, first and last day."""
        found = [licence_json(each, ON) for each in self.register.licences.of(Organization(inn, kpp))]
        return sorted((each["application"], each["tier"], each["starts_on"], each["ends_on"]) for each in found)

    def applications(self) -> list[dict[str, Any]]:
        """As `application list --json` has them, but for their warnings and their source."""
        listed = applications.with_licences(self.register, self.register.applications.matching())
        found = [application_json(each, [], str, licence) for each, licence in listed]
        return [{name: item[name] for name in item if name not in ("warnings", "source")} for item in found]

    def licences(self, inn: str, kpp: str) -> list[Licence]:
        """The licences of an organization as the oracle has them."""
        return [
            Licence(
                each.application, inn, kpp, each.tier, each.starts_on.isoformat(), each.ends_on.isoformat(),
                each.sold_on.isoformat() if each.sold_on else "", each.late, each.cancelled_on is not None,
            )
            for each in self.register.licences.of(Organization(inn, kpp))
        ]  # fmt: skip

    def states(self) -> dict[str, tuple[str, str, str, str, str, bool]]:
        """Status, days, partner's decision, and whether it was processed without a sale, of each application."""
        return {
            each.number: (
                each.status, str(each.processed_on or ""), str(each.cancelled_on or ""), each.set_option, each.set_tier,
                bool(each.without_sale),
            )
            for each in self.register.applications.matching()
        }  # fmt: skip

    def import_applications(self, items: list[dict[str, Any]]) -> None:
        """Import what `applications` gave. Raises `ImportFault`."""
        self._import(items, ACTOR._replace(command="application import"), dry_run=False)

    def numbers(self) -> list[str]:
        return [str(number) for (number,) in self.office.database.rows("SELECT number FROM application")]

    def faults(self) -> list[str]:
        """What `check` finds."""
        return [str(fault) for fault in check_register(self.register)]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def statement_of(rows: list[dict[str, Any]], stated_total: int | None) -> Statement:
    """The operator's statement; rows begin in line 2."""
    made = [
        StatementRow(
            line, row["payable"], row["number"], row["inn"], row["kpp"], "", row["tier"], None, row["list_price"],
            row["discount_rate"], row["discount"],
        )
        for line, row in enumerate(rows, start=2)
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps([rows, stated_total]).encode()).hexdigest()
    return Statement("st.csv", digest, StatementRows(made), stated_total)
