"""Which certificates of an organization's people end soon: what the latest application says of a person counts."""

from datetime import date

import pytest

from mureg.domain.application import Application, ClientRequest, KeyOwner, Status
from mureg.domain.licence_list import Period
from mureg.domain.today import expiring_certificates

PERIOD = Period(date(2024, 8, 1), date(2024, 8, 31))
ANNA = KeyOwner("112-233-445 95", "Анна", certificate="read", certificate_until="2024-08-20")
OLEG = KeyOwner("112-233-446 96", "Олег", certificate="read", certificate_until="2024-08-10")


def application(number: str, *owners: KeyOwner, status: Status = "processed", requested: str = "on") -> Application:
    request = ClientRequest(number, "connection", "2023-08-01", "7700123459", "770001001", name="ООО «Ромашка»")
    return Application(request._replace(requested="on" if requested == "on" else "off"), owners, status)


def found(*applications: Application) -> list[tuple[str, str]]:
    return [(each.owner, each.application) for each in expiring_certificates(list(applications), PERIOD)]


def test_those_that_end_within_the_days_are_listed_the_first_first() -> None:
    assert found(application("A-1", ANNA, OLEG)) == [("Олег", "A-1"), ("Анна", "A-1")]


@pytest.mark.parametrize(
    ("until", "ends"), [("2024-07-31", False), ("2024-08-01", True), ("2024-08-31", True), ("2024-09-01", False)]
)
def test_both_ends_of_the_days_count(until: str, ends: bool) -> None:
    assert bool(found(application("A-1", ANNA._replace(certificate_until=until)))) is ends


def test_a_renewed_certificate_and_a_person_who_left_are_not_listed() -> None:
    renewed = ANNA._replace(certificate_until="2025-08-20")
    assert found(application("A-1", ANNA, OLEG), application("A-2", renewed, OLEG._replace(removed=True))) == []


def test_an_application_without_the_certificate_leaves_the_earlier_one() -> None:
    bare = ANNA._replace(certificate="", certificate_until="")
    assert found(application("A-1", ANNA), application("A-2", bare)) == [("Анна", "A-1")]


def test_of_a_person_in_two_applications_the_later_one_is_named() -> None:
    assert found(application("A-1", ANNA), application("A-2", ANNA)) == [("Анна", "A-2")]


def test_what_was_rejected_cancelled_or_without_the_mode_does_not_count() -> None:
    for status in ("rejected", "cancelled"):
        assert found(application("A-1", ANNA, status=status)) == []
    assert found(application("A-1", ANNA, requested="off")) == []
