"""The office's page: the register in a browser, on the user's own computer. It asks operations and shows their results.

office.py     what the command line decided for all requests: register, settings, user, day
server.py     the application of Starlette, and how it is served
security.py   who may ask: the token, the session, Host, Origin, and the headers of every answer
sessions.py   the sessions of browsers, and the forms that were sent already
routes.py     how a function becomes a page, or an action behind a form
page.py       one request: what was asked, in which language, and the answer
listing.py    what the pages with lists share
rendering.py  templates, and cells as texts
hints.py      messages of operations in the words of the page, and their commands
uploads.py    files that come with a form
charts.py     charts, as SVG that a template draws
jobs.py       what takes longer than a request
pages/        one file for each noun
"""
