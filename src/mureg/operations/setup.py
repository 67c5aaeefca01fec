"""Make the settings and the register, or check those that exist."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from mureg.errors import RegisterUnusable, Rejected, msg
from mureg.operations.result import Result
from mureg.register.engines.address import location_of
from mureg.register.engines.interface import Report
from mureg.register.register import Register
from mureg.safe_files import exists, make_folder, write_new
from mureg.settings.template import TEMPLATE
from mureg.system_errors import reason_of


class SetUp(NamedTuple):
    """Places that were made, upgraded and kept, and the SQL for a server's roles."""

    made: list[str]
    upgraded: list[str]
    kept: list[str]
    roles: str


def set_up(config: Path, url: str, *, report: Report, upgrade: bool = False, dry_run: bool = False) -> Result[SetUp]:
    """Make the settings and the register where they are missing; an existing register is opened and kept as it is.

    `upgrade` brings a server's register to this version. Raises `RegisterUnusable`, and `Rejected` where the settings
    cannot be written.
    """
    done = SetUp([], [], [], "")
    place = location_of(url)
    has_settings = exists(config)
    (done.kept if has_settings else done.made).append(str(config))
    has_register = Register.exists(url, report)
    if not has_register:
        done.made.append(place)
    elif upgrade and Register.upgrade(url, report, dry_run=dry_run):
        done.upgraded.append(place)
    else:
        (Register.open_to_read if dry_run else Register.open)(url, report).close()
        done.kept.append(place)
    # Everything that exists is valid: now the rest is made.
    if not dry_run:
        if not has_settings:
            _write_settings(config)
        if not has_register:
            try:
                Register.create(url, report).close()
            except BaseException as error:
                if isinstance(error, RegisterUnusable) and Register.exists(url, report):
                    # Another `init` has made it meanwhile: it is checked and kept.
                    Register.open(url, report).close()
                    done.made.remove(place)
                    done.kept.append(place)
                else:
                    # Without their register, the new settings would get in the way of the next `init`.
                    if not has_settings:
                        with suppress(OSError):
                            config.unlink()
                    raise
    return Result(None, (), done._replace(roles=Register.roles(url, report)))


def _write_settings(path: Path) -> None:
    try:
        make_folder(path.parent)
        # Readable by its owner only: `db` may contain a password later.
        write_new(path, TEMPLATE.encode())
    except OSError as error:
        raise Rejected(
            msg("cannot write {path}: {reason}", path=str(path), reason=reason_of(error)),
            msg("choose another place: --config FILE"),
        ) from None
