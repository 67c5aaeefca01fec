"""What processing an application would sell, and what its licence costs."""

from datetime import date

from mureg.domain.application import Application
from mureg.domain.contract import SublicenceContract
from mureg.domain.licence import licence_changes
from mureg.domain.quote import Quote
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
        licences = register.licences.of(application.organization)
        try:
            licence = licence_changes(application, licences, on, contract.term_months).made
        except Refused:
            return None
    if licence is None or licence.sold_on is None or licence.cancelled_on is not None:
        return None
    return Quote(licence, contract.charge_if_priced(licence.tier, licence.sold_on))
