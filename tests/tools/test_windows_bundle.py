"""The ZIP for Windows: made, unpacked and run under Wine, where `python tools/windows` has made its place.

What Wine lacks is put beside the unpacked files; the ZIP is as it is given to people.
"""

import hashlib
import os
import shutil
import urllib.request
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import openpyxl
import pypdf
import pytest
from windows.bundle import make_bundle
from windows.place import PROJECT, Place

LARGEST_BYTES = 40_000_000


class Bundle(NamedTuple):
    """The ZIP, and the folder into which it was unpacked."""

    place: Place
    archive: Path
    folder: Path

    def run(self, *arguments: str, folder: Path, **variables: str) -> tuple[int, str]:
        """Run its mureg.exe: the exit code, and what it printed."""
        chosen = {"MUREG_ENCODING": "utf-8", "MUREG_LANG": "ru"} | variables
        with self.place.started(self.folder / "mureg.exe", *arguments, folder=folder, **chosen) as process:
            assert process.stdout is not None
            printed = process.stdout.read().decode("utf-8").replace("\r\n", "\n")
        return process.returncode, printed


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    place = Place(Path(os.environ.get("MUREG_WINDOWS", PROJECT / ".windows")))
    if not place.is_made:
        pytest.skip("no Windows is made here: python tools/windows ci (CONTRIBUTING.md, On Windows)")
    made = tmp_path_factory.mktemp("made")
    archive = make_bundle(place, made)
    shutil.unpack_archive(archive, folder := tmp_path_factory.mktemp("Рабочий стол"))
    return Bundle(place, archive, folder / "mureg")


@pytest.fixture(scope="module")
def runnable(bundle: Bundle) -> Bundle:
    bundle.place.let_run(bundle.folder / "python")
    return bundle


def test_the_sums_are_those_of_all_its_files(bundle: Bundle) -> None:
    lines = (bundle.folder / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    found = {
        file.relative_to(bundle.folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in bundle.folder.rglob("*")
        if file.is_file() and file.name not in ("SHA256SUMS", "bcryptprimitives.dll", "_typst.pyd")
    }
    assert found == listed


def test_it_is_not_large(bundle: Bundle) -> None:
    assert bundle.archive.stat().st_size < LARGEST_BYTES


def test_the_licence_of_each_package_is_in_it(bundle: Bundle) -> None:
    packages = {each.name.removesuffix(".dist-info") for each in bundle.folder.glob("packages/*.dist-info")}
    texts = [file.name for file in (bundle.folder / "licences").iterdir()]
    without = [name for name in packages if not any(text.startswith(f"{name}-") for text in texts)]
    assert without == []
    listed = (bundle.folder / "licences" / "README.txt").read_text("utf-8")
    assert [name for name in packages if f"\n{name}: " not in listed] == []
    assert not any(": ; " in line for line in listed.splitlines())
    assert {"Python.txt", "libraries.txt", "README.txt"} <= set(texts)


def test_it_runs_the_demo_and_makes_documents(runnable: Bundle, tmp_path: Path) -> None:
    code, printed = runnable.run("demo", folder=tmp_path, PYTHONPATH="Z:\\nowhere", PYTHONHOME="Z:\\nowhere")
    assert code == 0, printed
    assert "Вид расширения: 10 и более" in printed
    assert "2023-08\tсчёт выставлен\t12\t30600.00\t25200.00" in printed
    assert runnable.run("init", "--example", folder=tmp_path)[0] == 0
    for name in ("act.pdf", "act.xlsx"):
        assert runnable.run("reconcile", "--month", "2023-08", "-o", name, folder=tmp_path) == (
            0, f"записано: {name}\n"
        )  # fmt: skip
    assert "С-15/2023" in pypdf.PdfReader(tmp_path / "act.pdf").pages[0].extract_text()
    book = openpyxl.load_workbook(tmp_path / "act.xlsx")
    assert any("С-15/2023" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def test_it_reads_an_xlsx_and_speaks_of_postgresql(runnable: Bundle, tmp_path: Path) -> None:
    assert runnable.run("init", "--example", folder=tmp_path)[0] == 0
    file = "examples/applications/partners.xlsx"
    code, printed = runnable.run("application", "import", file, folder=tmp_path)
    assert code == 0, printed
    code, printed = runnable.run("check", "--db", "postgresql://127.0.0.1:9/base?connect_timeout=2", folder=tmp_path)
    assert code == 7, printed


def test_its_page_answers(runnable: Bundle, tmp_path: Path) -> None:
    assert runnable.run("init", "--example", folder=tmp_path)[0] == 0
    words = ("web", "--no-browser")
    with runnable.place.started(runnable.folder / "mureg.exe", *words, folder=tmp_path, MUREG_LANG="ru") as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().decode("ascii").strip()
            assert address.startswith("http://127.0.0.1:"), address
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            first = opener.open(address, timeout=60).read().decode("utf-8")
            applications = opener.open(urljoin(address, "/applications"), timeout=60).read().decode("utf-8")
        finally:
            process.kill()
    assert '<html lang="ru"' in first
    assert "ZV-1042" in applications
