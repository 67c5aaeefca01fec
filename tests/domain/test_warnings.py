"""Each warning with its level and sentence, and when there is none."""

from datetime import date

import pytest

from mureg.domain.application import Application, ClientRequest, KeyOwner, Kind, Role, Status, Switch
from mureg.domain.warnings import ApplicationWarning, warnings_of

_TODAY = date(2023, 8, 14)
_ALL: tuple[Role, ...] = ("signing", "encryption", "administration")
_SENDER = KeyOwner("112-233-445 95", name="Иванова", roles=_ALL, authorities=("ФНС", "СФР"), sender=True)
_SIGNER = KeyOwner("112-233-446 96", name="Петров", roles=("signing",), authorities=("СФР",))
_REQUEST = ClientRequest(
    "ZV-1042", "connection", "2023-08-07", "7700123459", "770001001", requested="on", authorities="ФНС\nСФР\nРосстат"
)
# Nothing is wrong with it.
_RIGHT = Application(_REQUEST, owners=(_SENDER, _SIGNER))


def _colleague(number: int, *roles: Role, authorities: tuple[str, ...] = ("ФНС",)) -> KeyOwner:
    return KeyOwner(f"person {number}", roles=roles, authorities=authorities)


def _with(*owners: KeyOwner) -> Application:
    return _RIGHT._replace(owners=owners)


def _codes(application: Application, licensed_until: date | None = None) -> list[str]:
    return [warning.code for warning in warnings_of(application, _TODAY, licensed_until)]


def _only(application: Application, licensed_until: date | None = None) -> tuple[str, str, str]:
    (warning,) = warnings_of(application, _TODAY, licensed_until)
    return warning.code, warning.level, str(warning.message)


def test_an_application_that_keeps_the_rules_has_no_warnings() -> None:
    assert warnings_of(_RIGHT, _TODAY) == []


def test_a_mode_for_one_user_is_a_warning() -> None:
    assert _only(_with(_SENDER)) == ("single_user", "warning", "only 1 user is known")
    without_users = Application(_REQUEST._replace(users=0))
    assert _only(without_users) == ("single_user", "warning", "only 0 users are known")


def test_one_user_and_one_who_is_being_removed_are_one_user() -> None:
    assert _codes(_with(_SENDER, _SIGNER._replace(removed=True))) == ["single_user"]


def test_two_users_are_no_single_user() -> None:
    assert _codes(Application(_REQUEST._replace(users=2))) == []
    assert _codes(_with(_SENDER, _SIGNER._replace(potential=True))) == []


def test_users_that_are_not_stated_are_unknown() -> None:
    assert _only(Application(_REQUEST)) == (
        "users_unknown", "warning", "the client listed no users: only the client can send the list",
    )  # fmt: skip


def test_a_mode_without_an_administrator_is_a_warning() -> None:
    sender = _SENDER._replace(roles=("signing", "encryption"), sender=False)
    assert _only(_with(sender, _SIGNER)) == ("no_administrator", "warning", "no user is an administrator")


def test_an_administrator_who_is_being_removed_is_none() -> None:
    leaving = _colleague(1, *_ALL)._replace(removed=True)
    first, second = _SENDER._replace(sender=False, roles=("encryption",)), _SIGNER
    assert _codes(_with(first, second, leaving)) == ["no_administrator"]


def test_an_invited_administrator_is_one() -> None:
    invited = KeyOwner("person 1", roles=("administration",), potential=True)
    assert "no_administrator" not in _codes(_with(_SENDER._replace(roles=("encryption",)), _SIGNER, invited))


@pytest.mark.parametrize(
    ("kind", "status", "licensed", "warned"),
    [
        ("connection", "new", False, True),
        ("connection", "new", True, True),
        ("connection", "processed", False, True),
        ("change", "new", False, True),
        ("change", "new", True, False),
        ("change", "processed", False, False),
        ("renewal", "new", False, False),
        ("renewal", "new", True, False),
    ],
)
def test_only_the_sender_of_what_switches_the_mode_on_must_be_an_administrator(
    kind: Kind, status: Status, licensed: bool, warned: bool
) -> None:
    sender = _SENDER._replace(roles=("signing", "encryption"))
    sent = _with(sender, _SIGNER._replace(roles=("administration",)))
    sent = sent._replace(request=_REQUEST._replace(kind=kind), status=status)
    codes = _codes(sent, date(2024, 8, 13) if licensed else None)
    assert ("sender_not_administrator" in codes) is warned


def test_a_sender_who_is_no_administrator_is_a_warning() -> None:
    sender = _SENDER._replace(roles=("signing", "encryption"))
    assert _only(_with(sender, _SIGNER._replace(roles=("administration",)))) == (
        "sender_not_administrator", "warning", "the sender of the application is not an administrator",
    )  # fmt: skip


def test_a_tax_service_without_an_encryption_user_is_a_warning() -> None:
    sender = _SENDER._replace(roles=("signing", "administration"))
    assert _only(_with(sender, _SIGNER)) == (
        "no_encryption_user", "warning", "no user receives messages from the tax service (encryption)",
    )  # fmt: skip


def test_without_the_tax_service_no_one_has_to_encrypt() -> None:
    sender = _SENDER._replace(roles=("signing", "administration"), authorities=("СФР",))
    assert _codes(_with(sender, _SIGNER)) == []


def test_three_encryption_users_are_right_and_four_are_too_many() -> None:
    three = (_SENDER, *(_colleague(number, "signing", "encryption") for number in range(2)))
    assert _codes(_with(*three)) == []
    assert _only(_with(*three, _colleague(3, "encryption"))) == (
        "too_many_encryption_users", "warning",
        "4 users receive messages from the tax service, but at most 3 are allowed",
    )  # fmt: skip
    assert _codes(_with(*three, _colleague(3, "encryption")._replace(removed=True))) == []


def test_authorities_outside_the_account_are_a_warning_that_names_them() -> None:
    assert _only(_with(_SENDER, _SIGNER._replace(authorities=("СФР", "ФТС", "РПН")))) == (
        "authority_not_in_account", "warning", "users have authorities that the account does not have: РПН, ФТС",
    )  # fmt: skip


def test_authorities_of_someone_being_removed_do_not_count() -> None:
    leaving = _colleague(1, authorities=("ФТС",))._replace(removed=True)
    assert _codes(_with(_SENDER, _SIGNER, leaving)) == []


def test_an_account_whose_authorities_are_not_stated_is_not_compared() -> None:
    application = _with(_SENDER, _SIGNER)._replace(request=_REQUEST._replace(authorities=""))
    assert _codes(application) == []


def test_one_person_listed_twice_is_a_warning() -> None:
    assert _only(_with(_SENDER, _SIGNER, _SIGNER)) == (
        "duplicate_owner",
        "warning",
        "1 person is listed more than once",
    )
    assert _only(_with(_SENDER, _SIGNER, _SIGNER, _SENDER._replace(roles=("signing",), sender=False))) == (
        "duplicate_owner", "warning", "2 people are listed more than once",
    )  # fmt: skip


def test_people_without_a_snils_are_not_taken_for_one() -> None:
    assert _codes(_with(_SENDER, KeyOwner(name="Петров"), KeyOwner(name="Петров"))) == []


@pytest.mark.parametrize("option", ["on", "off"])
def test_a_certificate_that_cannot_be_read_is_a_warning_whatever_the_option(option: Switch) -> None:
    unreadable = _SIGNER._replace(certificate="unreadable")
    assert _only(_with(_SENDER, unreadable)._replace(set_option=option)) == (
        "certificate_unreadable", "warning", "1 certificate could not be read",
    )  # fmt: skip
    assert _codes(_with(_SENDER._replace(certificate="read"), _SIGNER)) == []


def test_a_connection_of_an_organisation_with_a_licence_may_be_a_renewal() -> None:
    assert _only(_RIGHT, date(2024, 8, 13)) == (
        "already_licensed", "warning", "the organization already has the mode, until 2024-08-13; this may be a renewal",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["change", "renewal"])
def test_only_a_connection_is_surprised_by_a_licence(kind: Kind) -> None:
    assert _codes(_RIGHT._replace(request=_REQUEST._replace(kind=kind)), date(2024, 8, 13)) == []


@pytest.mark.parametrize("status", ["processed", "rejected", "cancelled"])
def test_the_licence_that_it_made_itself_is_no_surprise(status: Status) -> None:
    assert _codes(_RIGHT._replace(status=status), date(2024, 8, 13)) == []


def test_a_tier_above_the_users_is_a_note() -> None:
    assert _only(_RIGHT._replace(set_option="on", set_tier="10+")) == (
        "tier_above_users", "note", "the tier is higher than the number of users requires",
    )  # fmt: skip
    assert _codes(Application(_REQUEST._replace(users=9, requested_tier="10+"))) == ["tier_above_users"]


@pytest.mark.parametrize(("users", "tier"), [(9, "2-9"), (10, "10+")])
def test_a_tier_that_fits_is_no_note(users: int, tier: str) -> None:
    application = Application(_REQUEST._replace(users=users))
    assert application.tier == tier
    assert _codes(application) == []


def test_a_tier_below_the_users_is_refused_elsewhere_and_no_note() -> None:
    assert _codes(Application(_REQUEST._replace(users=12, requested_tier="2-9"))) == []


def test_a_promotion_is_a_note_that_names_it() -> None:
    assert _only(_RIGHT._replace(request=_REQUEST._replace(promotion="Welcome!"))) == (
        "promotion_ignored", "note", "the promotion “Welcome!” gives no discount on the multi-user mode",
    )  # fmt: skip


def test_a_mode_that_is_off_breaks_no_rule_of_the_mode() -> None:
    lonely = KeyOwner("1", sender=True, authorities=("ФНС", "ФТС"))
    for application in (
        _with(lonely)._replace(set_option="off"),
        _with(lonely)._replace(request=_REQUEST._replace(requested="off", requested_tier="10+")),
        Application(_REQUEST._replace(requested="unstated")),
    ):
        assert warnings_of(application, _TODAY, date(2024, 8, 13)) == []


def test_an_option_set_by_the_partner_is_looked_at_like_the_clients() -> None:
    single = KeyOwner(name="Иванова", sender=True)
    application = Application(
        _REQUEST._replace(requested="unstated"), owners=(single,), set_option="on", set_tier="2-9"
    )
    assert _codes(application) == ["single_user", "no_administrator", "sender_not_administrator"]


def test_several_warnings_are_reported_together_before_notes() -> None:
    sender = _SENDER._replace(roles=("signing",), certificate="unreadable", authorities=("ФНС", "ФТС"))
    application = _with(sender)._replace(request=_REQUEST._replace(promotion="СуперХод"))
    found: list[ApplicationWarning] = warnings_of(application, _TODAY, date(2024, 8, 13))
    assert [warning.code for warning in found] == [
        "single_user", "no_administrator", "sender_not_administrator", "no_encryption_user",
        "authority_not_in_account", "already_licensed", "certificate_unreadable", "promotion_ignored",
    ]  # fmt: skip
    assert [warning.level for warning in found] == ["warning"] * 7 + ["note"]


def test_a_submission_in_the_future_or_before_sales_began_is_a_warning() -> None:
    future = _RIGHT._replace(request=_REQUEST._replace(submitted_on="2023-08-15"))
    assert _only(future) == ("submitted_in_future", "warning", "the submission date 2023-08-15 is in the future")
    early = _RIGHT._replace(request=_REQUEST._replace(submitted_on="2023-07-31"))
    message = "it was submitted before sales of the multi-user mode began on 2023-08-01"
    assert _only(early) == ("submitted_before_sales", "warning", message)
    for day in ("2023-08-01", "2023-08-14"):
        assert _codes(_RIGHT._replace(request=_REQUEST._replace(submitted_on=day))) == []


@pytest.mark.parametrize(
    ("until", "codes"),
    [
        ("2023-08-13", ["certificate_expired"]),
        ("2023-08-14", ["certificate_expires_soon"]),
        ("2023-09-13", ["certificate_expires_soon"]),
        ("2023-09-14", []),
        ("", []),
    ],
)
def test_a_certificate_that_ends_is_a_warning_or_a_note(until: str, codes: list[str]) -> None:
    application = _with(_SENDER._replace(certificate_until=until), _SIGNER)
    assert _codes(application) == codes
    processed = application._replace(status="processed")
    assert _codes(processed) == [], "there is nothing to do about it any more"


def test_the_certificate_of_a_person_who_is_being_removed_does_not_count() -> None:
    removed = _SIGNER._replace(snils="", removed=True, certificate_until="2023-08-01")
    assert _codes(_with(_SENDER, _SIGNER, removed)) == []


def test_certificates_are_counted_and_the_first_of_those_that_end_soon_is_named() -> None:
    both = (_SENDER._replace(certificate_until="2023-08-20"), _SIGNER._replace(certificate_until="2023-08-16"))
    assert _only(_with(*both)) == (
        "certificate_expires_soon", "note", "2 certificates expire soon, the first on 2023-08-16",
    )  # fmt: skip
