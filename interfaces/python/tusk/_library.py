"""libtusk by ctypes: where it is, its structs, the types of its functions.

ctypes.CDLL releases the interpreter's lock during each call and takes it again
in callbacks.  What the functions do is said in tusk.h.
"""
from __future__ import annotations

import ctypes
import ctypes.util
import os
import subprocess
import threading
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double,
                    c_float, c_int, c_int64, c_size_t, c_uint32, c_void_p,
                    py_object)
from typing import Iterator, Optional

OK, ERROR, CONNECTION_LOST, MISUSE, NO_MEMORY = range(5)
TEXT, BINARY = 0, 1
PATHS = {"best": 0, "backend": 1, "direct": 2}
FILE_NAMES = ("libtusk.so.0", "libtusk.so")


class LibraryNotFound(ImportError):
    """There is no libtusk where it was looked for; the message says where."""


class ErrorStruct(Structure):
    _fields_ = [(name, c_char_p) for name in (
        "severity", "sqlstate", "message", "detail", "hint", "context")]
    _fields_ += [("position", c_int)]


# The first argument of a notice function is the generator that takes notices.
NoticeFn = CFUNCTYPE(None, py_object, POINTER(ErrorStruct))
ProgressFn = CFUNCTYPE(c_int, c_void_p)
CopyFn = CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)


class AttachOptions(Structure):
    _fields_ = [("size", c_size_t), ("connect_timeout_ms", c_int),
                ("notice", NoticeFn), ("notice_arg", c_void_p),
                ("progress", ProgressFn), ("progress_arg", c_void_p),
                ("progress_interval_ms", c_int)]


class Param(Structure):
    _fields_ = [("value", c_char_p), ("length", c_int), ("format", c_int),
                ("type", c_uint32)]


class InsertOptions(Structure):
    _fields_ = [("size", c_size_t), ("id_column", c_char_p),
                ("vector_column", c_char_p)]


class SearchOptions(Structure):
    _fields_ = [("size", c_size_t), ("path", c_int)]


class EstimateStruct(Structure):
    _fields_ = [("size", c_size_t), ("rows", c_double),
                ("rows_in_memory", c_double), ("memory_needed", c_int64),
                ("memory_setting", c_int64), ("setting_needed", c_int64),
                ("index_size", c_int64), ("wal_size", c_int64),
                ("workers", c_int), ("seconds", c_double)]


class ProgressStruct(Structure):
    _fields_ = [("size", c_size_t), ("running", c_int), ("phase", c_char * 64),
                ("workers_planned", c_int), ("workers_launched", c_int),
                ("workers_limited_by", c_char * 64), ("memory_used", c_int64),
                ("memory_limit", c_int64), ("tuples_done", c_int64),
                ("tuples_total", c_int64), ("elapsed", c_double),
                ("remaining", c_double)]


HANDLE = c_void_p
OUT = POINTER(c_void_p)
PROTOTYPES = {  # name: result, arguments
    "tusk_attach": (c_int, c_char_p, POINTER(AttachOptions), OUT),
    "tusk_detach": (None, HANDLE),
    "tusk_reattach": (c_int, HANDLE, c_int),
    "tusk_error_of": (POINTER(ErrorStruct), HANDLE),
    "tusk_server_setting": (c_char_p, HANDLE, c_char_p),
    "tusk_transport": (c_char_p, HANDLE),
    "tusk_transaction_state": (c_char, HANDLE),
    "tusk_backend_pid": (c_int, HANDLE),
    "tusk_canceller_create": (HANDLE, HANDLE),
    "tusk_canceller_free": (None, HANDLE),
    "tusk_cancel": (c_int, HANDLE),
    "tusk_exec": (c_int, HANDLE, c_char_p, OUT),
    "tusk_exec_params": (c_int, HANDLE, c_char_p, c_int, POINTER(Param), c_int,
                         OUT),
    "tusk_prepare": (c_int, HANDLE, c_char_p, c_int, POINTER(c_uint32), OUT),
    "tusk_statement_params": (c_int, HANDLE),
    "tusk_statement_execute": (c_int, HANDLE, c_int, POINTER(Param), c_int,
                               OUT),
    "tusk_statement_free": (None, HANDLE),
    "tusk_result_free": (None, HANDLE),
    "tusk_result_rows": (c_int, HANDLE),
    "tusk_result_columns": (c_int, HANDLE),
    "tusk_result_tag": (c_char_p, HANDLE),
    "tusk_result_affected": (c_int64, HANDLE),
    "tusk_result_column_name": (c_char_p, HANDLE, c_int),
    "tusk_result_column_type": (c_uint32, HANDLE, c_int),
    "tusk_result_column_format": (c_int, HANDLE, c_int),
    "tusk_result_value": (c_void_p, HANDLE, c_int, c_int),
    "tusk_result_length": (c_int, HANDLE, c_int, c_int),
    "tusk_copy_begin": (c_int, HANDLE, c_char_p, OUT),
    "tusk_copy_write": (c_int, HANDLE, c_char_p, c_size_t),
    "tusk_copy_finish": (c_int, HANDLE, POINTER(c_int64)),
    "tusk_copy_abort": (c_int, HANDLE, c_char_p),
    "tusk_copy_out": (c_int, HANDLE, c_char_p, CopyFn, c_void_p,
                      POINTER(c_int64)),
    "tusk_set": (c_int, HANDLE, c_char_p, c_char_p, c_int),
    "tusk_get": (c_int, HANDLE, c_char_p, POINTER(c_char_p)),
    "tusk_insert_matrix": (c_int, HANDLE, c_char_p, POINTER(InsertOptions),
                           c_void_p, c_void_p, c_size_t, c_int,
                           POINTER(c_int64)),
    "tusk_search_prepare": (c_int, HANDLE, c_char_p, POINTER(SearchOptions),
                            OUT),
    "tusk_search_run": (c_int, HANDLE, c_void_p, c_int, c_int64, c_int, OUT),
    "tusk_search_value": (c_int, HANDLE, POINTER(Param), c_int64, c_int, OUT),
    "tusk_search_batch": (c_int, HANDLE, c_void_p, c_size_t, c_int, c_int64,
                          c_void_p, c_void_p, c_void_p),
    "tusk_search_path": (c_int, HANDLE),
    "tusk_search_free": (None, HANDLE),
    "tusk_build_estimate": (c_int, HANDLE, c_char_p, POINTER(EstimateStruct)),
    "tusk_build_start": (c_int, HANDLE, c_char_p, OUT),
    "tusk_build_poll": (c_int, HANDLE, POINTER(ProgressStruct)),
    "tusk_build_wait": (c_int, HANDLE, c_int, POINTER(c_int)),
    "tusk_build_cancel": (c_int, HANDLE),
    "tusk_build_free": (None, HANDLE),
    "tusk_vector_decode": (c_int, c_char_p, c_int, POINTER(c_float), c_int),
}


def _pkg_config() -> Optional[str]:
    try:
        done = subprocess.run(["pkg-config", "--variable=libdir", "tusk"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip() or None


def _candidates() -> Iterator[str]:
    """Files that may be it, best first."""
    chosen = os.environ.get("TUSK_LIBRARY")
    if chosen:
        yield chosen
        return
    package = os.path.dirname(os.path.abspath(__file__))
    up = os.path.dirname
    folders = [package,
               os.path.join(up(up(up(up(package)))), "lib"),  # installed
               os.path.join(up(up(up(package))), "build", "lib")]  # sources
    for folder in folders:
        for name in FILE_NAMES:
            yield os.path.join(folder, name)
    folder = _pkg_config()
    if folder:
        for name in FILE_NAMES:
            yield os.path.join(folder, name)


def _open() -> tuple[ctypes.CDLL, str]:
    tried = []
    for path in _candidates():
        tried.append(path)
        if os.path.exists(path):
            try:
                return ctypes.CDLL(path), path
            except OSError as e:
                raise LibraryNotFound(f"could not load {path}: {e}") from e
    if not os.environ.get("TUSK_LIBRARY"):
        # not "", which would be the program itself
        for name in filter(None, (FILE_NAMES[0],
                                  ctypes.util.find_library("tusk"))):
            tried.append(name)
            try:
                return ctypes.CDLL(name), name
            except OSError:
                pass
    raise LibraryNotFound(
        "could not find libtusk: set TUSK_LIBRARY to the path of "
        "libtusk.so.0; looked for " + ", ".join(tried))


_loading = threading.Lock()
_loaded: Optional[tuple[ctypes.CDLL, str]] = None


def load() -> ctypes.CDLL:
    """The library, found when it is first asked for.

    Raises LibraryNotFound.
    """
    global _loaded
    with _loading:
        if _loaded is None:
            library, path = _open()
            for name, (result, *arguments) in PROTOTYPES.items():
                try:
                    function = getattr(library, name)
                except AttributeError as e:
                    raise LibraryNotFound(
                        f"{path} has no {name}: it is not the libtusk of this "
                        "package's version") from e
                function.restype = result
                function.argtypes = arguments
            _loaded = library, path
        return _loaded[0]


def library_path() -> str:
    """Where the library was found: TUSK_LIBRARY, else beside the package, in
    lib below the prefix that holds it, in build/lib of the sources, where
    pkg-config says, where the dynamic linker looks.

    Raises LibraryNotFound.
    """
    load()
    assert _loaded is not None
    return _loaded[1]
