"""An application in JSON, as `application show` prints it, and variants of it."""

import copy
import json
from typing import Any

SHOWN: dict[str, Any] = {
    "number": "ZV-1042", "type": "connection", "submitted_on": "2023-08-07", "status": "new", "processed_on": None,
    "comment": None, "client_comment": None,
    "organization": {"inn": "7700123459", "kpp": "770001001", "ogrn": "1237700000120", "name": "ООО «Ромашка»",
                     "account": None, "program_number": "800000001"},
    "multiuser": {"requested": "on", "requested_tier": None, "set": None, "set_by": None, "effective": "on",
                  "tier": "2-9", "suggested_tier": "2-9", "users": 3},
    "owners": [{"snils": "112-233-445 95", "name": "Иванова Анна Петровна", "position": "Директор",
                "inn": "770012345606", "roles": ["signing", "encryption", "administration"],
                "authorities": ["ФНС", "СФР"], "sender": True, "removed": False, "potential": False}],
    "authorities": ["ФНС", "СФР"], "promotion": "Welcome!", "source": {"file": "ZV-1042.xml", "imported_at": "x"},
    "warnings": [{"code": "promotion_ignored", "level": "note", "message": "…"}],
}  # fmt: skip


def changed(**changes: Any) -> dict[str, Any]:
    """The example with some keys changed; `multiuser__set` reaches inside."""
    result = copy.deepcopy(SHOWN)
    for key, value in changes.items():
        *path, last = key.split("__")
        target = result
        for step in path:
            target = target[step]
        target[last] = value
    return result


def dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
