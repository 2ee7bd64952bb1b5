"""Where manifests come from and go to: files, stdin and stdout."""

import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress

from postrender._cli._terminal import write_stdout
from postrender._errors import UsageError

BOM = b"\xef\xbb\xbf"
#: what stands for no manifests
EMPTY = b"# no manifests\n"


def read(names: Sequence[str]) -> bytes:
    """Return the contents of all files as one stream; `-` is stdin.

    :raises UsageError: if one cannot be read.
    """
    if names.count("-") > 1:
        raise UsageError("stdin can be read only once")
    return _join([_read(name) for name in names])


def _read(name: str) -> bytes:
    if name == "-" and sys.stdin is None:
        raise UsageError("stdin is closed", hint="name a file with -f")
    try:
        if name == "-":
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        where = "stdin" if name == "-" else name
        raise UsageError(f"cannot be read: {error.strerror}", location=where) from error


def _join(parts: Sequence[bytes]) -> bytes:
    """Put streams behind each other so that no document runs into the next."""
    stream = list(parts[:1])
    for part in parts[1:]:
        if stream[-1] and not stream[-1].endswith(b"\n"):
            stream.append(b"\n")
        text = part.removeprefix(BOM)
        starts = text[:4] in (b"---\n", b"---\r", b"--- ")
        stream.append(text if starts else b"---\n" + text)
    return b"".join(stream)


def visible(stream: bytes) -> bytes:
    """Return *stream*, with a comment if it is blank, which Helm 4 would take for a failure."""
    return stream if stream.strip() else stream + EMPTY


def write(name: str, data: bytes) -> None:
    """Write *data* to the file *name*, all or nothing; `-` is stdout.

    :raises UsageError: if the file cannot be written.
    """
    if name == "-":
        write_stdout(data)
        return
    try:
        replace(name, data)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", location=name) from error


def replace(path: str, data: bytes, *, private: bool = False) -> None:
    """Write *data* to the file at *path*, all or nothing; a file that was there keeps its mode.

    :param private: whether only its owner may read it, whatever its mode was.
    :raises OSError: if it cannot be written.
    """
    had = os.stat(path).st_mode if os.path.exists(path) else None
    if had is not None and not stat.S_ISREG(had):
        with open(path, "wb") as file:  # a device or a pipe cannot be replaced
            file.write(data)
        return
    path = os.path.realpath(path)  # what a link leads to, not the link
    folder, base = os.path.split(path)
    temporary = os.path.join(folder, f".{base}.{os.getpid()}.tmp")
    try:
        with open(temporary, "xb", opener=_private if private else None) as file:
            if had is not None and not private:
                os.fchmod(file.fileno(), stat.S_IMODE(had))
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
