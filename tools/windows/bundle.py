"""A ZIP for Windows that is unpacked and run: mureg.exe, a CPython, the packages as bytecode, licences, SHA256SUMS.

The files of Python that are programs are those that python.org signs. What mureg never loads is left out, and typst's
library, which is as large as all the rest, is compressed a second time (`typst_library.py`).
"""

import hashlib
import lzma
import shutil
import subprocess
import zipfile
from pathlib import Path

from windows import typst_library
from windows.licences import collect_licences
from windows.place import PROJECT, PYTHON_VERSION, Place, pip

_EXTRAS = "pdf,postgres,web"
_PROGRAM = ("python.exe", "python3.dll", "python313.dll", "vcruntime140.dll", "vcruntime140_1.dll", "LICENSE.txt")
_NOT_OF_PYTHON = (
    "test", "unittest", "doctest.py", "pdb.py", "idlelib", "tkinter", "turtle.py", "turtledemo", "ensurepip", "venv",
    "lib2to3", "pydoc_data", "pydoc.py", "_pyrepl", "_pydecimal.py", "curses", "xmlrpc", "wsgiref", "dbm", "mailbox.py",
    "imaplib.py", "poplib.py", "ftplib.py", "smtplib.py", "site-packages", "__pycache__",
)  # fmt: skip
_NOT_OF_LIBRARIES = ("tcl*", "tk*", "_tkinter*", "_wmi*", "zlib1.dll", "winsound*", "*.ico", "*.cat")
# sqlite-utils asks for pip, rich for the colours of programs and for Markdown; mureg uses neither.
_NOT_PACKED = ("pip", "pygments", "markdown_it_py", "mdurl")
_NOT_OF_PACKAGES = (
    "pydantic/v1", "pydantic/mypy.py", "mureg/locale/*/LC_MESSAGES/*.po", "*.dist-info/RECORD", "*.dist-info/sboms",
    "**/*.pyi", "**/py.typed",
)  # fmt: skip
# Where Python looks for modules, and nowhere else: no variable and no registry of the machine changes it.
_PATHS = "python313.zip\nDLLs\n..\\packages\n"
_TYPST_INIT = """\
from pathlib import Path

from typst.library import unpacked

__path__.append(unpacked(Path(__file__).parent))
"""
_README = Path(__file__).with_name("bundle_readme.txt")


def make_bundle(place: Place, target: Path) -> Path:
    """The ZIP, in the folder `target`. The place must have been made."""
    folder, wheels = target / "mureg", target / "wheels"
    for old in (folder, wheels):
        shutil.rmtree(old, ignore_errors=True)
    python, packages = folder / "python", folder / "packages"
    library = python / "Lib"
    packages.mkdir(parents=True)
    version = _unpack_wheels(place, wheels, packages)
    _copy_python(place.python.parent, python)
    collect_licences(folder)
    for pattern in _NOT_OF_PACKAGES:
        for unused in packages.glob(pattern):
            shutil.rmtree(unused) if unused.is_dir() else unused.unlink()
    _compress_typst(packages / "typst")
    for each in (library, packages):
        _compile(place, each)
    # In one file, as in the embeddable Python of python.org: a second fewer to unpack, and as fast to load.
    _zip(sorted(library.rglob("*")), library, python / "python313.zip", zipfile.ZIP_STORED)
    shutil.rmtree(library)
    shutil.copyfile(_README, folder / "README.txt")
    launcher = Path(__file__).with_name("launcher.c")
    subprocess.run(
        ["x86_64-w64-mingw32-gcc", "-Os", "-s", "-municode", "-o", str(folder / "mureg.exe"), str(launcher)], check=True
    )
    _write_sums(folder)
    made = target / f"mureg-{version}-windows.zip"
    _zip(sorted(folder.rglob("*")), target, made, zipfile.ZIP_DEFLATED)
    return made


def _copy_python(source: Path, target: Path) -> None:
    target.mkdir()
    for name in _PROGRAM:
        shutil.copy2(source / name, target)
    shutil.copytree(source / "Lib", target / "Lib", ignore=shutil.ignore_patterns(*_NOT_OF_PYTHON))
    shutil.copytree(source / "DLLs", target / "DLLs", ignore=shutil.ignore_patterns(*_NOT_OF_LIBRARIES))
    (target / "python313._pth").write_text(_PATHS, encoding="utf-8")


def _unpack_wheels(place: Place, wheels: Path, packages: Path) -> str:
    """Unpack mureg, and what it needs of the wheels of the place; mureg's version."""
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(PROJECT))
    (ours,) = wheels.glob("mureg-*.whl")
    pip(
        "download", "--quiet", "--dest", str(wheels), "--no-index", "--find-links", str(place.wheels), "--platform",
        "win_amd64", "--python-version", PYTHON_VERSION, "--only-binary=:all:", f"{ours}[{_EXTRAS}]",
    )  # fmt: skip
    for wheel in wheels.glob("*.whl"):
        if wheel.name.partition("-")[0] not in _NOT_PACKED:
            with zipfile.ZipFile(wheel) as content:
                content.extractall(packages)
    return ours.name.split("-")[1]


def _compress_typst(package: Path) -> None:
    library = package / typst_library.UNPACKED
    # The checksum is compared when it is unpacked.
    packed = lzma.compress(library.read_bytes(), check=lzma.CHECK_SHA256, preset=9)
    library.with_name(typst_library.PACKED).write_bytes(packed)
    library.unlink()
    shutil.copyfile(typst_library.__file__, package / "library.py")
    own = package / "__init__.py"
    own.write_text(_TYPST_INIT + own.read_text(encoding="utf-8"), encoding="utf-8")


def _compile(place: Place, folder: Path) -> None:
    """Replace the sources by bytecode, of which Python asks nothing: unpacking changes the times of files."""
    code = place.run(
        "-W", "ignore", "-m", "compileall", "-q", "-b", "--invalidation-mode", "unchecked-hash", "-s", str(folder),
        str(folder),
    )  # fmt: skip
    sources = [file for file in folder.rglob("*.py") if file.with_suffix(".pyc").exists()]
    if code != 0 or not sources:
        raise RuntimeError(f"not everything in {folder} was compiled")
    for source in sources:
        source.unlink()


def _write_sums(folder: Path) -> None:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n" for file in files
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")


def _zip(files: list[Path], root: Path, target: Path, method: int) -> None:
    with zipfile.ZipFile(target, "w", method, compresslevel=9) as archive:
        for file in files:
            if file.is_file():
                archive.write(file, file.relative_to(root))
