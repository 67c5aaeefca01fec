"""A fault of an input file as one line."""

from mureg.domain.text import printable
from mureg.errors import Fault, msg
from mureg.reports.language import Language


def fault_text(fault: Fault, language: Language) -> str:
    """Where it is, the value, and what is wrong with it. Control characters are escaped."""
    say, places = language.say, []
    if fault.file is not None:
        places.append(printable(fault.file))
    if fault.sheet is not None:
        places.append(say(msg("sheet {sheet}", sheet=fault.sheet)))
    if fault.row is not None:
        places.append(say(msg("row {row}", row=fault.row)))
    if fault.header or fault.column:
        places.append(printable(fault.header or fault.column or ""))
    value = "" if fault.value is None else f" «{printable(str(fault.value))}» —"
    return f"{', '.join(places)}:{value} {say(fault.message)}" if places else say(fault.message)
