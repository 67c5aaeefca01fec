"""A browser on the register of the example partner."""

from collections.abc import Iterator

import pytest

from support.browser import Browser, office, opened
from support.command_line import Mureg


@pytest.fixture
def browser(example: Mureg) -> Iterator[Browser]:
    """Opened in Russian; the user may write."""
    yield from opened(office())
