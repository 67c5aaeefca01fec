"""Windows on Linux: a real CPython for Windows under Wine, on which the tests and the demo run.

place.py       the folder with Python, the packages and Wine's settings
bundle.py      the ZIP for a computer without Python
launcher.c     its mureg.exe
typst_library.py   its largest part, compressed
licences.py    the licences of all that is in it
__main__.py    makes the place if need be, and runs tests, the demo or any command there
"""
