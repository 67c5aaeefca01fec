"""Back up a whole register to a file, restore it, or copy it: everything with its history, or nothing."""

from typing import NamedTuple

from mureg.errors import DifferencesFound, Refused, RegisterUnusable, msg, plural
from mureg.operations.check.checks import check_register
from mureg.operations.result import Result
from mureg.register.engines.address import location_of, require_name
from mureg.register.engines.interface import Report, report_nothing
from mureg.register.register import Register


class Copied(NamedTuple):
    """The number and the hash of the last operation of the copy; 0 and empty where its history is."""

    operations: int
    head: str


def back_up(register: Register, file: str, *, dry_run: bool = False) -> Result[Copied]:
    """Write a snapshot of the register into a new file, while others go on working. Raises `Refused`.

    A register that fails its checks is saved too.
    """
    require_name(file)
    if Register.exists(file):
        raise Refused(msg("{path} already exists and is not overwritten", path=file), msg("choose another name"))
    if dry_run:
        return _copied(register)
    register.back_up(file)
    copy = Register.open_to_read(file)
    try:
        return _copied(copy)
    finally:
        copy.close()


def copy(source_url: str, target_url: str, *, report: Report = report_nothing, dry_run: bool = False) -> Result[Copied]:
    """Copy a register to a new or empty one, and check the copy before it is kept.

    Raises `Refused` where the target is not empty, and `DifferencesFound` where the copy fails a check.
    """
    source = Register.open_to_read(source_url, report)
    try:
        if not Register.exists(target_url, report):
            if not dry_run:
                with Register.making(target_url, report) as target:
                    _fill(target, source)
            return _copied(source)
        target = Register.open(target_url, report)
        try:
            _require_empty(target)
            if not dry_run:
                with target.filling():
                    _require_empty(target)
                    _fill(target, source)
        finally:
            target.close()
        return _copied(source)
    finally:
        source.close()


def _copied(register: Register) -> Result[Copied]:
    # Copying writes no history record.
    return Result(None, (), Copied(*register.history.head()))


def _fill(target: Register, source: Register) -> None:
    failures = check_register(source)
    if failures:
        raise DifferencesFound(
            plural("{path} fails {count} check and was not copied", "{path} fails {count} checks and was not copied",
                   count=len(failures), path=source.location),
            msg("see the problems: mureg check --db {path}", path=source.location),
        )  # fmt: skip
    target.fill_from(source)
    if target.history.head() != source.history.head():
        raise RegisterUnusable(
            msg("{path} does not contain what was written to it ({table})", path=target.location, table="history"),
            msg("nothing was kept; run the command again, and choose another place if it fails again"),
        )


def _require_empty(target: Register) -> None:
    operations, _ = target.history.head()
    if operations:
        raise Refused(
            plural("{path} already contains a register, with {count} operation",
                   "{path} already contains a register, with {count} operations",
                   count=operations, path=location_of(target.location)),
            msg("choose another place; or back this one up (mureg backup), move it away, and run the "
                "command again"),
        )  # fmt: skip
