"""What the command line decided for all requests."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import NamedTuple

from mureg.domain.contract import SublicenceContract
from mureg.errors import MuregError
from mureg.operations import opening
from mureg.register.history import Actor
from mureg.register.register import Register
from mureg.settings.schema import Settings


class Office(NamedTuple):
    """The register, the settings and the user of one `mureg web`.

    `internal_error` writes the crash file of an error that is none of ours, and gives the error to show.
    `language` is for browsers that name neither Russian nor English. `today` is asked at each request: the page may be
    open for days.
    """

    register_url: str
    read_settings: Callable[[], Settings]
    user: str
    internal_error: Callable[[Exception], MuregError]
    language: str = "en"
    read_only: bool = False
    today: Callable[[], date] = date.today

    def register(self) -> AbstractContextManager[Register]:
        """The open register."""
        return opening.opened(self.register_url)

    def settings(self) -> Settings:
        """Everything in mureg.toml, as it is now. Raises `Rejected`."""
        return self.read_settings()

    def contract(self) -> SublicenceContract | None:
        """The contract of the settings."""
        return self.settings().contract

    def actor(self, command: str) -> Actor:
        """Who does it now: the history names the command that does the same."""
        return Actor.acting(self.user, command, datetime.now(UTC))
