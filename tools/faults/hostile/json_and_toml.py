"""Hostile JSON, JSON lines and TOML."""

import json
from collections.abc import Callable
from pathlib import Path

from faults.hostile.case import Case, counted, filled, written

from support.sample_data import application, owner

_ONE = json.dumps(application("A-1"), ensure_ascii=False)


def _changed(old: str, new: str) -> bytes:
    assert old in _ONE, old
    return ("[" + _ONE.replace(old, new, 1) + "]").encode()


def _in_all(name: str, content: bytes, says: str, lines_say: str | None = None) -> tuple[Case, Case]:
    """The same as a document and as lines."""
    lines = content.strip().removeprefix(b"[").removesuffix(b"]") + b"\n" + _ONE.encode() + b"\n"
    return (
        Case(f"JSON, {name}", written("1.json", content), 1, 1, says),
        Case(f"JSON lines, {name}", written("1.jsonl", lines), 1, 1, lines_say or says),
    )


def _keys(folder: Path, count: int) -> Path:
    path = folder / "keys.json"
    with path.open("w") as file:
        file.write('[{"a":1')
        file.writelines(f',"k{place}":1' for place in range(count))
        file.write(',"a":2}]')
    return path


def _repeated(unit: bytes) -> Callable[[Path, int], Path]:
    return lambda folder, size: counted(folder / "n.json", b"", unit, size, b"")


def _read_past(folder: Path, mib: int) -> Path:
    """Valid applications, each with a text of a MiB in a computed field."""
    whole = json.dumps(application("A-1", multiuser={"effective": "@"}, owners=[], authorities=[]))
    begin, end = whole.encode().split(b"@")
    return counted(folder / "past.json", b"[" + whole.encode(), b"," + begin + b"x" * (1 << 20) + end, mib, b"]")


def _long_texts(folder: Path, count: int) -> Path:
    """Valid applications of forty people with long names."""
    text = "💥" * 10_000
    people = [owner(serial, name=text, position=text) for serial in range(1, 41)]
    path = folder / "long.json"
    with path.open("w", encoding="utf-8") as file:
        for place in range(count):
            one = json.dumps(application(f"L-{place}", owners=people, promotion=text), ensure_ascii=False)
            file.write(("," if place else "[") + one)
        file.write("]")
    return path


def _objects(folder: Path, count: int) -> Path:
    path = folder / "objects.json"
    return counted(path, b'[{"payable":"1"}', b',{"payable":"1"}', count, b"]")


CASES = (
    *(
        Case(f"JSON, {name} inside each other", _repeated(unit), 1_000_000, 1_000_000, "nested more than 100 levels")
        for name, unit in (
            ("arrays", b"["), ("objects", b'{"a":'), ("both, with spaces between,", b'[ {"a" :\n'),
        )
    ),
    Case("JSON lines, arrays inside each other",
         lambda folder, size: counted(folder / "n.jsonl", _ONE.encode() + b"\n", b"[", size, b"\n"),
         1_000_000, 1_000_000, "nested more than 100 levels"),
    Case("JSON, so many keys", _keys, 1_000_000, 110_000, "more than 100000 values"),
    Case("JSON, as many keys as may be", _keys, 49_000, 49_000, "is not a key of an application"),
    Case("JSON, so many items of nothing", lambda folder, size: counted(folder / "i.json", b"[[]", b",[]", size, b"]"),
         100_000_000 // 3, 30_000, "more than 10000 errors"),
    Case("JSON, so many values in one application",
         lambda folder, size: counted(folder / "v.json", b'[{"number":[[]', b",[]", size, b"]}]"),
         10_000_000, 200_000, "more than 100000 values"),
    Case("JSON, so many bytes in one text", lambda folder, size: filled(folder / "t.json", b'["', b"x", size, b'"]'),
         500 << 20, 3 << 20, "an item has more than", limits="whole_bytes = 1000000"),
    Case("JSON, so many bytes in one text, of wide characters",
         lambda folder, size: filled(folder / "t.json", '["😀'.encode(), b"x", size, b'"]'),
         500 << 20, 3 << 20, "an item has more than", limits="whole_bytes = 1000000"),
    Case("JSON, one object of so many bytes",
         lambda folder, size: filled(folder / "t.json", b'{"number":"', b"x", size, b'"}'),
         500 << 20, 3 << 20, "larger than", limits="whole_bytes = 1000000"),
    Case("JSON, an object as large as may be",
         lambda folder, size: filled(folder / "t.json", '{"number":"😀'.encode(), b"x", size, b'"}'),
         (16 << 20) - 1000, 3 << 20, "the text is longer than"),
    Case("JSON, so many MiB that are read past", _read_past, 900, 3, "added: 1", 0),
    Case("JSON, so many long texts", _long_texts, 300, 3, "added: ", 0),
    Case("JSON, so many spaces", lambda folder, size: filled(folder / "s.json", b"[", b" \n", size, b"1]"),
         100 << 20, 1 << 20, "an application must be an object"),
    Case("JSON lines, so many bytes in one line",
         lambda folder, size: filled(folder / "l.jsonl", _ONE.encode() + b"\n", b"x", size, b""),
         500 << 20, 3 << 20, "larger than", limits="whole_bytes = 1000000"),
    Case("JSON, too many rows", lambda folder, size: counted(folder / "r.json", b"[" + _ONE.encode(),
    b"," + _ONE.encode(), size, b"]"),
         5_000_000, 1_000, "rows", limits="rows = 1000"),
    *_in_all("a key twice", _changed('"number": "A-1"', '"number": "A-0", "number": "A-1"'), "appears twice"),
    *_in_all("NaN", _changed('"number": "A-1"', '"number": NaN'), "text in quotes"),
    *_in_all("Infinity", _changed('"status": "new"', '"status": -Infinity'), "must be one of"),
    *_in_all("a number of 100,000 digits", _changed('"status": "new"', '"status": ' + "9" * 100_000),
             "must be one of"),
    *_in_all("a float of 100,000 digits", _changed('"number": "A-1"', '"number": 0.' + "9" * 100_000),
             "text in quotes"),
    *_in_all("an exponent", _changed('"number": "A-1"', '"number": 1e999999999'), "text in quotes"),
    *_in_all("half a character", _changed("ООО «Ромашка»", "\\ud800"), "invalid bytes"),
    *_in_all("half a character in a key", _changed('"status"', '"\\ud800"'), "is not a key of an application"),
    *_in_all("an escape of a NUL", _changed("ООО «Ромашка»", "\\u0000"), "NUL character"),
    *_in_all("a text without an end", b'[{"number": "A-1', "invalid JSON"),
    Case("JSON in cp1251", written("1.json", f"[{_ONE}]".encode("cp1251")),
         1, 1, "must be UTF-8"),
    Case("statement JSON, arrays inside each other",
         lambda folder, size: counted(folder / "n.json", b"", b"[", size, b""), 1_000_000, 1_000_000,
         "nested more than 100 levels", command="statement"),
    Case("statement JSON, so many rows", _objects, 3_000_000, 30_000, "more than", command="statement",
         limits="cells = 100000"),
    Case("statement JSON, so many rows in an object",
         lambda folder, size: counted(folder / "o.json", b'{"rows":[{}', b",{}", size, b"]}"), 5_000_000, 300_000,
         "more than", command="statement", limits="cells = 100000"),
    Case("statement JSON, so many bytes in one text",
         lambda folder, size: filled(folder / "t.json", b'[{"number":"', b"x", size, b'"}]'), 500 << 20, 3 << 20,
         "more than", command="statement", limits="whole_bytes = 1000000"),
    Case("statement JSON, a huge number", written("h.json", b'[{"number":"A","payable":' + b"9" * 100_000 + b"}]"), 1,
    1,
         "text in quotes", command="statement"),
    Case("statement JSON, NaN", written("h.json", b'[{"number":"A","payable":NaN}]'), 1, 1, "text in quotes",
         command="statement"),
    Case("statement JSON, half a character", written("h.json", b'[{"number":"A","payable":"1","name":"\\ud800"}]'), 1,
    1,
         "invalid bytes", command="statement"),
    Case("statement JSON, half a character in a key", written("h.json", b'[{"number":"A","\\ud800":"1"}]'), 1, 1,
         "is not a field", command="statement"),
    *(
        Case(f"TOML, {name}", written("hostile.toml", content), 1, 1, says, command="settings")
        for name, content, says in (
            ("arrays inside each other", b"db = " + b"[" * 60_000, "nested too deep"),
            ("tables inside each other", b"db = " + b"{a=" * 20_000, ""),
            ("a key of many parts", b"a." * 30_000 + b"a = 1", "nested too deep"),
            ("a table of many parts", b"[" + b"a." * 30_000 + b"a]", "nested too deep"),
            ("many tables", b"".join(b"[a%d]\n" % place for place in range(6_000)), "errors"),
            ("a larger file", b"# " + b"x" * 70_000, "larger than 64 KiB"),
            ("a huge whole number", b"[limits]\nrows = " + b"9" * 60_000, "a number is too long"),
            ("a huge hexadecimal number", b"[limits]\nrows = 0x" + b"f" * 60_000, "a number from 1 to"),
            ("a number larger than any machine", b"[limits]\nrows = 9999999999999999999", "a number from 1 to"),
            ("a huge float", b"[limits]\nrows = 1e999999999", "whole number"),
            ("not a number", b"[limits]\nrows = nan", "whole number"),
            ("a key twice", b'db = "a"\ndb = "b"', "invalid TOML"),
            ("a table twice", b"[limits]\n[limits]\n", "invalid TOML"),
            ("cp1251", '[partner]\nname = "Партнёр"'.encode("cp1251"), "not UTF-8"),
            ("UTF-16", '[partner]\nname = "x"'.encode("utf-16"), "not UTF-8"),
            ("NUL bytes", b'db = "a\0b"', "invalid TOML"),
            ("an escaped NUL byte", b'db = "a\\u0000b"', "visible characters"),
            ("half a character", b'db = "\\ud800"', "invalid TOML"),
            ("an escape of the terminal", b'[partner]\nname = "\\u001b[31m"', "visible characters"),
            ("a name of many characters", b'[profile."' + b"x" * 60_000 + b'"]\nkind = "y"', "must be one of"),
            ("an impossible day", b"[contract]\nsigned_on = 2023-02-30", "invalid TOML"),
            ("a day of the year 0", b"[contract]\nsigned_on = 0000-01-01", "invalid TOML"),
        )
    ),
)  # fmt: skip
