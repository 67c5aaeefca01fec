"""What a licence costs, before it is charged."""

from typing import NamedTuple

from mureg.domain.contract import Charge
from mureg.domain.licence import Licence


class Quote(NamedTuple):
    """A licence that is sold, or would be, with its charge; `None` where no price is in force on the day."""

    licence: Licence
    charge: Charge | None
