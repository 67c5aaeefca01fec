"""Random changes of an application in JSON, for property tests."""

import json
from typing import Any

from hypothesis import strategies as st

RIGHT: dict[str, Any] = {
    "number": "A-1", "type": "connection", "submitted_on": "2023-08-07", "status": "new", "promotion": None,
    "client_comment": "срочно",
    "organization": {"inn": "7700123459", "kpp": "770001001", "ogrn": None, "name": "ООО «Ромашка»", "account": None},
    "multiuser": {"requested": "on", "requested_tier": None, "users": 3, "effective": "on", "set": None},
}  # fmt: skip
ODD: st.SearchStrategy[Any] = st.sampled_from([
    None, "", " ", "A-2", " A-3 ", "2023-08-08", "2023-02-30", "07.08.2023", "change", "renewal", "on", "off", "2-9",
    "10+", "unstated", "new", "processed", "7700123459", "770012345606", "7700123458", 0, 1, -1, 3, 2_000_000, True,
    1.5, [], {}, ["ФНС"], {"inn": "7700123459"}, "#N/A", "a\0b", "x" * 120, "x" * 11_000, "770001001", "77000100",
    "1237700000120", "\u200b",
])  # fmt: skip
KEYS = st.sampled_from([
    "number", "type", "submitted_on", "status", "comment", "client_comment", "organization", "multiuser", "owners",
    "authorities", "promotion", "source", "warnings", "tier", "organization.inn", "organization.kpp",
    "organization.ogrn", "organization.account", "organization.name", "organization.program_number", "organization.x",
    "multiuser.requested", "multiuser.requested_tier", "multiuser.users", "multiuser.set", "multiuser.set_tier",
])  # fmt: skip
CHANGES = st.lists(st.tuples(KEYS, ODD | st.just("without")), max_size=2)


def changed(changes: list[tuple[str, Any]]) -> str:
    """The valid object with other values in some places, as JSON."""
    item = json.loads(json.dumps(RIGHT))
    for key, value in changes:
        parent, _, name = key.rpartition(".")
        place = item if not parent else item.get(parent)
        if isinstance(place, dict):
            place[name] = json.loads(json.dumps(value))
            if value == "without":
                del place[name]
    return json.dumps(item)
