"""The server's errors, as errors of ours: what is wrong, where, and what to do."""

import psycopg

from mureg.errors import Message, RegisterUnusable, RetryNeeded, msg
from mureg.register.engines import interface
from mureg.register.engines.database import in_use
from mureg.register.engines.postgres.connection import ServerSilent


def unusable(location: str, error: psycopg.Error, *, is_lost: bool) -> RegisterUnusable:
    """The error of a register that cannot be used. `is_lost`: the connection is closed."""
    if is_lost:
        lost = msg("the connection to {path} was lost", path=location)
        if isinstance(error, ServerSilent):
            lost = msg("the server of {path} has not answered for {seconds} seconds",
                       path=location, seconds=interface.WAIT_SECONDS)  # fmt: skip
        return RegisterUnusable(lost, msg("nothing was written; run the command again when the server is available"))
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return in_use(location)
    if isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected):
        return RetryNeeded(
            msg("another program changed the same rows at the same time"),
            msg("nothing was written; run the command again"),
        )
    sentences: dict[type[psycopg.Error], tuple[Message, Message]] = {
        psycopg.errors.InsufficientPrivilege: (
            msg("permission denied in the register {path}", path=location),
            msg("ask for a role that allows it; mureg init prints the SQL for the roles"),
        ),
        psycopg.errors.ReadOnlySqlTransaction: (
            msg("the register {path} is read-only", path=location),
            msg("write on the primary server, with a role that can write"),
        ),
        psycopg.errors.QueryCanceled: (
            msg("the server of {path} cancelled the command because it took too long", path=location),
            msg("nothing was written; ask the server's administrator for a longer statement_timeout"),
        ),
        psycopg.errors.DiskFull: (
            msg("the disk of {path} is full", path=location),
            msg("nothing was written; free some space and run the command again"),
        ),
    }
    for kind, (message, hint) in sentences.items():
        if isinstance(error, kind):
            return RegisterUnusable(message, hint)
    reason = error.diag.message_primary or type(error).__name__
    return RegisterUnusable(
        msg("cannot use the register {path}: {reason}", path=location, reason=reason),
        msg("check the register: mureg check"),
    )


def perhaps_written(location: str) -> RegisterUnusable:
    """The error of a connection that was lost before the server answered to COMMIT."""
    return RegisterUnusable(
        msg(
            "the connection to {path} was lost while the operation was being committed: it may have been written",
            path=location,
        ),
        msg("check before you run it again: mureg history --limit 1"),
    )
