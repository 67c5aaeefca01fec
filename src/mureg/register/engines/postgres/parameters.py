"""Statements with the parameters of psycopg."""

import re
from functools import lru_cache

_NAME = re.compile(r"(?<![\w:']):([a-z]\w*)")


@lru_cache(maxsize=512)
def by_name(sql: str) -> str:
    """A statement with `:name` parameters as psycopg takes it."""
    return _NAME.sub(r"%(\1)s", sql.replace("%", "%%"))


@lru_cache(maxsize=512)
def by_place(sql: str) -> str:
    """A statement with `?` parameters as psycopg takes it."""
    return sql.replace("%", "%%").replace("?", "%s")
