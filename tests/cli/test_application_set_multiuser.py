"""`mureg application set-multiuser`: the partner's word beside the client's."""

import pytest

from support import raw_sql
from support.command_line import Mureg
from support.sample_data import begin, history, row, shown, write_table


@pytest.fixture
def some(mureg: Mureg) -> Mureg:
    """THREE users, TWELVE users, UNSTATED users, the mode OFF."""
    begin(mureg)
    write_table(
        "a.csv",
        row("THREE"),
        row("TWELVE", users="12"),
        row("UNSTATED", users=""),
        row("OFF", multiuser="off", users=""),
        row("ASKED", users="4", tier="10+"),
    )
    mureg.done("application", "import", "a.csv")
    return mureg


def put(mureg: Mureg, *arguments: str) -> None:
    mureg.done("application", "set-multiuser", *arguments)


@pytest.mark.parametrize(
    ("arguments", "set_to", "effective", "tier"),
    [
        (["THREE", "--tier", "10+"], "on", "on", "10+"),
        (["THREE", "--tier", "10 и более"], "on", "on", "10+"),
        (["THREE", "--tier", "от 2 до 9", "--on"], "on", "on", "2-9"),
        (["THREE", "--on"], "on", "on", "2-9"),
        (["THREE", "--off"], "off", "off", None),
        (["TWELVE", "--on"], "on", "on", "10+"),
        (["UNSTATED", "--on"], "on", "on", None),
        (["UNSTATED", "--tier", "2-9"], "on", "on", "2-9"),
        (["OFF", "--tier", "2-9"], "on", "on", "2-9"),
        (["ASKED", "--on"], "on", "on", "10+"),
        (["ASKED", "--tier", "2-9"], "on", "on", "2-9"),
    ],
)
def test_the_partners_decision_prevails(
    some: Mureg, arguments: list[str], set_to: str, effective: str, tier: str | None
) -> None:
    before = shown(some, arguments[0])["multiuser"]
    put(some, *arguments)
    after = shown(some, arguments[0])["multiuser"]
    assert (after["set"], after["effective"], after["tier"], after["set_by"]) == (set_to, effective, tier, "tester")
    # What the client asked for never changes.
    for name in ("requested", "requested_tier", "users", "suggested_tier"):
        assert after[name] == before[name]


def test_reset_returns_to_the_clients_request(some: Mureg) -> None:
    before = shown(some, "THREE")
    put(some, "THREE", "--tier", "10+")
    put(some, "THREE", "--reset")
    assert shown(some, "THREE") == before


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--on", "--off"],
        ["--tier", "2-9", "--off"],
        ["--tier", "2-9", "--reset"],
        ["--on", "--reset"],
        ["--off", "--reset"],
        ["--tier", "5-7"],
        ["--tier", ""],
        ["--tier"],
    ],
)
def test_what_contradicts_itself_is_wrong_usage(some: Mureg, options: list[str]) -> None:
    ended = some("application", "set-multiuser", "THREE", *options)
    assert (ended.code, ended.out) == (2, "")
    assert len(history(some)) == 1


@pytest.mark.parametrize("options", [["--tier", "10+"], ["--on"], ["--off"], ["--reset"]])
def test_the_same_again_is_done_and_writes_nothing(
    some: Mureg, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(some, "THREE", *options)
    records = history(some)
    before = shown(some, "THREE")
    monkeypatch.setenv("MUREG_USER", "другой")
    ended = some("application", "set-multiuser", "THREE", *options, "--json")
    assert (ended.code, ended.json["operation"], ended.err) == (0, None, "")
    assert "nothing was written" in some("application", "set-multiuser", "THREE", *options).err
    assert history(some) == records
    assert shown(some, "THREE") == before


def test_a_tier_below_the_users_is_refused(some: Mureg) -> None:
    ended = some("application", "set-multiuser", "TWELVE", "--tier", "2-9")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        "Error: TWELVE: the client lists 12 users, but tier 2 to 9 allows at most 9\n"
        "set the higher tier: mureg application set-multiuser TWELVE --tier 10+\n"
    )
    assert shown(some, "TWELVE")["multiuser"]["set"] is None


def test_a_russian_reads_the_tier_in_words(some: Mureg) -> None:
    err = some("application", "set-multiuser", "TWELVE", "--tier", "2-9", lang="ru").err
    assert "а вид расширения «от 2 до 9» рассчитан не более чем на 9\n" in err
    assert err.endswith("mureg application set-multiuser TWELVE --tier 10+\n")


def test_a_tier_above_the_users_is_a_note(some: Mureg) -> None:
    put(some, "THREE", "--tier", "10+")
    assert [(warning["code"], warning["level"]) for warning in shown(some, "THREE")["warnings"]] == [
        ("tier_above_users", "note")
    ]


def test_a_processed_application_cannot_be_set_and_the_error_names_who_did_it(
    some: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUREG_USER", "ольга")
    some.done("application", "process", "THREE", "--on", "2023-08-14")
    monkeypatch.setenv("MUREG_USER", "пётр")
    ended = some("application", "set-multiuser", "THREE", "--off")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        "Error: THREE was processed on 2023-08-14 and cannot be changed\n"
        "ольга did it in operation 2; to change its tier: mureg application amend THREE --tier 2-9 --reason TEXT; "
        "to make it new again: mureg application return THREE --reason TEXT\n"
    )


def test_what_is_rejected_cannot_be_set(some: Mureg) -> None:
    some.done("application", "reject", "THREE", "--comment", "нет")
    assert some("application", "set-multiuser", "THREE", "--off").code == 5


def test_a_dry_run_shows_what_would_be_and_writes_nothing(some: Mureg) -> None:
    before = raw_sql.content()
    ended = some("application", "set-multiuser", "THREE", "--tier", "10+", "--dry-run")
    expected = "Application: THREE\nStatus: would be set\nMulti-user mode: On\nTier: 10 and more\n"
    assert (ended.code, ended.out) == (0, expected)
    assert ended.err == "dry run: nothing was written\n"
    assert raw_sql.content() == before
    assert shown(some, "THREE")["multiuser"]["set"] is None


def test_the_json_has_the_operation_and_the_numbers(some: Mureg) -> None:
    result = some.done("application", "set-multiuser", "THREE", "--tier", "10+", "--json").json
    assert (result["operation"], result["numbers"], result["multiuser"]["tier"]) == (2, ["THREE"], "10+")
    dry = some.done("application", "set-multiuser", "THREE", "--off", "--json", "--dry-run").json
    assert (dry["operation"], dry["numbers"]) == (None, ["THREE"])


def test_a_tier_that_is_still_needed_is_noted(some: Mureg) -> None:
    ended = some("application", "set-multiuser", "UNSTATED", "--on")
    assert "a tier is still needed: mureg application set-multiuser UNSTATED --tier 2-9\n" in ended.err


def test_the_list_of_users_is_never_touched(example: Mureg) -> None:
    owners = shown(example, "ZV-1042")["owners"]
    put(example, "--tier", "10+")
    assert shown(example, "ZV-1042")["owners"] == owners


def test_it_speaks_russian(some: Mureg) -> None:
    out = some.done("application", "set-multiuser", "THREE", "--tier", "10+", lang="ru").out
    assert "Многопользовательский режим: Включен" in out
    assert "10 и более" in out


def test_an_unknown_number_is_not_found(some: Mureg) -> None:
    ended = some("application", "set-multiuser", "NOPE", "--off")
    assert (ended.code, ended.out) == (3, "")


def test_the_second_of_two_people_learns_what_the_first_had_set(
    example: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUREG_USER", "olga")
    example.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    monkeypatch.setenv("MUREG_USER", "petr")
    ended = example.done("application", "set-multiuser", "ZV-1042", "--tier", "2-9")
    assert "set before by olga in operation 9: On, 10+\n" in ended.err
    assert "petr" not in ended.err
    ended = example.done("application", "set-multiuser", "ZV-1042", "--off")
    assert "had set it" not in ended.err
    assert example.done("application", "set-multiuser", "ZV-1042", "--on", "--json").json["before"]["set_by"] == "petr"
