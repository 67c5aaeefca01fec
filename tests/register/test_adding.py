"""Many applications put together column by column are kept as each would be by itself."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.application import REQUESTED_MODES, TIERS, Application, ClientRequest
from mureg.domain.columns import columns_of
from mureg.register import columns as rows
from mureg.register.bulk_insert import NewApplications
from mureg.register.engines.sqlite.database import SQLite
from mureg.register.history import Actor
from mureg.register.import_digest import ImportedRows, row_text
from mureg.register.register import Register

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
WORDS = st.lists(
    st.builds(
        ClientRequest,
        number=st.text("AZЯ09-\x1f", min_size=1, max_size=4),
        kind=st.sampled_from(["connection", "change", "renewal"]),
        submitted_on=st.sampled_from(["2023-08-01", "2023-09-30"]),
        inn=st.sampled_from(["7700123459", "770012345606"]),
        kpp=st.sampled_from(["", "770001001"]),
        ogrn=st.sampled_from(["", "1237700000120"]),
        name=TEXT,
        account=TEXT,
        program_number=st.sampled_from(["", "800000001"]),
        requested=st.sampled_from(REQUESTED_MODES),
        requested_tier=st.sampled_from(["", *TIERS]),
        users=st.sampled_from([None, 0, 2, 12]),
        authorities=st.sampled_from(["", "ФНС\nСФР"]),
        promotion=TEXT,
        comment=TEXT,
        phone=st.sampled_from(["", "+7 495 000-00-01"]),
        email=st.sampled_from(["", "a@b.example"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda request: request.number,
)


@given(WORDS)
def test_a_row_built_from_columns_is_that_of_its_application(requests: list[ClientRequest]) -> None:
    database = SQLite.in_memory()
    register = Register(database)
    with register.operation(Actor("olga", "application import", "2023-08-14T10:00:00Z")) as operation:
        assert operation.add_requests(columns_of(ClientRequest, requests), "a.csv") == len(requests)
        operation.add_facts(files=["a.csv"])
    for request in requests:
        expected: dict[str, Any] = rows.application_values(Application(request)) | {"owners": "[]"}
        expected |= {"source_file": "a.csv", "imported_in": 1, "operation": 1}
        found = database.rows(
            f"SELECT {', '.join(expected)} FROM application WHERE number = :number", {"number": request.number}
        )
        assert found == [tuple(expected.values())]
    assert register.imports.requests([request.number for request in requests]) == set(requests)
    database.close()


@given(WORDS, st.sampled_from(["a.csv", "100 %s.csv", "a\x1fb.csv"]))
def test_the_digest_of_rows_is_the_same_over_columns_and_row_by_row(requests: list[ClientRequest], file: str) -> None:
    together, apart = ImportedRows(), ImportedRows()
    together.take(columns_of(ClientRequest, requests), file)
    for request in requests:
        apart.take(columns_of(ClientRequest, [request]), file)
    assert together._hash.digest() == apart._hash.digest()
    assert together._numbers == apart._numbers


def test_the_digest_of_a_row_is_taken_of_its_text() -> None:
    request = ClientRequest("A-1", "connection", "2023-08-01", "7700123459", name="ООО «Ромашка»", users=None)
    together = ImportedRows()
    together.take(columns_of(ClientRequest, [request]), "a.csv")
    expected = ImportedRows()
    expected._hash.update(row_text((*request[:-3], "[]", "a.csv", "")).encode())
    assert together._hash.digest() == expected._hash.digest()


def test_a_field_that_is_empty_in_all_rows_is_a_constant_of_the_statement() -> None:
    request = ClientRequest("A-1", "connection", "2023-08-01", "7700123459")
    columns = columns_of(ClientRequest, [request, request._replace(number="A-2")])
    sql, values = NewApplications(7).statement(columns, "a.csv")
    assert [len(row) for row in values] == [sql.count("?")] * 2
    assert sql.count("?") < len(rows.REQUEST_COLUMNS)
