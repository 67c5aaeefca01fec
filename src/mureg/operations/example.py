"""The example partner: settings, files, and a register in which exactly one application is new."""

import shutil
from datetime import date
from pathlib import Path

from mureg.errors import Refused, Rejected, msg
from mureg.operations.application_import.importer import HowToRead, import_applications
from mureg.operations.applications.decisions import process, reject
from mureg.operations.result import Result
from mureg.operations.setup import SetUp
from mureg.readers.types import Source
from mureg.register.history import Actor
from mureg.register.register import Register
from mureg.safe_files import make_folder, temporary_path, write_new
from mureg.settings.locate import FILE_NAME
from mureg.settings.reading import read_settings
from mureg.system_errors import reason_of

_FILES = ("august.csv", "ZV-1042.xml", "ZV-1043.xml", "ZV-1044.xml", "ZV-1045.xml", "ZV-1046.xml")

# What the example partner did in August 2023. ZV-1042 stays new.
_PROCESSED = (
    ("2023-08-08", ("ZV-1030", "ZV-1031", "ZV-1032", "ZV-1033")),
    ("2023-08-10", ("ZV-1034", "ZV-1035", "ZV-1036", "ZV-1037")),
    ("2023-08-14", ("ZV-1038", "ZV-1039", "ZV-1040")),
    ("2023-08-17", ("ZV-1043", "ZV-1044")),
    ("2023-08-22", ("ZV-1045",)),
)
_SOLD_ELSEWHERE = ("ZV-1041", "2023-08-14", "Лицензию продал другой партнёр")
_REJECTED = ("ZV-1046", "2023-08-23", "Клиент подключается без расширения у другого партнёра")


def examples_folder() -> Path:
    """The example files: inside the installed package, or at the top of a checkout."""
    installed = Path(__file__).parent.parent / "examples"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "examples"


def set_up_example(folder: Path, actor: Actor, today: date, *, dry_run: bool = False) -> Result[SetUp]:
    """Put the example partner into the folder. Raises `Refused` where one of its files exists."""
    names = [FILE_NAME, "mureg.db", "examples"]
    present = [name for name in names if (folder / name).exists()]
    if present:
        raise Refused(
            msg("{names} already exists: the example would overwrite it", names=", ".join(present)),
            msg("change to an empty folder and run: mureg init --example"),
        )
    if not dry_run:
        try:
            _make(folder, actor, today)
        except OSError as error:
            raise Rejected(
                msg("cannot write {path}: {reason}", path=str(folder), reason=reason_of(error)),
                msg("change to another folder and run: mureg init --example"),
            ) from None
    return Result(None, (), SetUp(names, [], [], ""))


def _make(folder: Path, actor: Actor, today: date) -> None:
    # In a temporary folder first, so that it appears completely or not at all. On Windows one of `tempfile` would shut
    # everybody else out of what is made in it, for ever: the place may be a team's folder.
    made = temporary_path(folder / "mureg")
    try:
        make_folder(made)
        _copy_files(examples_folder(), made / "examples")
        settings = made / "examples" / "contract" / "mureg.toml"
        write_new(made / "mureg.toml", settings.read_bytes())
        contract = read_settings(settings).contract
        assert contract is not None, "the example has a contract"
        register = Register.create(str(made / "mureg.db"))
        try:
            _import_and_process(register, made / "examples" / "applications", actor, today, contract.term_months)
        finally:
            register.close()
        _move(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _copy_files(source: Path, target: Path) -> None:
    """Copy what is in the files, and not that those of an installation for all users may be read-only."""
    for file in source.rglob("*"):
        if file.is_file():
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def _move(made: Path, folder: Path) -> None:
    names = ("examples", "mureg.db", "mureg.toml")
    try:
        for name in names:
            (made / name).rename(folder / name)
    except BaseException:
        for name in names:
            # What has been moved is moved back, and deleted with the rest.
            if not (made / name).exists():
                (folder / name).rename(made / name)
        raise


def _import_and_process(register: Register, files: Path, actor: Actor, today: date, term_months: int) -> None:
    streams = [(name, (files / name).open("rb")) for name in _FILES]
    try:
        imported = import_applications(
            register,
            [Source(name, stream) for name, stream in streams],
            HowToRead(),
            actor=actor._replace(command="application import"),
            today=today,
            term_months=term_months,
        )
        assert not imported.done.faults, imported.done.faults
    finally:
        for _, stream in streams:
            stream.close()
    number, day, reason = _SOLD_ELSEWHERE
    steps = [(on, numbers, "") for on, numbers in _PROCESSED] + [(day, (number,), reason)]
    for on, numbers, without_sale in sorted(steps):
        process(
            register,
            numbers,
            date.fromisoformat(on),
            today=today,
            term_months=term_months,
            without_sale=without_sale,
            actor=actor._replace(command="application process"),
        )
    number, day, comment = _REJECTED
    reject(
        register, [number], comment, date.fromisoformat(day), today=today,
        actor=actor._replace(command="application reject"),
    )  # fmt: skip
