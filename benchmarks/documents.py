"""The documents of a large month, beside XlsxWriter writing the same cells."""

from functools import partial

from bench import Bench, Measure
from measuring import Line, Pairs, in_pairs, run_part
from registers import register_of

MONTH = "2023-08"

# The cells of every sheet as XlsxWriter takes them, in the order in which they are written.
READ_CELLS = """
import pickle, sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
with open(sys.argv[2], "wb") as file:
    pickle.dump(sheets, file)
"""
# The floor: the cells are ready, and each kind has a format.
WRITE_CELLS = """
import datetime, pickle, sys, time
import xlsxwriter
with open(sys.argv[1], "rb") as file:
    sheets = pickle.load(file)
began, cpu = time.perf_counter(), time.process_time()
with xlsxwriter.Workbook(sys.argv[2], {"constant_memory": True}) as book:
    formats = ("@", "dd.mm.yyyy", "#,##0.00")
    text, day, number = (book.add_format({"num_format": kind, "valign": "top"}) for kind in formats)
    for rows in sheets:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(row, place, cell, text)
                elif isinstance(cell, datetime.date):
                    sheet.write_datetime(row, place, cell, day)
                else:
                    sheet.write_number(row, place, cell, number)
print(time.perf_counter() - began, time.process_time() - cpu)
"""


def documents(bench: Bench) -> list[Line]:
    """The workbook of a month of 100,000 charges, and the memory that it and a page of HTML take."""
    count = bench.scaled(100_000)
    register = register_of(bench, count, 1)
    python = str(bench.required("mureg"))
    files = {kind: bench.folder / f"month.{kind}" for kind in ("xlsx", "html", "csv")}
    ours = {kind: bench.mureg("reconcile", "--month", MONTH, "-o", str(files[kind]), db=register) for kind in files}
    bench.run(ours["xlsx"])
    cells = bench.folder / "cells.pickle"
    bench.run([python, "-c", READ_CELLS, str(files["xlsx"]), str(cells)])
    floor = [python, bench.file("write_cells.py", WRITE_CELLS), str(cells), str(bench.folder / "floor.xlsx")]
    pairs = in_pairs(
        partial(run_part, floor, bench.folder),
        partial(bench.run, ours["xlsx"]),
        bench.pairs,
        partial(files["xlsx"].unlink, missing_ok=True),
    )
    what = f"`mureg reconcile -o FILE.xlsx`, {count:,} charges"
    lines = [pairs.line(what, "XlsxWriter writing the same cells", 1.5, by_processor=True), pairs.peak(what, 250)]
    for kind in ("html", "csv"):
        alone = Pairs([], [bench.run(ours[kind])])
        lines.append(alone.peak(f"`mureg reconcile -o FILE.{kind}`, {count:,} charges", 250))
    return lines


MEASURES: dict[str, Measure] = {"documents": documents}
