"""Exceptions, with what tusk_error says."""
from __future__ import annotations

from typing import Optional

from ._library import (CONNECTION_LOST, MISUSE, NO_MEMORY, ErrorStruct)


def _text(value: Optional[bytes]) -> Optional[str]:
    return None if value is None else value.decode("utf-8", "replace")


class Error(Exception):
    """What a call met.

    sqlstate: five characters; message; detail, hint, context: str or None;
    severity: "ERROR", "FATAL", ...; position: character in the statement, from
    1, or 0.
    """

    def __init__(self, sqlstate: str, message: str,
                 detail: Optional[str] = None, hint: Optional[str] = None,
                 context: Optional[str] = None, severity: str = "ERROR",
                 position: int = 0) -> None:
        super().__init__(sqlstate, message, detail, hint, context, severity,
                         position)
        self.sqlstate = sqlstate
        self.message = message
        self.detail = detail
        self.hint = hint
        self.context = context
        self.severity = severity
        self.position = position

    def __str__(self) -> str:
        lines = [self.message]
        for label, text in (("DETAIL", self.detail), ("HINT", self.hint),
                            ("CONTEXT", self.context)):
            if text is not None:
                lines.append(f"{label}:  {text}")
        return "\n".join(lines)


class ServerError(Error):
    """The server refused; the session goes on."""


class QueryCanceled(ServerError):
    """SQLSTATE 57014: by cancel, a callback or statement_timeout."""


class ConnectionLost(Error):
    """There is no session, or no longer one: Session.reattach or close."""


class MisuseError(Error):
    """Arguments or state that cannot be; nothing was asked of the server."""


class OutOfMemory(Error, MemoryError):
    """There was no memory for the call, in this process."""


class Notice(Error):
    """A notice or warning, as it is given to the function that attach was told
    of.  It is never raised by this package."""


def from_struct(e: ErrorStruct, status: int) -> Error:
    """The exception for what a call that returned status left."""
    sqlstate = _text(e.sqlstate) or "XX000"
    kind: type[Error]
    if status == CONNECTION_LOST:
        kind = ConnectionLost
    elif status == MISUSE:
        kind = MisuseError
    elif status == NO_MEMORY:
        kind = OutOfMemory
    elif sqlstate == "57014":
        kind = QueryCanceled
    else:
        kind = ServerError
    return _make(kind, e, sqlstate)


def notice_from_struct(e: ErrorStruct) -> Notice:
    notice = _make(Notice, e, _text(e.sqlstate) or "00000")
    assert isinstance(notice, Notice)
    return notice


def _make(kind: type[Error], e: ErrorStruct, sqlstate: str) -> Error:
    return kind(sqlstate, _text(e.message) or "", _text(e.detail),
                _text(e.hint), _text(e.context), _text(e.severity) or "ERROR",
                e.position)
