"""What objects of the library's have in common that belong to a session."""
from __future__ import annotations

from ctypes import c_void_p
from typing import TYPE_CHECKING, Any, Optional, TypeVar

from .errors import MisuseError

if TYPE_CHECKING:
    from .session import Session

T = TypeVar("T", bound="Handle")


class Handle:
    """One such object: closed when it is told to, at the end of its "with", or
    when nobody has it any more."""

    _what = "handle"  # as messages name it
    _free = ""        # the library's function

    def __init__(self, session: Session) -> None:
        self._session = session
        self._handle: Optional[c_void_p] = None

    def _open(self) -> c_void_p:
        if self._handle is None:
            raise MisuseError("26000", f"the {self._what} is closed")
        return self._handle

    def _let_go(self) -> None:
        """The session's next call frees it."""
        handle, self._handle = self._handle, None
        session = self._session
        session._give_back(getattr(session._library, self._free), handle)

    def close(self) -> None:
        self._let_go()

    def __enter__(self: T) -> T:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self._let_go()
