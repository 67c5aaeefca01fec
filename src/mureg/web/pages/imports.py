"""Import applications: files are checked first, then written."""

from typing import Any

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.identifiers import kpp_fault
from mureg.errors import N_, Refused, WrongUsage, msg
from mureg.operations.application_import.importer import HowToRead, Imported, import_applications
from mureg.operations.result import Result
from mureg.operations.unchanged import ChangedSinceShown, fingerprint
from mureg.readers.types import FORMATS, Source
from mureg.reports import import_result
from mureg.reports.cells import Cell, Label
from mureg.web.jobs import Job
from mureg.web.listing import options
from mureg.web.page import Page
from mureg.web.routes import does, retried, shows

# One client is one XML.
_MOST_FILES = 1000
_MOST_NAMES = 3
_MOST_NAMES_IN_COMMAND = 20
_FAULTS_ON_A_PAGE = 100


class Import:
    """Files that were sent: what they would bring into the register, and then what they brought."""

    def __init__(self, page: Page, files: list[Source], how: HowToRead) -> None:
        self._office = page.office
        self._today = page.today
        self.files = files
        self.how = how
        self.checked: Imported | None = None
        self.written: Result[Imported] | None = None

    @property
    def names(self) -> str:
        """The names of the files, of many the first ones."""
        names = [file.name for file in self.files]
        shown = ", ".join(names[:_MOST_NAMES])
        return shown if len(names) <= _MOST_NAMES else f"{shown} … ({len(names)})"

    @property
    def rows(self) -> int:
        """How many rows the files have; 0 before they were checked."""
        return sum(file.rows for file in self.checked.files) if self.checked is not None else 0

    @property
    def may_write(self) -> bool:
        """Whether there is something to write, and it was not written."""
        found = self.checked
        return found is not None and self.written is None and not found.gave_up and found.added + found.changed > 0

    def command(self) -> str:
        """The command that does the same."""
        how, is_partial = self.how, self.checked is not None and bool(self.checked.faults)
        names = [quoted(file.name) for file in self.files]
        return options(
            " ".join(["mureg application import", *(names if len(names) <= _MOST_NAMES_IN_COMMAND else ["FOLDER"])]),
            {
                "format": how.format, "number": how.number, "kpp": how.kpp,
                "profile": how.profile.name if how.profile is not None else None, "partial": is_partial,
            },
        )  # fmt: skip

    def check(self, job: Job) -> None:
        """Read the files without writing."""
        self.checked = None
        try:
            self.checked = self._read(job, None).done
        except BaseException:
            self.close()
            raise

    def write(self, job: Job, expected: str) -> None:
        """Write what was shown, which has this fingerprint. Raises `Refused` where it is something else by now."""
        try:
            self.written = self._read(job, expected)
        except ChangedSinceShown:
            self.check(job)
            raise Refused(
                msg("the register has changed since the files were checked; nothing was written"),
                msg("look at what would be written now, and decide again"),
            ) from None
        self.close()

    def _read(self, job: Job, expected: str | None) -> Result[Imported]:
        contract = self._office.contract()

        def once() -> Result[Imported]:
            job.rows = 0
            for file in self.files:
                file.stream.seek(0)
            with self._office.register() as register:
                return import_applications(
                    register, self.files, self.how, actor=self._office.actor("application import"), today=self._today,
                    term_months=contract.term_months if contract else None, partial=True, expected=expected,
                    dry_run=expected is None, progress=job.advance,
                )  # fmt: skip

        return retried(once)

    def close(self) -> None:
        """Delete the files."""
        for file in self.files:
            file.stream.close()


def show(page: Page) -> Response:
    """The form, and what this browser has imported."""
    return page.html(
        "imports.html",
        title=msg("Import"),
        command="mureg application import FILE…",
        formats=FORMATS,
        most_files=_MOST_FILES,
        profiles=page.office.settings().profiles_for("applications"),
        jobs=[(job.key, job.about.names, _state(job)) for job in page.jobs.of(page.session)],
    )


def _state(job: Job) -> Cell:
    if job.state != "done":
        return _STATES[job.state]
    written = job.about.written
    if written is None:
        return Label(N_("checked, not written"))
    return msg("written: operation {operation}", operation=written.operation or "—")


def check(page: Page) -> Response:
    """Take the files, and read them without writing."""
    settings = page.office.settings()
    number, kpp = page.asked("number") or None, page.asked("kpp") or None
    if kpp is not None and (fault := kpp_fault(kpp)) is not None:
        raise WrongUsage(msg("invalid {option}: {reason}", option="КПП", reason=fault), msg("for example 770001001"))
    how = HowToRead(
        page.one_of("format", FORMATS), number, kpp, settings.profile(page.asked("profile") or None), settings.limits
    )
    files = page.files("files")
    if not files:
        raise WrongUsage(msg("choose the files to import"))
    if len(files) != 1 and (number or kpp):
        raise WrongUsage(msg("a number or a КПП can only be given with one file"), msg("import the files one by one"))
    page.keeps_files = True
    made = Import(page, files, how)
    return page.go("/import/job", key=page.jobs.start(page.session, made, made.check).key)


def show_job(page: Page) -> Response:
    """How far it is; what was found; what was written."""
    job = page.jobs.find(page.session, page.needed("key", N_("Import")))
    # Asked for first: what it has found by then belongs to it.
    state, made = job.state, job.about
    if made.written is not None and page.written is None and page.error is None:
        return page.done("/import/job", made.written, key=job.key)
    page.error = page.error or job.error
    found = made.written.done if made.written is not None else made.checked
    return page.html(
        "import_job.html",
        title=msg("Import: {files}", files=made.names),
        command=made.command(),
        job=job,
        state=state,
        address_of_job=f"/import/job?key={job.key}",
        found=found,
        expected=fingerprint([found]),
        **(_tables(page, found) if found is not None else {}),
    )


def _tables(page: Page, found: Imported) -> dict[str, Any]:
    """The files, what is wrong with them, and what to do about it."""
    said = [found.unreadable[-1].message] if found.gave_up else []
    said += [error.hint for error in found.unreadable if error.hint is not None]
    if found.faults and not found.gave_up:
        said.append(msg("fix the other rows and import the file again; rows already imported are skipped"))
    said += import_result.erased_notes(found.still_erased, found.after_erasure)
    number = page.number("page")
    end = number * _FAULTS_ON_A_PAGE
    return {
        # Each once: many files may lack the same.
        "notes": list({str(message): message for message in said}.values()),
        "file_columns": import_result.FILE_COLUMNS,
        "file_rows": [(None, file) for file in found.files],
        "fault_columns": import_result.FAULT_COLUMNS,
        "fault_rows": [(None, import_result.fault_cells(each)) for each in found.faults[end - _FAULTS_ON_A_PAGE : end]],
        "previous": page.here(page=number - 1) if number > 1 else None,
        "next": page.here(page=number + 1) if len(found.faults) > end else None,
    }


def write(page: Page) -> Response:
    """Write what was shown: all, or the valid rows."""
    job = page.jobs.find(page.session, page.needed("key", N_("Import")))
    if not job.about.may_write:
        raise Refused(msg("this import has nothing to write any more"))
    expected = page.asked("expected")
    page.jobs.go_on(job, lambda job: job.about.write(job, expected))
    return page.go("/import/job", key=job.key)


def cancel(page: Page) -> Response:
    """End it; its page says whether it was too late."""
    job = page.jobs.find(page.session, page.needed("key", N_("Import")))
    job.cancel()
    return page.go("/import/job", key=job.key)


def forget(page: Page) -> Response:
    """Delete the files."""
    page.jobs.forget(page.jobs.find(page.session, page.needed("key", N_("Import"))))
    return page.go("/import")


_STATES = {
    "under way": Label(N_("under way")), "cancelled": Label(N_("cancelled; nothing was written")),
    "failed": Label(N_("nothing was written")),
}  # fmt: skip
ROUTES = [
    shows("/import", show),
    shows("/import/job", show_job),
    does("/import/check", check, again=show, most_files=_MOST_FILES),
    does("/import/write", write, again=show_job),
    does("/import/cancel", cancel, again=show_job),
    does("/import/forget", forget, again=show_job),
]
