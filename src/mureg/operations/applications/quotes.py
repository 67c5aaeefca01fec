"""What processing an application would sell, and what its licence costs."""

from collections.abc import Iterable
from datetime import date

from mureg.domain.application import Application
from mureg.domain.contract import Charge, SublicenceContract
from mureg.domain.licence import Licence, LicencesOnDay, licence_changes
from mureg.domain.quote import Quote
from mureg.domain.settlement import Sum
from mureg.errors import Refused
from mureg.register.register import Register


def quote_of(
    register: Register, application: Application, on: date, contract: SublicenceContract | None
) -> Quote | None:
    """What processing a new application on the day would sell, or what a processed one has sold; `None` for no sale."""
    licence = register.licences.made_by(application.number)
    if contract is None:
        return None
    if application.status == "new":
        licences = LicencesOnDay(register.licences.of(application.organization), on)
        try:
            licence = licence_changes(application, licences, contract.term_months).made
        except Refused:
            return None
    if licence is None or licence.sold_on is None or licence.cancelled_on is not None:
        return None
    return Quote(licence, contract.charge_if_priced(licence.tier, licence.sold_on))


def charge_of(licence: Licence | None, contract: SublicenceContract | None) -> Charge | None:
    """What a licence costs that an application made; `None` where it is no sale, or its price is not known."""
    if contract is None or licence is None or licence.sold_on is None:
        return None
    return contract.charge_if_priced(licence.tier, licence.sold_on)


def sum_of(licences: Iterable[Licence | None], contract: SublicenceContract | None) -> Sum:
    """What all sales cost whose price is known."""
    total = Sum()
    for licence in licences:
        charge = charge_of(licence, contract)
        total = total.plus(charge, 1) if charge is not None else total
    return total
