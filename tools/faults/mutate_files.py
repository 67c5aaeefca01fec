"""Damage a valid file: its bytes, or its structure (cells, elements, members, values)."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

Mutate = Callable[[bytes, Random, list[bytes]], bytes]

NASTY = (
    "", " ", "\0", "\ufeff", "\u200b", "\u202e", "\x1b[31m", "\x9b", "\r", "\n", "\t", "\v", "\x1c", "\u2028", "\ud800",
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "[red]x[/]", "<script>alert(1)</script>", "#import \"x\"",
    "#N/A", "#Н/Д", "$(reboot)", "`x`", "\\", "'", '"', '""', ";", ",", "|", "{}", "{0}", "{count}", "%s", "%n",
    "&amp;", "&#0;",
    "&x;", "0", "-0", "1", "00", "1e3", "1E+309", "1_000", "NaN", "Infinity", "1.5", "0,5", "99999999999999999999",
    "9" * 400, "1" * 5000, "x" * 20_000, "٢٠٢٣", "２０２３-０８-０１", "²", "Ⅷ", "𝟘", "½", "2023-02-30", "0000-00-00",
    "0001-01-01",
    "9999-12-31", "10000-01-01", "31.12.9999", "2023-08-01T99:99:99", "45145", "2958466", "-1.0E+3", "true", "false",
    "null",
    "Итого", "итого:", "Всего", "2-9", "10+", "от 2 до 9", "+", "-", "да", "processed", "cancelled", "7700123459",
    "770012345606", "7700123450", "00", "ё" * 300, "İ", "ß", "ﬀ", "а\u0301", "💥" * 50, "40%", "0.4", "100", "101 %",
    "1 000 000 000 000 000,00", "999999999999999.99", "1.800", "-5", "1,2,3", "руб.",
)  # fmt: skip
_ODD_BYTES = (
    b"\0", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80",
    b"\x1a", b"\r\n",
    b"<!DOCTYPE a>", b"<![CDATA[", b"]]>", b"<!--", b"<?", b"PK\x03\x04", b"PK\x05\x06", b"\x7f", b"\x80", b'"',
    b"[" * 300,
    b'{"a":' * 300, b"<a>" * 300, b";" * 1000, b'"\n' * 100,
)  # fmt: skip
# How many changes an example gets: one change alone comes furthest into a reader.
_MUTATIONS = (1, 1, 1, 1, 2, 3, 6)


def mutated(content: bytes, structure: Mutate | None, seeds: list[bytes], randomness: Random) -> bytes:
    """The content after some changes, of its structure as often as of its bytes."""
    for _ in range(randomness.choice(_MUTATIONS)):
        if structure is not None and randomness.random() < 0.5:
            content = structure(content, randomness, seeds)
        else:
            content = of_bytes(content, randomness, seeds)
    return content


def of_bytes(content: bytes, randomness: Random, seeds: list[bytes]) -> bytes:
    """Bits flipped, bytes put in, parts cut out, doubled, moved, or taken from another file."""
    data = bytearray(content or b"\0")
    at, end = sorted(randomness.randrange(len(data)) for _ in range(2))
    end = min(end, at + randomness.choice((1, 4, 64, 4096)))
    match randomness.randrange(8):
        case 0:
            data[at] ^= 1 << randomness.randrange(8)
        case 1:
            data[at] = randomness.randrange(256)
        case 2:
            del data[at:end]
        case 3:
            data[at:at] = data[at:end] * randomness.choice((1, 2, 50))
        case 4:
            data[at:at] = randomness.choice(_ODD_BYTES)
        case 5:
            del data[at if randomness.random() < 0.3 else len(data) - min(len(data), 40) :]
        case 6:
            other = randomness.choice(seeds)
            start = randomness.randrange(len(other))
            data[at:end] = other[start : start + randomness.choice((4, 64, 4096))]
        case _:
            data[at:end] = _nasty_bytes(randomness)
    return bytes(data[: 1 << 20])


def _nasty_bytes(randomness: Random) -> bytes:
    codec = randomness.choice(("utf-8", "utf-8", "cp1251", "utf-16-le"))
    return randomness.choice(NASTY).encode(codec, "surrogatepass" if codec != "cp1251" else "replace")


def _text(content: bytes) -> tuple[str, str]:
    for codec in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(codec), codec
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _encoded(text: str, codec: str) -> bytes:
    return text.encode(codec, "replace" if codec == "cp1251" else "surrogatepass" if codec != "latin-1" else "replace")


def of_csv(content: bytes, randomness: Random, _: list[bytes]) -> bytes:
    """Cells changed, rows and columns doubled, taken out, and moved."""
    text, codec = _text(content)
    lines = text.split("\n")
    delimiter = max(";,\t|", key=text.count)
    rows = [line.split(delimiter) for line in lines]
    row = randomness.randrange(len(rows))
    place = randomness.randrange(len(rows[row]))
    match randomness.randrange(7):
        case 0 | 1 | 2:
            rows[row][place] = randomness.choice(NASTY)
        case 3:
            rows.insert(randomness.randrange(len(rows)), list(rows[row]))
        case 4:
            del rows[row]
        case 5:
            rows[row].insert(place, rows[row][place])
        case _:
            for cells in rows:
                if place < len(cells):
                    cells[place] = randomness.choice(NASTY) if randomness.random() < 0.2 else cells[0]
    return _encoded("\n".join(delimiter.join(cells) for cells in rows), codec)


_ELEMENT = re.compile(r"<([^\s<>/!?]+)([^<>]*)>([^<>]*)</\1>")
_ATTRIBUTE = re.compile(r'="[^"<>]*"')
_TAG = re.compile(r"</?[^<>!?]+>")


def of_xml(content: bytes, randomness: Random, _: list[bytes]) -> bytes:
    """Elements emptied, filled, doubled, taken out; attributes changed; tags taken out."""
    text, codec = _text(content)
    pattern = randomness.choice((_ELEMENT, _ELEMENT, _ATTRIBUTE, _TAG))
    found = list(pattern.finditer(text))
    if not found:
        return content
    match = randomness.choice(found)
    nasty = randomness.choice(NASTY)
    if randomness.random() < 0.7:
        nasty = nasty.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    name = match[1] if match.lastindex else "a"
    new = {
        _ELEMENT: randomness.choice((f"<{name}>{nasty}</{name}>",
                                     match[0] * 2, "", f"<x>{match[0]}</x>")),
        _ATTRIBUTE: randomness.choice((f'="{nasty}"', f"='{nasty}'", "", match[0] * 2)),
        _TAG: randomness.choice(("", match[0] * 2, match[0].upper(), nasty)),
    }[pattern]  # fmt: skip
    return _encoded(text[: match.start()] + new + text[match.end() :], codec)


def of_zip(content: bytes, randomness: Random, seeds: list[bytes]) -> bytes:
    """A member changed like an XML or by bytes, renamed, doubled or left out; the archive is whole again after it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
    except Exception:  # noqa: BLE001  it was damaged before: any error of zipfile is all right
        return of_bytes(content, randomness, seeds)
    if not members:
        return content
    chosen = randomness.randrange(len(members))
    # The parts that are read the most are changed the most.
    likely = [
        place for place, (name, _) in enumerate(members) if "sheet" in name or "Strings" in name or "workbook" in name
    ]
    if likely and randomness.random() < 0.8:
        chosen = randomness.choice(likely)
    name, part = members[chosen]
    match randomness.randrange(10):
        case 0:
            members[chosen] = (randomness.choice(("x", name.upper(), "xl\\workbook.xml", f"../{name}")), part)
        case 1:
            del members[chosen]
        case 2:
            members.append((randomness.choice(members)[0], part))
        case 3:
            members[chosen] = (name, of_bytes(part, randomness, [other for _, other in members if other] or [b"x"]))
        case _:
            members[chosen] = (name, of_xml(part, randomness, []))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", randomness.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, part in dict(members).items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 8, 1, 0, 0, 0)), part)
    return written.getvalue()


_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, float("nan"), float("inf"), [], {}, [[]], [None], {"a": {}}, "on", "off",
    "2-9",
    [{"number": "A"}], {"rows": []},
)  # fmt: skip


def of_json(content: bytes, randomness: Random, seeds: list[bytes]) -> bytes:
    """A value changed, a key renamed or taken out, an item doubled. Lines are each a document of their own."""
    text = content.decode("utf-8", "replace")
    lines = text.splitlines() or [""]
    place = randomness.randrange(len(lines))
    for whole, part in ((False, text), (True, lines[place])):
        try:
            document = json.loads(part)
        except (ValueError, RecursionError):
            continue
        changed = json.dumps(_changed(document, randomness), ensure_ascii=randomness.random() < 0.5)
        lines[place] = changed
        return _encoded("\n".join(lines) if whole else changed, "utf-8")
    return of_bytes(content, randomness, seeds)


def _changed(value: Any, randomness: Random) -> Any:
    if isinstance(value, dict) and value and randomness.random() < 0.9:
        key = randomness.choice(list(value))
        match randomness.randrange(8):
            case 0:
                value[randomness.choice(NASTY)] = value.pop(key)
            case 1:
                del value[key]
            case _:
                value[key] = _changed(value[key], randomness)
        return value
    if isinstance(value, list) and value and randomness.random() < 0.9:
        place = randomness.randrange(len(value))
        match randomness.randrange(8):
            case 0:
                value.insert(place, value[place])
            case 1:
                del value[place]
            case _:
                value[place] = _changed(value[place], randomness)
        return value
    return randomness.choice((randomness.choice(NASTY), randomness.choice(_VALUES)))


def of_toml(content: bytes, randomness: Random, _: list[bytes]) -> bytes:
    """Lines changed, doubled, moved and taken out; values put in the place of others."""
    lines = content.decode("utf-8", "replace").split("\n")
    place = randomness.randrange(len(lines))
    key, sign, value = lines[place].partition("=")
    match randomness.randrange(6):
        case 0:
            lines.insert(randomness.randrange(len(lines)), lines[place])
        case 1:
            del lines[place]
        case 2 | 3 if sign:
            nasty = randomness.choice(NASTY)
            new = randomness.choice(
                (nasty, json.dumps(nasty), f"[{nasty}]", "{a = 1}", "2023-02-30", "0x" + "f" * 300, "1e400")
            )
            lines[place] = f"{key}= {new}"
        case 4 if sign:
            lines[place] = f"{randomness.choice(NASTY)} ={value}"
        case _:
            lines[place] = randomness.choice(
                ("[", "[[contract.price]]", "[profile.x]", "a.b.c = 1", "[limits]", '"""', "'''")
            )
    return _encoded("\n".join(lines), "utf-8")


def of_any(content: bytes, randomness: Random, seeds: list[bytes]) -> bytes:
    """The structure that the content seems to have."""
    head = content[:3].lstrip()
    of = of_zip if head.startswith(b"PK") else of_xml if head[:1] == b"<" else of_json if head[:1] in b"[{" else of_csv
    return of(content, randomness, seeds)
