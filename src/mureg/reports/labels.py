"""The labels of the register's values, as the Web-registrator and accountants name them."""

from datetime import datetime

from mureg.domain.application import TIER_LABELS, Application, KeyOwner
from mureg.errors import N_
from mureg.reports.cells import Label

KIND = {"connection": N_("Connection"), "change": N_("Change"), "renewal": N_("Renewal")}
STATUS = {"new": N_("new"), "processed": N_("processed"), "rejected": N_("rejected"), "cancelled": N_("cancelled")}
SWITCH = {"on": N_("On"), "off": N_("Off"), "unstated": N_("not stated")}
LICENCE_STATE = {"on": N_("on"), "ended": N_("ended"), "upcoming": N_("upcoming")}
RENEWAL = {"licensed": N_("renewed"), "waiting": N_("waiting")}
STATUS_IN_DRY_RUN = {
    "new": N_("would be new again"),
    "processed": N_("would be processed"),
    "rejected": N_("would be rejected"),
    "cancelled": N_("would be cancelled"),
}
TIER = TIER_LABELS
ROLE = {"signing": N_("signing"), "encryption": N_("encryption"), "administration": N_("administration")}
# Of the warnings of `domain/warnings.py` by their codes.
WARNING = {
    "users_unknown": N_("Users not known"),
    "single_user": N_("Fewer than two users"),
    "no_administrator": N_("No administrator"),
    "sender_not_administrator": N_("The sender is not an administrator"),
    "no_encryption_user": N_("No recipient of the tax service's messages"),
    "too_many_encryption_users": N_("Too many recipients of the tax service's messages"),
    "authority_not_in_account": N_("Authorities that the account does not have"),
    "duplicate_owner": N_("A person listed more than once"),
    "certificate_unreadable": N_("A certificate that could not be read"),
    "certificate_expired": N_("A certificate that has expired"),
    "submitted_in_future": N_("Submitted in the future"),
    "submitted_before_sales": N_("Submitted before sales began"),
    "maybe_settled": N_("Perhaps settled already"),
    "looks_like_another": N_("A number that looks like another one"),
    "already_licensed": N_("Licensed already"),
    "tier_above_users": N_("A higher tier than the users require"),
    "promotion_ignored": N_("A promotion that gives no discount"),
    "certificate_expires_soon": N_("A certificate that expires soon"),
}
# What an operation was, by its command in the history.
OPERATION = {
    "application import": N_("applications imported"),
    "application set-multiuser": N_("multi-user mode set"),
    "application process": N_("applications processed"),
    "application reject": N_("applications rejected"),
    "application cancel": N_("sale cancelled"),
    "application amend": N_("application amended"),
    "application return": N_("applications made new again"),
    "application review": N_("application decided"),
    "reconcile": N_("month reconciled"),
    "month accept": N_("operator's figure accepted"),
    "month carry": N_("charge carried to the next month"),
    "month resolve": N_("discrepancy resolved"),
    "month close": N_("month closed"),
    "month reopen": N_("month reopened"),
    "invoice add": N_("invoice added"),
    "invoice paid": N_("invoice marked as paid"),
    "organization erase": N_("personal data erased"),
    "undo": N_("operation undone"),
}
# The columns of an application that the history shows.
CHANGED = {
    "status": N_("status"),
    "processed_on": N_("processed on"),
    "cancelled_on": N_("cancelled on"),
    "comment": N_("comment"),
    "without_sale": N_("without a sale"),
    "set_option": N_("mode"),
    "set_tier": N_("tier"),
    "name": N_("name"),
    "kpp": N_("КПП"),
    "ogrn": N_("ОГРН"),
    "requested": N_("client asked for"),
    "requested_tier": N_("client's tier"),
    "users": N_("users"),
    "promotion": N_("promotion"),
    "client_comment": N_("client's comment"),
}
# The same of other tables, with the names of these.
CHANGED_ELSEWHERE = {
    "licence": {
        "tier": N_("tier"),
        "starts_on": N_("starts on"),
        "ends_on": N_("ends on"),
        "sold_on": N_("sold on"),
        "cancelled_on": N_("cancelled on"),
    },
    "month": {
        "state": N_("state"),
        "without_statement": N_("without a statement"),
        "agreed_kopecks": N_("agreed amount"),
    },
    "resolution": {"action": N_("resolution"), "reason": N_("the reason")},
    "invoice": {
        "month": N_("month"),
        "dated_on": N_("dated"),
        "amount_kopecks": N_("amount"),
        "paid_on": N_("paid on"),
    },
}
CHANGED_TABLE = {
    "application": N_("Application"),
    "licence": N_("Licence"),
    "month": N_("Month"),
    "resolution": N_("Discrepancy"),
    "invoice": N_("Invoice"),
}

OWNER_MARK = {"sender": N_("sender"), "removed": N_("being removed"), "potential": N_("invited")}


def tier_label(tier: str | None) -> Label | None:
    """A tier, as the Web-registrator names it."""
    return Label(TIER[tier]) if tier else None


def mode_label(application: Application) -> Label:
    """Whether the multi-user mode is on in the application's connection parameters."""
    return Label(SWITCH[application.effective])


def owner_marks(owner: KeyOwner) -> list[str]:
    """The labels of an owner's flags."""
    return [label for name, label in OWNER_MARK.items() if getattr(owner, name)]


def local_time(instant: str) -> str:
    """An instant of the history, which is UTC, as the clock on the wall: `2023-09-05 14:03`."""
    return datetime.fromisoformat(instant).astimezone().strftime("%Y-%m-%d %H:%M")
