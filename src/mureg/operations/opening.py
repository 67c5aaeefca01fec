"""Open a register for one command or page."""

from collections.abc import Iterator
from contextlib import contextmanager

from mureg.lazy_imports import lazy_imports
from mureg.register.engines.interface import Report, report_nothing
from mureg.register.register import Register

with lazy_imports():
    from mureg.operations.check import checks

# Errors of reading a value that is not a date, a number or JSON: the register may be damaged.
_DAMAGE_ERRORS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError)


@contextmanager
def opened(url: str, report: Report = report_nothing, *, to_save: bool = False) -> Iterator[Register]:
    """The open register. `to_save`: it may be of an older version, and is only read.

    Where an error of the block comes from a damaged register, that is what is raised.
    """
    register = (Register.open_to_save if to_save else Register.open)(url, report)
    try:
        yield register
    except _DAMAGE_ERRORS as error:
        damage = checks.damage_of(register)
        if damage is not None:
            raise damage from error
        raise
    finally:
        register.close()
