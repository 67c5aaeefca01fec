"""Who may ask, and what every answer forbids."""

import re

import pytest

from mureg.web import pages
from mureg.web.security import HEADERS
from support.browser import ORIGIN, PORT, Browser, office
from support.command_line import Mureg

PAGES = [
    "/",
    "/applications",
    "/application?number=ZV-1042",
    "/applications/process?number=ZV-1042",
    "/import",
    "/static/mureg.css",
]


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_nothing_is_shown(browser: Browser, path: str) -> None:
    browser.client.cookies.clear()
    assert browser.get(path).status == 403


def test_a_token_opens_one_session(browser: Browser) -> None:
    browser.client.cookies.clear()
    token = browser.sessions.new_token()
    assert browser.get(f"/?token={token}").status == 200
    browser.client.cookies.clear()
    assert browser.get(f"/?token={token}").status == 403
    assert browser.get("/?token=").status == 403


def test_the_key_of_a_session_is_for_this_page_only(browser: Browser) -> None:
    browser.client.cookies.clear()
    token = browser.sessions.new_token()
    opened = browser.client.get(f"/?token={token}", follow_redirects=False)
    name, *attributes = opened.headers["set-cookie"].split("; ")
    assert name.startswith(f"mureg_{PORT}=")
    assert {each.lower() for each in attributes} == {"httponly", "samesite=strict", "path=/"}
    assert "token" not in opened.headers["location"]


def test_a_form_of_another_session_is_refused(browser: Browser, mureg: Mureg) -> None:
    values = browser.get("/application?number=ZV-1042").form("/application/process").values
    browser.client.cookies.clear()
    browser.get(f"/?token={browser.sessions.new_token()}")
    answer = browser.client.post("/application/process", data=values, headers={"origin": ORIGIN})
    assert answer.status_code == 409
    assert mureg.done("application", "show", "ZV-1042", "--json").json["status"] == "new"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "evil.example:8000", ""])
def test_another_host_is_refused(browser: Browser, host: str) -> None:
    assert browser.client.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:8001", "https://127.0.0.1:8000", ""]
)
def test_a_form_from_elsewhere_is_refused(browser: Browser, origin: str) -> None:
    values = browser.get("/application?number=ZV-1042").form("/application/process").values
    answer = browser.client.post("/application/process", data=values, headers={"origin": origin})
    assert answer.status_code == 403
    assert "новое" in browser.get("/application?number=ZV-1042").text


def test_a_form_without_its_token_is_refused(browser: Browser) -> None:
    values = browser.get("/application?number=ZV-1042").form("/application/process").values | {"token": ["x"]}
    answer = browser.client.post("/application/process", data=values, headers={"origin": ORIGIN})
    assert answer.status_code == 409
    assert "ничего не записано" in answer.text


def test_a_form_that_comes_twice_is_done_once(browser: Browser) -> None:
    values = browser.get("/application?number=ZV-1042").form("/application/process").values
    answers = [
        browser.client.post("/application/process", data=values, headers={"origin": ORIGIN}, follow_redirects=False)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]


def test_a_form_that_was_filled_in_otherwise_is_another_one(browser: Browser, mureg: Mureg) -> None:
    shown = browser.get("/application?number=ZV-1042")
    assert browser.send(shown, "/application/set-multiuser", option="10+").status == 200
    answer = browser.send(shown, "/application/set-multiuser", option="2-9")
    assert answer.status == 409
    assert mureg.done("application", "show", "ZV-1042", "--json").json["multiuser"]["tier"] == "10+"


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_scripts_of_others_and_caches(browser: Browser, path: str) -> None:
    headers = browser.client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_reader_sees_no_forms_and_can_send_none(example: Mureg) -> None:
    browser = Browser(office(read_only=True))
    shown = browser.get("/application?number=ZV-1042")
    assert not shown.has_form("/application/process")
    answer = browser.client.post("/application/process", data={"number": "ZV-1042"}, headers={"origin": ORIGIN})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/../security.py", "/static/%2e%2e/security.py", "/static/..%2fsecurity.py",
        "/static/%2e%2e%2fsecurity.py",
        "/static/..%5csecurity.py", "/static/....//security.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd",
        "/static/mureg.css%00.py", "/static/", "/static", "//etc/passwd", "/..%2f..%2fmureg.db", "/mureg.db",
    ],
)  # fmt: skip
def test_no_path_leads_to_a_file_that_is_not_served(browser: Browser, path: str) -> None:
    answer = browser.client.get(path)
    assert answer.status_code in (400, 404), answer.text[:200]
    assert "class Guard" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b"],
)
def test_a_form_leads_back_to_a_page_of_mureg_only(browser: Browser, mureg: Mureg, back: str) -> None:
    shown = browser.get("/application?number=ZV-1042")
    done = browser.send(shown, "/application/set-multiuser", option="10+")
    values = done.form("/history/undo").values | {"back": [back]}
    answer = browser.client.post("/history/undo", data=values, headers={"origin": ORIGIN}, follow_redirects=False)
    assert answer.status_code == 303
    assert re.match(r"/(?!/)[a-z/]*(\?|$)", answer.headers["location"])
    assert "evil" not in answer.headers["location"]


def test_the_cookie_and_the_form_of_a_server_that_ended_are_refused(browser: Browser, mureg: Mureg) -> None:
    values = browser.get("/application?number=ZV-1042").form("/application/process").values
    again = Browser(office())
    own = dict(again.client.cookies)
    again.client.cookies.clear()
    again.client.cookies.update(dict(browser.client.cookies))
    assert again.get("/").status == 403
    assert again.client.post("/application/process", data=values, headers={"origin": ORIGIN}).status_code == 403
    # With a session of the new server, its form is still that of the old one.
    again.client.cookies.clear()
    again.client.cookies.update(own)
    assert again.client.post("/application/process", data=values, headers={"origin": ORIGIN}).status_code == 409
    assert mureg.done("application", "show", "ZV-1042", "--json").json["status"] == "new"
    again.client.close()


ACTIONS = sorted({route.path for route in pages.routes() if route.again is not None})


@pytest.mark.parametrize("path", ACTIONS)
def test_an_address_alone_does_nothing(browser: Browser, mureg: Mureg, path: str) -> None:
    before = mureg.done("history", "--json").json
    query = "number=ZV-1042&month=2023-08&undone=8&comment=x&reason=x&option=10%2B&confirm=1&on=2023-08-28"
    assert browser.client.get(f"{path}?{query}").status_code in (200, 400, 404, 409)
    assert browser.client.post(f"{path}?{query}", headers={"origin": ORIGIN}).status_code in (400, 404, 409)
    assert mureg.done("history", "--json").json == before


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/none", {}, 404),
        ("/application?number=none", {}, 404),
        ("/applications?month=13", {}, 400),
        ("/", {"host": "evil.example"}, 403),
        ("/static/none", {}, 404),
        (f"/applications?search={'x' * 20_000}", {}, 200),
        ("/applications", {"x-large": "x" * 20_000}, 200),
        ("/month/document?month=2023-08&format=../../mureg.db", {}, 400),
        ("/month/document?month=2023-08&format=csv&part=..%2f..%2fmureg", {}, 400),
        ("/month/document?month=../mureg&format=csv", {}, 400),
    ],
)
def test_an_error_has_the_same_headers(browser: Browser, path: str, headers: dict[str, str], status: int) -> None:
    answer = browser.client.get(path, headers=headers)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "sqlite" not in answer.text.lower()
    assert "Traceback" not in answer.text
