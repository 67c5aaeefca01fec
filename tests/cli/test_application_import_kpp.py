"""Whose application is a change that states no КПП: docs/reference.md, “Organizations”."""

import shutil
from itertools import permutations
from typing import Any

import pytest

from support.command_line import Mureg
from support.sample_data import EXAMPLES, ROMASHKA, begin, inn_of, row, write_table, write_xml

HEAD, BRANCH = "770001001", "770045001"


@pytest.fixture
def empty(mureg: Mureg) -> Mureg:
    """An empty register, with the example's contract."""
    return begin(mureg)


def kpp_of(mureg: Mureg, number: str) -> Any:
    return mureg.done("application", "show", number, "--json").json["organization"]["kpp"]


def two_with_one_inn() -> str:
    return write_table(
        "two.csv",
        row("A-1", kpp=HEAD, account="ACC-1"),
        row("A-2", kpp=BRANCH, account="ACC-2"),
    )


@pytest.mark.parametrize(("account", "kpp"), [("ACC-1", HEAD), ("ACC-2", BRANCH)])
def test_it_belongs_to_its_accounts_organisation(empty: Mureg, account: str, kpp: str) -> None:
    empty.done("application", "import", two_with_one_inn())
    empty.done("application", "import", write_xml("C-1.xml", ROMASHKA, account=account))
    assert kpp_of(empty, "C-1") == kpp


def test_it_belongs_to_the_only_one_with_its_inn(empty: Mureg) -> None:
    empty.done("application", "import", write_table("a.csv", row("A-1", kpp=HEAD, account="ACC-1")))
    empty.done("application", "import", write_xml("C-1.xml", ROMASHKA, account="OTHER"))
    empty.done("application", "import", write_xml("C-2.xml", ROMASHKA))
    assert (kpp_of(empty, "C-1"), kpp_of(empty, "C-2")) == (HEAD, HEAD)


@pytest.mark.parametrize("account", ["", "OTHER"])
def test_with_several_to_choose_from_it_is_refused_and_the_candidates_are_named(empty: Mureg, account: str) -> None:
    empty.done("application", "import", two_with_one_inn())
    ended = empty("application", "import", write_xml("C-1.xml", ROMASHKA, account=account), "--json")
    assert (ended.code, ended.out) == (4, "")
    (detail,) = ended.error["details"]
    assert (detail["file"], detail["column"]) == ("C-1.xml", "kpp")
    assert detail["message"] == (
        f"several organizations have the ИНН {ROMASHKA}: specify the КПП, one of {HEAD}, {BRANCH}"
    )
    empty.done("application", "import", "C-1.xml", "--kpp", BRANCH)
    assert kpp_of(empty, "C-1") == BRANCH


def test_an_inn_not_met_before_makes_an_organisation_without_kpp(empty: Mureg) -> None:
    empty.done("application", "import", write_xml("C-1.xml", ROMASHKA, account="ACC-1"))
    assert kpp_of(empty, "C-1") is None
    assert empty.done("organization", "show", ROMASHKA, "--json").json["organization"]["kpp"] is None


def test_a_stated_kpp_is_the_organisations(empty: Mureg) -> None:
    empty.done("application", "import", two_with_one_inn())
    empty.done("application", "import", write_xml("C-1.xml", ROMASHKA, kpp="770099001", account="ACC-1"))
    assert kpp_of(empty, "C-1") == "770099001"


def test_a_row_of_a_table_finds_its_organisation_too(empty: Mureg) -> None:
    empty.done("application", "import", two_with_one_inn())
    empty.done("application", "import", write_table("c.csv", row("C-1", type="change", kpp="", account="ACC-2")))
    assert kpp_of(empty, "C-1") == BRANCH


def test_the_account_of_another_taxpayer_does_not_count(empty: Mureg) -> None:
    empty.done("application", "import", two_with_one_inn())
    empty.done("application", "import", write_xml("C-1.xml", inn_of(7001), account="ACC-1"))
    assert kpp_of(empty, "C-1") is None


def test_the_order_of_files_does_not_matter(mureg: Mureg) -> None:
    shutil.copy(EXAMPLES / "contract" / "mureg.toml", "mureg.toml")
    files = [
        write_table("a.csv", row("A-1", kpp=HEAD, account="ACC-1")),
        write_table("b.csv", row("A-2", kpp=BRANCH, account="ACC-2")),
        write_xml("C-1.xml", ROMASHKA, account="ACC-2"),
        write_xml("C-2.xml", inn_of(7001)),
    ]
    found = set()
    for place, order in enumerate(permutations(files)):
        db = ("--db", f"{place}.db")
        mureg.done("init", *db)
        mureg.done("application", "import", *order, *db)
        listed = mureg.done("application", "list", "--json", *db).json
        found.add(tuple((item["number"], item["organization"]["kpp"]) for item in listed))
    assert found == {(("A-1", HEAD), ("A-2", BRANCH), ("C-1", BRANCH), ("C-2", None))}


def test_the_same_change_again_is_skipped(empty: Mureg) -> None:
    empty.done("application", "import", two_with_one_inn())
    file = write_xml("C-1.xml", ROMASHKA, account="ACC-2")
    empty.done("application", "import", file)
    again = empty.done("application", "import", file, "--json").json
    assert (again["added"], again["changed"], again["skipped"]) == (0, 0, 1)


def test_the_same_change_again_is_skipped_when_more_organisations_have_come(empty: Mureg) -> None:
    file = write_xml("C-1.xml", ROMASHKA)
    empty.done("application", "import", file)
    empty.done("application", "import", two_with_one_inn())
    again = empty.done("application", "import", file, "--json").json
    assert (again["added"], again["changed"], again["skipped"]) == (0, 0, 1)


def test_a_sole_proprietor_has_no_kpp_to_look_for(empty: Mureg) -> None:
    line = row("A-1", inn="500000103391", kpp="", type="change", account="ACC-1")
    empty.done("application", "import", write_table("a.csv", line))
    assert kpp_of(empty, "A-1") is None
