"""What an act of reconciliation says besides its tables: its number, the parties, the agreed amount, who signs."""

from typing import NamedTuple

from mureg.errors import N_, Message, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.reports.cells import Cell, Label
from mureg.reports.language import Language
from mureg.reports.month.document import Annexed, MonthDocument, Party
from mureg.reports.month.layout import comparison_result, state

# It loads every language that it knows.
with lazy_imports():
    import num2words

# The operator of 1C-Reporting, with whom every partner settles.
_OPERATOR = Label(N_("KALUGA ASTRAL"))
# An act is for both parties: what is ours and theirs elsewhere has their names here.
SIDES = {"ours": N_("Partner"), "theirs": N_("Operator")}
FIGURES = {"ours": N_("According to the partner"), "theirs": N_("According to the operator")}
LEGEND = N_("Each side: tier, list price, discount, payable. ≠ marks what differs.")
SUBJECT = Label(N_("Multi-user mode of 1C-Reporting"))
POSITION = Label(N_("position"))
SIGNATURE = Label(N_("signature"))
FULL_NAME = Label(N_("full name"))
SEAL = Label(N_("Seal"))
BLANK_DATE = Label(N_("“___” ____________ 20___"))


class ActSide(NamedTuple):
    """A party as the act names it; what is empty is a blank to write on. `signer` says for whom one signs."""

    role: Label
    signer: Label
    name: Cell
    details: tuple[tuple[Label, str], ...]
    position: str
    signatory: str


def title(document: MonthDocument) -> Message:
    """The act with its number, which is its month."""
    return msg("Act of reconciliation No. {number}", number=str(document.month))


def dated(document: MonthDocument) -> Cell:
    """The day of the act: that on which the month was closed."""
    return document.closed_on or BLANK_DATE


def introduction(document: MonthDocument) -> Message:
    """What was reconciled: the contract and the period."""
    month = document.month
    period = {"contract": document.contract, "first": month.first_day, "last": month.last_day}
    if document.contract_on is None:
        return msg("The parties have reconciled what is due under sublicence contract {contract} "
                   "for the period from {first} to {last}.", **period)  # fmt: skip
    return msg("The parties have reconciled what is due under sublicence contract {contract} of {signed_on} "
               "for the period from {first} to {last}.", signed_on=document.contract_on, **period)  # fmt: skip


def sides(document: MonthDocument) -> tuple[ActSide, ActSide]:
    """The partner and the operator."""
    return (
        _side(document.partner, Label(N_("Partner")), Label(N_("For the partner"))),
        _side(document.operator, Label(N_("Operator")), Label(N_("For the operator")), _OPERATOR),
    )


def _side(party: Party, role: Label, signer: Label, name: Label | None = None) -> ActSide:
    details = [(Label(N_("ИНН")), party.inn), (Label(N_("КПП")), party.kpp)]
    # A sole proprietor, whose ИНН has 12 digits, has no КПП.
    shown = details[:1] if len(party.inn) == 12 else details
    return ActSide(role, signer, party.name or name, tuple(shown), party.position, party.signatory)


def agreed(document: MonthDocument, language: Language) -> str:
    """The agreed amount in figures and in words; empty while the month is open."""
    kopecks = document.agreed_kopecks
    if kopecks is None:
        return ""
    return language.say(
        msg("{amount} roubles ({words})", amount=language.money(kopecks), words=in_words(kopecks, language))
    )


def in_words(kopecks: int, language: Language) -> str:
    """An amount as a document writes it out: «Двадцать пять тысяч двести рублей 00 копеек»."""
    roubles, rest = divmod(abs(kopecks), 100)
    # The catalogue names its own language.
    number = num2words.num2words(roubles, lang=language.translate(N_("en")))
    words = [
        language.say(plural("{number} rouble", "{number} roubles", count=roubles, number=number)),
        language.say(plural("{number} kopeck", "{number} kopecks", count=rest, number=f"{rest:02d}")),
    ]
    if kopecks < 0:
        words.insert(0, language.translate(N_("minus")))
    text = " ".join(words)
    return text[0].upper() + text[1:]


def result(document: MonthDocument) -> Message:
    """How the comparison ended, or why there was none."""
    if document.without_statement:
        return msg("Closed without a statement of the operator: {reason}", reason=document.without_statement)
    return comparison_result(document)


def annex(document: MonthDocument, annexed: Annexed) -> Message | None:
    """What is not in this file, and where it is."""
    if not annexed.charges:
        return None
    count = document.settlement.total.count
    if annexed.pairs:
        return msg("The discrepancies and the list of licences ({count}) are in the annex {file}.",
                   count=count, file=annexed.file)  # fmt: skip
    return msg("The list of licences ({count}) is in the annex {file}.", count=count, file=annexed.file)


def notes(document: MonthDocument) -> list[Message]:
    """What proves where the figures come from; small on the last page."""
    found = [msg("State of the month: {state}", state=msg(state(document).text))]
    statement = document.statement
    if statement is not None:
        found.append(
            msg("Statement of the operator: {file}, SHA-256 {sha256}", file=statement.file, sha256=statement.sha256)
        )
    found.append(msg("Created by mureg from the partner's register"))
    return found
