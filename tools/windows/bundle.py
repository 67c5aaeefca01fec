"""A ZIP for Windows that is unpacked and run: mureg.exe, a CPython, the packages with bytecode, licences, SHA256SUMS.

The files of Python are those that python.org signs; what mureg never loads is left out.
"""

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

from windows.place import PROJECT, PYTHON_VERSION, Place, pip

_NOT_LOADED = (
    "test", "idlelib", "tkinter", "turtledemo", "ensurepip", "venv", "lib2to3", "pydoc_data", "site-packages",
    "__pycache__",
)  # fmt: skip
_NOT_LOADED_LIBRARIES = ("tcl*", "tk*", "_tkinter*", "zlib1.dll", "winsound*", "*.ico", "*.cat")
_PROGRAM = ("python.exe", "python3.dll", "python313.dll", "vcruntime140.dll", "vcruntime140_1.dll", "LICENSE.txt")
_LICENCE_NAMES = ("LICEN", "COPYING", "NOTICE")
# sqlite-utils asks for pip, and mureg does not use what needs it.
_NOT_BUNDLED = ("pip-",)
# Where Python looks for modules, and nowhere else: no variable and no registry of the machine changes it.
_PATHS = "Lib\nDLLs\n..\\packages\n"


def make_bundle(place: Place, target: Path) -> Path:
    """The ZIP, in the folder `target`. The place must have been made."""
    shutil.rmtree(target / "mureg", ignore_errors=True)
    folder, wheels = target / "mureg", target / "wheels"
    folder.mkdir(parents=True)
    _copy_python(place.python.parent, folder / "python")
    _unpack_wheels(place, wheels, folder)
    (folder / "licences").mkdir()
    _collect_licences(folder)
    launcher = Path(__file__).with_name("launcher.c")
    subprocess.run(
        ["x86_64-w64-mingw32-gcc", "-Os", "-s", "-municode", "-o", str(folder / "mureg.exe"), str(launcher)], check=True
    )
    # Unchecked: unpacking changes the times of files.
    place.run("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), str(folder))
    (version,) = (each.name.split("-")[1] for each in wheels.glob("mureg-*.whl"))
    return _zip(folder, target / f"mureg-{version}-windows.zip")


def _copy_python(source: Path, target: Path) -> None:
    target.mkdir()
    for name in _PROGRAM:
        shutil.copy2(source / name, target)
    shutil.copytree(source / "Lib", target / "Lib", ignore=shutil.ignore_patterns(*_NOT_LOADED))
    shutil.copytree(source / "DLLs", target / "DLLs", ignore=shutil.ignore_patterns(*_NOT_LOADED_LIBRARIES))
    (target / "python313._pth").write_text(_PATHS, encoding="utf-8")


def _unpack_wheels(place: Place, wheels: Path, folder: Path) -> None:
    shutil.rmtree(wheels, ignore_errors=True)
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(PROJECT))
    pip(
        "download", "--quiet", "--dest", str(wheels), "--find-links", str(place.wheels), "--platform", "win_amd64",
        "--python-version", PYTHON_VERSION, "--only-binary=:all:", f"{PROJECT}[pdf,postgres]",
    )  # fmt: skip
    for wheel in wheels.glob("*.whl"):
        if not wheel.name.startswith(_NOT_BUNDLED):
            with zipfile.ZipFile(wheel) as content:
                content.extractall(folder / "packages")


def _collect_licences(folder: Path) -> None:
    """The licences of Python and of every package, each under the package's name."""
    shutil.copy2(folder / "python" / "LICENSE.txt", folder / "licences" / "Python.txt")
    for information in sorted((folder / "packages").glob("*.dist-info")):
        found = [
            file for file in information.rglob("*") if file.name.upper().startswith(("LICEN", "COPYING", "NOTICE"))
        ]
        for file in found or [information / "METADATA"]:
            if file.is_file():
                name = f"{information.name.removesuffix('.dist-info')}-{file.name}"
                shutil.copyfile(file, folder / "licences" / name)


def _zip(folder: Path, target: Path) -> Path:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    sums = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n" for file in files
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in [*files, folder / "SHA256SUMS"]:
            archive.write(file, file.relative_to(folder.parent))
    return target


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
