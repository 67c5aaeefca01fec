"""What the tests of Windows ask of the system itself."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

if sys.platform == "win32":
    _GENERIC_READ, _OPEN_EXISTING = 0x80000000, 3
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

else:

    def opened_alone(path: str) -> AbstractContextManager[None]:
        raise NotImplementedError

    def access_list(path: Path) -> str:
        raise NotImplementedError
