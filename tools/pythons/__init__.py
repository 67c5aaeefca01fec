"""The first tests with other Pythons than the one in use.

__main__.py  which Pythons there are, and the tests with each
newest.py    the newest Python of Debian, unpacked into a folder
"""
