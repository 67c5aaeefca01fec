"""Bank accounts and the keys in them."""

import pytest

from mureg.domain.payments.bank_account import account_fault, bic_fault, has_correspondent_key, has_key

# Published correspondent accounts of large banks, and the БИК of each.
PUBLISHED = [
    ("30101810400000000225", "044525225"), ("30101810200000000593", "044525593"), ("30101810145250000974", "044525974"),
    ("30101810700000000187", "044525187"),
]  # fmt: skip
OURS = ("40702810300000000001", "040000888")


@pytest.mark.parametrize(("account", "bic"), PUBLISHED)
def test_published_correspondent_accounts_fit_their_bic(account: str, bic: str) -> None:
    assert has_correspondent_key(account, bic)


def changed(text: str, place: int) -> str:
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


@pytest.mark.parametrize("place", range(20))
def test_one_mistyped_digit_of_an_account_is_noticed(place: int) -> None:
    assert has_key(*OURS)
    assert not has_key(changed(OURS[0], place), OURS[1])
    account, bic = PUBLISHED[0]
    assert not has_correspondent_key(changed(account, place), bic)


def test_an_account_in_an_office_of_the_bank_of_russia_counts_as_a_correspondent_account_does() -> None:
    bic = "044525000"
    assert [has_key(account, bic) for account, _ in PUBLISHED] == [
        has_correspondent_key(account, bic) for account, _ in PUBLISHED
    ]
    assert has_key(PUBLISHED[0][0], bic)


@pytest.mark.parametrize("text", ["", "04000088", "0400008888", "04000088x", "٠٤٠٠٠٠٨٨٨", "04000 888"])
def test_a_bic_has_nine_digits(text: str) -> None:
    assert str(bic_fault(text)) == "a БИК has 9 digits"
    assert bic_fault("040000888") is None


@pytest.mark.parametrize(
    "text", ["", "4070281030000000000", "407028103000000000011", "40702 810300000000001", "²" * 20]
)
def test_an_account_has_twenty_digits(text: str) -> None:
    assert str(account_fault(text)) == "a bank account has 20 digits"
    assert account_fault(OURS[0]) is None
