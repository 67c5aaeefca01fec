"""mureg.toml as a whole: partner, contract, profiles and limits, checked, with all faults told together.

A price and a discount remember the line that they come from.
"""

from pathlib import Path

from pydantic import ValidationError

from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.readers.types import Limits, Profile
from mureg.settings.errors import all_faults, repeated_rows
from mureg.settings.line_numbers import Lines
from mureg.settings.settings import Partner, Settings
from mureg.settings.tables import ApplicationsProfile, Contract, File, StatementProfile
from mureg.settings.toml import Document


def checked_settings(document: Document, file: Path) -> Settings:
    """The settings that a document says. Raises `Rejected` with every fault of the file."""
    lines = Lines(document.text)
    repeated = list(repeated_rows(document, lines, file))
    try:
        model = File.model_validate(document.values)
    except ValidationError as error:
        raise all_faults(error, repeated, lines, file) from error
    if repeated:
        raise all_faults(None, repeated, lines, file)
    return _settings(model, lines, file)


def _settings(model: File, lines: Lines, file: Path) -> Settings:
    return Settings(
        file=file,
        partner=Partner(model.partner.name, model.partner.inn, model.partner.code) if model.partner else None,
        contract=_contract(model.contract, lines, file) if model.contract else None,
        profiles={name: _profile(name, profile) for name, profile in model.profile.items()},
        limits=Limits(**model.limits.model_dump()),
    )


def _contract(model: Contract, lines: Lines, file: Path) -> SublicenceContract:
    def origin(*path: str | int) -> str:
        return f"{file.name}:{lines.of(('contract', *path))}"

    return SublicenceContract(
        number=model.number,
        signed_on=model.signed_on,
        term_months=model.term_months,
        rounding=model.rounding,
        vat_note=model.vat_note,
        prices=tuple(
            Price(row.amount, row.from_on, row.tier, origin("price", place)) for place, row in enumerate(model.price)
        ),
        discounts=tuple(
            Discount(row.rate, row.from_on, row.tier, origin("discount", place))
            for place, row in enumerate(model.discount)
        ),
    )


def _profile(name: str, model: ApplicationsProfile | StatementProfile) -> Profile:
    return Profile(
        name=name,
        kind=model.kind,
        encoding=model.encoding,
        delimiter=model.delimiter,
        sheet=model.sheet,
        date_format=model.date_format,
        columns=model.columns.model_dump(exclude_unset=True),
    )
