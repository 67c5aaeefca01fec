"""The sessions of browsers, and the forms that were sent already."""

import hmac
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from starlette.responses import Response

# Of so many forms it is remembered what became of them.
_FORMS_REMEMBERED = 10_000
_RESULTS_KEPT = 20


class SentForms:
    """The answers to forms that did something: a form that comes a second time gets the first answer again.

    A double click sends a form twice at once: the second one waits for the first. Thread-safe.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Response] = OrderedDict()
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def once(self, form: str, act: Callable[[], Response]) -> Response:
        """Do it, unless this form did it already. An action that raises has done nothing, and may be sent again."""
        with self._lock:
            lock = self._locks.setdefault(form, Lock())
        with lock:
            earlier = self._answers.get(form)
            if earlier is not None:
                return earlier
            answer = act()
            with self._lock:
                self._answers[form] = answer
                while len(self._answers) > _FORMS_REMEMBERED:
                    forgotten, _ = self._answers.popitem(last=False)
                    self._locks.pop(forgotten, None)
            return answer


class Session:
    """A browser that came with the token."""

    def __init__(self) -> None:
        self.form_token = secrets.token_urlsafe(32)
        self.sent = SentForms()
        self._results: OrderedDict[tuple[str, str], object] = OrderedDict()
        self._lock = Lock()

    def keep(self, path: str, result: object) -> str:
        """Keep what an action found for the page at a path, so that a reload shows it again. Returns its key."""
        key = secrets.token_urlsafe(9)
        with self._lock:
            self._results[path, key] = result
            if len(self._results) > _RESULTS_KEPT:
                self._results.popitem(last=False)
        return key

    def kept(self, path: str, key: str) -> Any:
        """What was kept under this key; `None` where it is forgotten."""
        return self._results.get((path, key))


class Sessions:
    """Who may ask. A token opens one session; more tokens can be made for other browsers of the same person.

    `clock` gives seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens: dict[str, float] = {}
        self._sessions: dict[str, Session] = {}
        self._lock = Lock()

    def new_token(self, seconds: float = math.inf) -> str:
        """A token that opens a session once, for so many seconds."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[token] = self._clock() + seconds
        return token

    def open(self, token: str) -> str | None:
        """The key of a new session; `None` where the token was never given, was used or is too old."""
        with self._lock:
            now = self._clock()
            self._tokens = {each: until for each, until in self._tokens.items() if now < until}
            known = next((each for each in self._tokens if _is_same(each, token)), None)
            if known is None:
                return None
            del self._tokens[known]
            key = secrets.token_urlsafe(32)
            self._sessions[key] = Session()
            return key

    def find(self, key: str) -> Session | None:
        """The session with this key."""
        return self._sessions.get(key)


def _is_same(one: str, other: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
