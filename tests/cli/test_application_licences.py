"""What processing sells, and what becomes of the organisation's licences: docs/reference.md, “Sales and licences”."""

import pytest

from support.command_line import Mureg
from support.sample_data import begin, licences, row, sold, write_table


def live(mureg: Mureg, *steps: tuple[str, str, dict[str, str]]) -> Mureg:
    """Process applications of Ромашка one after another: number, day, and what differs from the usual row."""
    begin(mureg)
    rows = [row(number, **values) for number, _, values in steps]
    mureg.done("application", "import", write_table("a.csv", *rows))
    for number, day, _ in steps:
        mureg.done("application", "process", number, "--on", day)
    return mureg


CHANGE, RENEWAL = {"type": "change"}, {"type": "renewal"}
TEN = {"users": "", "tier": "10+"}
OFF = {"multiuser": "off", "users": ""}
UNSTATED = {"multiuser": "", "users": ""}


def test_a_connection_is_a_sale_of_one_licence(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}))
    assert licences(mureg) == [("A-1", "on", "2-9", "2023-08-14", "2024-08-13")]
    assert sold(mureg) == ["A-1"]


@pytest.mark.parametrize("off", [OFF, UNSTATED])
def test_with_the_option_off_there_is_no_licence(mureg: Mureg, off: dict[str, str]) -> None:
    live(mureg, ("A-1", "2023-08-14", off))
    assert (licences(mureg), sold(mureg)) == ([], [])


def test_the_partners_decision_decides_what_is_sold(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1", **OFF), row("A-2")))
    mureg.done("application", "set-multiuser", "A-1", "--tier", "10+")
    mureg.done("application", "set-multiuser", "A-2", "--off")
    mureg.done("application", "process", "A-2", "A-1", "--on", "2023-08-14")
    assert licences(mureg) == [("A-1", "on", "10+", "2023-08-14", "2024-08-13")]


def test_a_change_where_a_licence_lives_sells_nothing(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("C-1", "2023-08-20", CHANGE))
    assert licences(mureg) == [("A-1", "on", "2-9", "2023-08-14", "2024-08-13")]
    assert sold(mureg) == ["A-1"]


def test_that_there_is_no_sale_is_said_with_the_reason(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}))
    mureg.done("application", "import", write_table("b.csv", row("A-2", **CHANGE), row("A-3", **CHANGE)))
    out = mureg.done("application", "process", "A-2", "--on", "2023-08-15").out
    assert "No sale: the organization already has a licence\n" in out
    out = mureg.done("application", "process", "A-3", "--on", "2023-08-15", lang="ru").out
    assert "Продажи нет: у организации уже есть лицензия\n" in out


def test_a_change_to_a_lower_tier_sells_nothing(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", TEN), ("C-1", "2023-08-20", CHANGE))
    assert [licence[2] for licence in licences(mureg)] == ["10+"]


def test_a_change_without_a_living_licence_is_a_sale(mureg: Mureg) -> None:
    live(mureg, ("C-1", "2023-08-20", CHANGE))
    assert licences(mureg) == [("C-1", "on", "2-9", "2023-08-20", "2024-08-19")]
    assert sold(mureg) == ["C-1"]


@pytest.mark.parametrize(("day", "sales"), [("2024-08-13", []), ("2024-08-14", ["C-1"])])
def test_the_licence_still_works_on_its_last_day(mureg: Mureg, day: str, sales: list[str]) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("C-1", day, CHANGE))
    assert sold(mureg, "2024-08") == sales


@pytest.mark.parametrize("kind", [CHANGE, RENEWAL, {}])
def test_a_higher_tier_starts_at_once_and_replaces_the_lower(mureg: Mureg, kind: dict[str, str]) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("C-1", "2023-08-20", kind | TEN))
    assert licences(mureg) == [
        ("A-1", "ended", "2-9", "2023-08-14", "2023-08-19"),
        ("C-1", "on", "10+", "2023-08-20", "2024-08-19"),
    ]
    assert sold(mureg) == ["A-1", "C-1"]


def test_a_higher_tier_on_the_very_day_replaces_the_lower(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("C-1", "2023-08-14", CHANGE | TEN))
    states = {licence[0]: licence[1] for licence in licences(mureg)}
    assert states == {"A-1": "ended", "C-1": "on"}
    assert mureg.done("check").out == ""


def test_a_renewal_starts_the_day_after_the_living_one_ends(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("R-1", "2024-07-20", RENEWAL))
    assert licences(mureg, on="2024-08-01") == [
        ("A-1", "on", "2-9", "2023-08-14", "2024-08-13"),
        ("R-1", "upcoming", "2-9", "2024-08-14", "2025-08-13"),
    ]
    # Dated by its processing.
    assert sold(mureg, "2024-07") == ["R-1"]
    assert sold(mureg, "2024-08") == []


def test_a_second_renewal_follows_the_first(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("R-1", "2024-07-20", RENEWAL), ("R-2", "2024-07-21", RENEWAL))
    assert [licence[3:] for licence in licences(mureg)] == [
        ("2023-08-14", "2024-08-13"),
        ("2024-08-14", "2025-08-13"),
        ("2025-08-14", "2026-08-13"),
    ]


def test_a_renewal_of_a_lower_tier_starts_the_day_after_the_living_one_ends(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", TEN), ("R-1", "2024-07-20", RENEWAL))
    assert licences(mureg, on="2024-08-01") == [
        ("A-1", "on", "10+", "2023-08-14", "2024-08-13"),
        ("R-1", "upcoming", "2-9", "2024-08-14", "2025-08-13"),
    ]


def test_a_renewal_of_nothing_starts_at_once(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("R-1", "2024-09-20", RENEWAL))
    assert licences(mureg, on="2024-09-30")[1] == ("R-1", "on", "2-9", "2024-09-20", "2025-09-19")


def test_switching_off_ends_the_licence_that_day_without_refund(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("C-1", "2023-08-20", CHANGE | OFF))
    assert licences(mureg, on="2023-08-20") == [("A-1", "on", "2-9", "2023-08-14", "2023-08-20")]
    assert licences(mureg, on="2023-08-21")[0][1] == "ended"
    assert sold(mureg) == ["A-1"]


def test_switching_off_ends_upcoming_licences_too(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("R-1", "2024-07-20", RENEWAL), ("C-1", "2024-07-25", CHANGE | OFF))
    assert {licence[1] for licence in licences(mureg, on="2024-07-26")} == {"ended"}
    assert {licence[1] for licence in licences(mureg, on="2024-12-31")} == {"ended"}


def test_a_change_that_does_not_mention_the_mode_ends_nothing(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("C-1", "2023-08-20", CHANGE | UNSTATED))
    assert licences(mureg) == [("A-1", "on", "2-9", "2023-08-14", "2024-08-13")]


def test_after_switching_off_a_change_with_the_mode_sells_again(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("C-1", "2023-08-20", CHANGE | OFF), ("C-2", "2023-08-25", CHANGE))
    assert sold(mureg) == ["A-1", "C-2"]


def test_a_change_while_a_renewal_has_not_begun_sells_nothing(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("R-1", "2024-07-20", RENEWAL), ("C-1", "2024-07-25", CHANGE))
    assert sold(mureg, "2024-07") == ["R-1"]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2024-02-29", "2025-02-28"),
        ("2023-09-01", "2024-08-31"),
        ("2023-12-31", "2024-12-30"),
        ("2023-08-31", "2024-08-30"),
    ],
)
def test_the_term_ends_on_its_last_day(mureg: Mureg, day: str, last: str) -> None:
    live(mureg, ("A-1", day, {}))
    assert licences(mureg)[0][4] == last


def test_an_upgrade_leaves_a_renewal_that_is_paid_for(mureg: Mureg) -> None:
    """A higher tier replaces the living licence; what has not begun is not mentioned, and stays as it was."""
    live(mureg, ("A-1", "2023-08-14", {}), ("R-1", "2024-07-20", RENEWAL), ("C-1", "2024-07-25", CHANGE | TEN))
    assert licences(mureg, on="2024-07-26") == [
        ("A-1", "ended", "2-9", "2023-08-14", "2024-07-24"),
        ("C-1", "on", "10+", "2024-07-25", "2025-07-24"),
        ("R-1", "upcoming", "2-9", "2024-08-14", "2025-08-13"),
    ]


def test_other_organisations_are_left_alone(mureg: Mureg) -> None:
    live(mureg, ("A-1", "2023-08-14", {}), ("B-1", "2023-08-15", {"kpp": "770045001"} | TEN))
    cards = [mureg.done("organization", "show", "7700123459", "--kpp", kpp, "--json").json["products"][0]["ends_on"]
             for kpp in ("770001001", "770045001")]  # fmt: skip
    assert cards == ["2024-08-13", "2024-08-14"]
