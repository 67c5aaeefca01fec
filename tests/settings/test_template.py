"""The template of mureg.toml."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mureg.domain.payments.bank_account import BankAccount
from mureg.readers.types import Limits
from mureg.settings.locate import read_db
from mureg.settings.reading import read_settings
from mureg.settings.schema import Operator, Partner, Settings
from mureg.settings.template import TEMPLATE

Write = Callable[[str], Path]


@pytest.mark.parametrize("text", ["", "# nothing\n", TEMPLATE.replace('db = "mureg.db"', "")])
def test_a_file_that_sets_nothing_gives_the_defaults(write: Write, text: str) -> None:
    file = write(text)
    assert read_settings(file) == Settings(file)
    assert read_db(file) is None


def test_the_template_sets_nothing_but_the_register_beside_it(write: Write) -> None:
    file = write(TEMPLATE)
    assert read_settings(file) == Settings(file)
    assert read_db(file) == str(file.parent / "mureg.db")


def test_the_template_switched_on_and_filled_in_is_accepted(write: Write) -> None:
    lines = [line[1:] if line[:1] == "#" and line[:2] != "# " else line for line in TEMPLATE.splitlines()]
    text = "\n".join(lines).replace("from = …", "from = 2023-08-01").replace("signed_on = …", "signed_on = 2023-07-20")
    text = (
        text.replace("term_months = …", "term_months = 1")
        .replace('inn = "…"', 'inn = "7700123459"')
        .replace('kpp = "…"', 'kpp = "770001001"')
        .replace('bic = "…"', 'bic = "040000888"')
        .replace('\naccount = "…"', '\naccount = "40702810300000000001"')
        .replace('correspondent_account = "…"', 'correspondent_account = "30101810200000000888"')
    )
    text = text.replace('rate = "…"', 'rate = "1%"').replace('amount = "…"', 'amount = "1"').replace("…", "text")
    settings = read_settings(write(text))
    assert settings.limits == Limits()
    bank = BankAccount("40702810300000000001", "040000888", "text", "30101810200000000888", "text")
    assert settings.partner == Partner("text", "7700123459", "text", "770001001", "text", "text", bank)
    assert settings.operator == Operator("text", "7700123459", "770001001", "text", "text", bank)
    assert settings.profiles["operator"].columns == {"payable": "text"}
    assert settings.contract is not None
    assert len(settings.contract.prices) == len(settings.contract.discounts) == 1


def test_the_template_explains_every_setting_on_the_line_above() -> None:
    lines = TEMPLATE.splitlines()
    settings = [place for place, line in enumerate(lines) if line.startswith("#") and not line.startswith("# ")]
    assert settings
    assert all(lines[place - 1].startswith("# ") and "|" in lines[place - 1] for place in settings)
