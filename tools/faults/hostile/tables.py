"""Hostile CSV, as lists of applications and as the operator's statement."""

from pathlib import Path
from random import Random

from faults.hostile.case import Case, counted, filled, written

from support.sample_data import HEADER, ROMASHKA, row

_HEAD = f"{HEADER}\n".encode()
_ROW = f"{row('A-1')}\n".encode()
_STATEMENT = "Номер;ИНН;К оплате;Наименование\n".encode()
_PAID = f"A-1;{ROMASHKA};1800,00;".encode()


def _rows(folder: Path, head: bytes, pattern: str, count: int) -> Path:
    path = folder / "rows.csv"
    with path.open("wb") as file:
        file.write(head)
        for first in range(0, count, 10_000):
            file.write("".join(pattern.format(place) for place in range(first, min(first + 10_000, count))).encode())
    return path


def _named(folder: Path, name: bytes) -> Path:
    path = folder / "named.csv"
    path.write_bytes(_HEAD + row("A-1", name="NAME").encode().replace(b"NAME", name) + b"\n")
    return path


def _random(folder: Path, size: int) -> Path:
    randomness = Random(1)  # noqa: S311
    return filled(folder / "random.csv", b"x", randomness.randbytes(1 << 20), size, b"")


CASES = (
    Case("CSV with NUL bytes", lambda folder, _: _named(folder, b"OOO \x00"), 1, 1, "NUL character"),
    Case("CSV of NUL bytes", lambda folder, size: filled(folder / "0.csv", b"", b"\0", size, b""),
         500 << 20, 1 << 20, "empty"),
    Case("CSV, a header and then NUL bytes", lambda folder, size: filled(folder / "0.csv", _HEAD, b"\0", size, b""),
         500 << 20, 3 << 20, "more than"),
    Case("CSV with a lone surrogate in UTF-8", lambda folder, _: _named(folder, b"OOO \xed\xa0\x80"), 1, 1,
         "invalid bytes"),
    Case("CSV with a pair of surrogates in UTF-8", lambda folder, _: _named(folder, b"\xed\xa0\xbd\xed\xb8\x80"), 1, 1,
         "invalid bytes"),
    Case("CSV in UTF-16 with half a character",
         written("half.csv", (_HEAD + row("A-1", name="\ud83d").encode("utf-8", "surrogatepass"))
                 .decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")), 1, 1,
         "invalid bytes"),
    Case("CSV in two encodings",
         written("two.csv", _HEAD + row("A-1", name="ООО «Ромашка»").encode() + b"\n"
                 + row("A-2", name="ООО «Ромашка»").encode("cp1251") + b"\n"), 1, 1, "the file is partly UTF-8"),
    Case("CSV, so many bytes in one field",
         lambda folder, size: filled(folder / "f.csv", _HEAD + b"A-1;", b"x", size, b"\n"),
         100 << 20, 3 << 20, "a row has more than"),
    Case("CSV, so many bytes between quotes",
         lambda folder, size: filled(folder / "q.csv", _HEAD + b'A-1;"', b"x", size, b'"\n'),
         1_000_000, 1_000_000, "a quote may be opened there"),
    Case("CSV, so many lines between quotes",
         lambda folder, size: filled(folder / "q.csv", _HEAD + b'A-1;"', b"x\n", size, b'"\n'),
         100 << 20, 1 << 20, "a quote may be opened there"),
    Case("CSV, a row of short fields over many lines",
         lambda folder, size: filled(folder / "l.csv", _HEAD + b"A-1", b';"ab\n"', size, b"\n"),
         100 << 20, 6 << 20, "a row has more than"),
    Case("CSV, one line", lambda folder, size: filled(folder / "1.csv", b"", b"number;", size, b""),
         100 << 20, 3 << 20, "columns could be number"),
    Case("CSV, one line of delimiters after the header",
         lambda folder, size: filled(folder / "d.csv", _HEAD, b";", size, b""), 100 << 20, 3 << 20, "a row has more"),
    Case("CSV in UTF-16, one line",
         lambda folder, size: filled(folder / "w.csv", b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\n\0", b"\x0a\x0a",
                                     size, b""), 100 << 20, 3 << 20, "a row has more"),
    Case("CSV, so many columns in the header",
         lambda folder, size: counted(folder / "c.csv", HEADER.encode(), b";x", size, b"\n" + _ROW),
         1_000_000, 120_000, "more than 100000 columns"),
    Case("CSV, so many columns of one name",
         lambda folder, size: counted(folder / "n.csv", HEADER.encode(), b";inn", size, b"\n" + _ROW),
         1_000_000, 50_000, "columns"),
    Case("CSV, so many columns in a row",
         lambda folder, size: counted(folder / "r.csv", _HEAD + _ROW.strip(), b";x", size, b"\n"),
         500_000, 100_000, "cells, the header"),
    Case("CSV, so many faulty rows", lambda folder, count: _rows(folder, _HEAD, "A-{};;x;y;z;;?;?;?\n", count),
         3_000_000, 30_000, "more than 10000 errors"),
    Case("CSV, so many rows that begin with a quote",
         lambda folder, count: _rows(folder, _HEAD, '"A"-{};x\n', count), 1_000_000, 30_000,
         "more than 10000 errors"),
    Case("CSV, so many long texts where words repeat",
         lambda folder, count: _rows(folder, _HEAD, row("A-{0}", promotion="{0}" + "💥" * 9_990,
         name="💥" * 10_000) + "\n", count),
         12_000, 100,
         "added: ", 0),
    Case("statement CSV, so many amounts between so many spaces",
         lambda folder, count: _rows(folder, b"number;payable;list_price;discount\n",
                                     "A-{0}" + ";{0}.00" + 3_300 * "\u00a0" + ";{0}.00" + 3_300 * "\u00a0" + ";{0}.00"
                                     + 3_300 * "\u00a0" + "\n", count), 30_000, 100, "discrepanc", 6,
         command="statement"),
    Case("CSV, quotes that do not match", written("u.csv", _HEAD + b'"A-1;x\n' + _ROW), 1, 1, "never closed"),
    Case("CSV, too many rows", lambda folder, count: _rows(folder, _HEAD, row("A-{}") + "\n", count), 5_000_001, 1_001,
         "more than", limits="rows = 1000"),
    Case("CSV, a file that is too large", lambda folder, size: filled(folder / "g.csv", _HEAD, b"x\n", size, b""),
         (1 << 30) + 1, 1 << 20, "bytes", limits="file_bytes = 1000000"),
    Case("random bytes", _random, 200 << 20, 1 << 20, "no header found"),
    Case("statement CSV, so many bytes in one field",
         lambda folder, size: filled(folder / "f.csv", _STATEMENT + _PAID, b"x", size, b"\n"), 100 << 20, 3 << 20,
         "a row has more than", command="statement"),
    Case("statement CSV, so many lines between quotes",
         lambda folder, size: filled(folder / "q.csv", _STATEMENT + _PAID + b'"', b"x\n", size, b'"\n'), 100 << 20,
         1 << 20, "quote may be opened", command="statement"),
    Case("statement CSV, one line", lambda folder, size: filled(folder / "1.csv", b"", b"x;", size, b""), 100 << 20,
         3 << 20, "were not recognized", command="statement"),
    Case("statement CSV, too many rows",
         lambda folder, size: counted(folder / "n.csv", _STATEMENT, _PAID + b"\n", size, b""), 5_000_100, 30_000,
         "more than", command="statement", limits="rows = 1000"),
    Case("statement CSV with NUL bytes", written("0.csv", _STATEMENT + _PAID + b"\0\n"), 1, 1, "NUL",
         command="statement"),
    Case("statement CSV with a lone surrogate", written("0.csv", _STATEMENT + _PAID + b"\xed\xa0\x80\n"), 1, 1,
         "invalid bytes", command="statement"),
    Case("statement CSV, so many faulty rows",
         lambda folder, count: _rows(folder, _STATEMENT, "A-{};1;x;\n", count), 240_000, 30_000,
         "more than 10000 errors",
         command="statement"),
    Case("statement CSV of empty lines", lambda folder, size: filled(folder / "e.csv", _STATEMENT, b"\n", size, b""),
         100 << 20, 1 << 20, "more than", command="statement", limits="rows = 1000"),
)  # fmt: skip
