"""What the tests of Windows ask of the system itself."""

import builtins
import ctypes
import io
import ntpath
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    import _winapi
    import msvcrt

    _GENERIC_READ, _CREATE_NEW, _OPEN_EXISTING, _OPEN_ALWAYS = 0x80000000, 1, 3, 4
    _SHARE_TO_READ_AND_WRITE, _LONGEST_OF_WINE, _ERROR_MORE_DATA = 3, 259, 234
    _MARK = "\\\\?\\"
    _FILE_OBJECT, _ACCESS_LIST, _FIRST_REVISION = 1, 4, 1

    @contextmanager
    def opened_alone(path: str) -> Iterator[None]:
        """The file as a program has it open that lets no other read or write it."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_void_p
        handle = kernel.CreateFileW(path, _GENERIC_READ, 0, None, _OPEN_EXISTING, 0, None)
        assert handle != ctypes.c_void_p(-1).value, ctypes.get_last_error()
        try:
            yield
        finally:
            kernel.CloseHandle(ctypes.c_void_p(handle))

    def access_list(path: Path) -> str:
        """The access list of a file, as text."""
        security, kernel = ctypes.WinDLL("advapi32"), ctypes.WinDLL("kernel32")
        found, text = ctypes.c_void_p(), ctypes.c_wchar_p()
        error = security.GetNamedSecurityInfoW(
            ctypes.c_wchar_p(str(path)), _FILE_OBJECT, _ACCESS_LIST, None, None, None, None, ctypes.byref(found)
        )
        assert error == 0, error
        security.ConvertSecurityDescriptorToStringSecurityDescriptorW(
            found, _FIRST_REVISION, _ACCESS_LIST, ctypes.byref(text), None
        )
        kernel.LocalFree(found)
        assert text.value is not None
        return text.value

    # Runs Python with the rest of its command line, in the code page that comes first.
    _IN_CODE_PAGE = """
import ctypes, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
assert ctypes.windll.kernel32.SetConsoleOutputCP(int(sys.argv[1])), "there is no console"
sys.exit(subprocess.run([sys.executable, *sys.argv[2:]]).returncode)
"""

    def in_console(*arguments: str, code_page: int = 65001, **variables: str) -> subprocess.CompletedProcess[bytes]:
        """Python in a console of its own, which has no window; stdout and stderr are pipes."""
        path = os.pathsep.join(part for part in sys.path if part)
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
        return subprocess.run(
            [sys.executable, "-c", _IN_CODE_PAGE, str(code_page), *arguments],
            env=inherited | {"PYTHONPATH": path, "MUREG_LANG": "en"} | variables,
            creationflags=subprocess.CREATE_NO_WINDOW, capture_output=True, timeout=120, check=False,
        )  # fmt: skip

    def let_long_names_open(monkeypatch: pytest.MonkeyPatch) -> None:
        """Open files with long names, as Windows does: Wine's C library refuses more than 259 characters.

        Nor does Wine say what the real name of one is.
        """
        real_open, real_io_open, real_name = os.open, io.open, ntpath._getfinalpathname  # type: ignore[attr-defined]

        def name_of(path: Any) -> Any:
            try:
                return real_name(path)
            except OSError as error:
                if error.winerror != _ERROR_MORE_DATA:
                    raise
                return path if path.startswith(_MARK) else f"{_MARK}{path}"

        def opened(path: Any, flags: int, mode: int = 0o777, **others: Any) -> int:
            if isinstance(path, int) or len(str(Path(path).absolute())) <= _LONGEST_OF_WINE:
                return real_open(path, flags, mode, **others)
            access = _winapi.GENERIC_READ if not flags & os.O_WRONLY else 0
            access |= _winapi.GENERIC_WRITE if flags & (os.O_WRONLY | os.O_RDWR) else 0
            disposition = _CREATE_NEW if flags & os.O_EXCL else _OPEN_ALWAYS if flags & os.O_CREAT else _OPEN_EXISTING
            handle = _winapi.CreateFile(os.fspath(path), access, _SHARE_TO_READ_AND_WRITE, 0, disposition, 0, 0)
            descriptor = msvcrt.open_osfhandle(handle, flags)
            if flags & os.O_TRUNC:
                os.ftruncate(descriptor, 0)
            return descriptor

        def io_opened(file: Any, *arguments: Any, **others: Any) -> Any:
            return real_io_open(file, *arguments, **{"opener": opened, **others})

        monkeypatch.setattr(ntpath, "_getfinalpathname", name_of)
        monkeypatch.setattr(os, "open", opened)
        for module in (io, builtins):
            monkeypatch.setattr(module, "open", io_opened)

else:

    def let_long_names_open(monkeypatch: pytest.MonkeyPatch) -> None:
        raise NotImplementedError

    def in_console(*arguments: str, code_page: int = 65001, **variables: str) -> subprocess.CompletedProcess[bytes]:
        raise NotImplementedError

    def opened_alone(path: str) -> AbstractContextManager[None]:
        raise NotImplementedError

    def access_list(path: Path) -> str:
        raise NotImplementedError
