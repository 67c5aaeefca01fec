"""What mureg.toml says, once it is checked; without a file, nothing and the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mureg.domain.contract import SublicenceContract
from mureg.readers.types import Limits, Profile


class Partner(NamedTuple):
    """Who sells the licences. `code` is empty where absent."""

    name: str
    inn: str
    code: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What mureg.toml says. `file` is `None` where there is none; what is absent from it is `None` or the default."""

    file: Path | None = None
    partner: Partner | None = None
    contract: SublicenceContract | None = None
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
