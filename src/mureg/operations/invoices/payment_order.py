"""The order to pay an invoice: from the settings, and from what the month was closed with."""

import json
from datetime import date

from mureg.domain.dates import russian_name
from mureg.domain.money import Amount
from mureg.errors import Fault, Message, Refused, Rejected, msg
from mureg.operations.invoices.invoices import find_invoice, require_unpaid
from mureg.register.queries.months import InvoiceRecord
from mureg.register.register import Register
from mureg.reports.payment_order import LONGEST_NAME, LONGEST_PURPOSE, Party, PaymentOrder, lacking
from mureg.settings.schema import Operator, Partner, Settings

_BANK = ("account", "bic", "bank", "correspondent_account")
# A payment order's number has at most so many digits.
_NUMBER_DIGITS = 6


def payment_order(register: Register, number: str, settings: Settings, today: date) -> PaymentOrder:
    """The order to pay an invoice today.

    Raises `Refused` for a paid invoice and where settings are missing, `Rejected` where a text cannot be in the file.
    """
    invoice = find_invoice(register.months.invoices(), number)
    require_unpaid(invoice)
    if invoice.amount_kopecks <= 0:
        raise Refused(
            msg("there is nothing to pay: invoice {number} is {amount}",
                number=number, amount=Amount(invoice.amount_kopecks)),
            msg("see it: mureg invoice list"),
        )  # fmt: skip
    rules = json.loads(register.months.record(invoice.month).contract)
    vat_note = rules["vat_note"] or (settings.contract.vat_note if settings.contract else "")
    partner, operator = settings.partner or Partner("", ""), settings.operator
    _require_settings(partner, operator, vat_note, settings)
    payer, payee = _party(partner), _party(operator)
    _require_known_letters(payer, payee, invoice, rules["number"], vat_note, settings)
    digits = "".join(character for character in number if character in "0123456789")[-_NUMBER_DIGITS:].lstrip("0")
    return PaymentOrder(
        # 1C and the client bank number their documents themselves, but the format asks for a number.
        number=digits or "1",
        dated_on=today,
        amount_kopecks=invoice.amount_kopecks,
        payer=payer,
        payee=payee,
        purpose=_purpose(invoice, rules["number"], vat_note, settings),
    )


def _party(party: Partner | Operator) -> Party:
    assert party.bank is not None, "the settings are complete"
    return Party(party.name, party.inn, party.kpp, party.bank)


def _purpose(invoice: InvoiceRecord, contract: str, vat_note: str, settings: Settings) -> str:
    known = settings.contract
    signed_on = known.signed_on if known is not None and known.number == contract else None
    dated = f" от {signed_on:%d.%m.%Y}" if signed_on else ""
    purpose = (
        f"Оплата по счету № {invoice.number} от {invoice.dated_on:%d.%m.%Y} за {russian_name(invoice.month)} г. "
        f"по сублицензионному договору № {contract}{dated}. {vat_note}"
    )
    if len(purpose) > LONGEST_PURPOSE:
        raise Refused(
            msg("the purpose of payment would have {count} characters; a bank takes {most}",
                count=len(purpose), most=LONGEST_PURPOSE),
            msg("shorten vat_note or number in [contract] of mureg.toml"),
        )  # fmt: skip
    return purpose


def _require_settings(partner: Partner, operator: Operator, vat_note: str, settings: Settings) -> None:
    """Raise `Refused` with every setting that is missing, and the lines to add."""
    missing: dict[str, list[str]] = {}
    for table, party in (("partner", partner), ("operator", operator)):
        missing[table] = [key for key, value in (("name", party.name), ("inn", party.inn)) if not value]
        missing[f"{table}.bank"] = [] if party.bank else list(_BANK)
    missing["contract"] = [] if vat_note else ["vat_note"]
    keys = [f"{table}.{key}" for table, names in missing.items() for key in names]
    if not keys:
        return
    file = str(settings.file) if settings.file else None
    lines: list[str] = []
    for table, names in missing.items():
        lines += ["", f"[{table}]", *(f'{key} = "…"' for key in names)] if names else []
    raise Refused(
        msg("a payment order needs settings that mureg.toml does not have"),
        msg("add to mureg.toml:\n\n{lines}", lines=tuple(lines[1:])),
        [Fault(msg("the key is missing"), file, column=key) for key in keys],
    )


def _require_known_letters(
    payer: Party, payee: Party, invoice: InvoiceRecord, contract: str, vat_note: str, settings: Settings
) -> None:
    """Raise `Rejected` with every text that the file cannot hold: nothing is left out or replaced silently."""
    texts = {
        "partner.name": payer.name, "partner.bank.bank": payer.bank.bank, "partner.bank.city": payer.bank.city,
        "operator.name": payee.name, "operator.bank.bank": payee.bank.bank, "operator.bank.city": payee.bank.city,
        "contract.number": contract, "contract.vat_note": vat_note, "invoice.number": invoice.number,
    }  # fmt: skip
    faults = []
    for key, text in texts.items():
        file = str(settings.file) if settings.file and not key.startswith("invoice") else None
        message = _unwritable(key, text)
        if message is not None:
            faults.append(Fault(message, file, column=key, value=text))
    if faults:
        raise Rejected(
            msg("the payment order cannot hold these texts"),
            msg("client banks read windows-1251; write these texts with its letters"),
            faults,
        )


def _unwritable(key: str, text: str) -> Message | None:
    if letters := lacking(text):
        return msg("windows-1251 has no {letters}", letters=" ".join(letters))
    if key.endswith(".name") and len(text) > LONGEST_NAME:
        return msg("a bank takes names of at most {most} characters", most=LONGEST_NAME)
    return None
