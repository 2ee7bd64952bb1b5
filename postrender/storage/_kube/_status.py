"""The Status with which an API server says what went wrong."""

import json
from typing import Any, NamedTuple, Self

from postrender.storage._kube._objects import MAGIC, opened
from postrender.storage._kube._protobuf import fields


class Status(NamedTuple):
    """Why a request was refused."""

    code: int
    reason: str = ""  #: Kubernetes' word, such as `NotFound`
    message: str = ""
    kind: str = ""  #: of what, in the plural as in `secrets`
    causes: tuple[str, ...] = ()  #: words again, such as `NamespaceTerminating`
    more: str = ""  #: where a list that took too long can go on

    @classmethod
    def read(cls, code: int, data: bytes) -> Self | None:
        """Return the Status of an answer; None where it has none, as that of a proxy."""
        try:
            if data.startswith(MAGIC):
                return cls._from_message(code, data)
            return cls._from_json(code, json.loads(data))
        except (ValueError, TypeError, AttributeError):
            return None

    @classmethod
    def _from_json(cls, code: int, status: Any) -> Self | None:
        if status.get("kind") != "Status":
            return None
        details = status.get("details") or {}
        return cls(
            code,
            status.get("reason", ""),
            status.get("message", ""),
            details.get("kind", ""),
            tuple(cause.get("reason", "") for cause in details.get("causes") or ()),
            status.get("metadata", {}).get("continue", ""),
        )

    @classmethod
    def _from_message(cls, code: int, data: bytes) -> Self | None:
        kind, start, end = opened(data)
        if kind != "Status":
            return None
        status = _first(data, start, end)
        metadata = _first(data, *status.get(1, (0, 0)))
        details = status.get(5, (0, 0))
        causes = [_first(data, a, b) for number, a, b in fields(data, *details) if number == 4]  # noqa: PLR2004 (the field of a cause)
        return cls(
            code,
            _text(data, status, 4),
            _text(data, status, 3),
            _text(data, _first(data, *details), 3),
            tuple(_text(data, cause, 1) for cause in causes),
            _text(data, metadata, 3),
        )


def _first(data: bytes, start: int, end: int) -> dict[int, tuple[int, int]]:
    """Return the two ends of each field of a message that has bytes."""
    return {number: (a, b) for number, a, b in fields(data, start, end) if b >= 0}


def _text(data: bytes, message: dict[int, tuple[int, int]], number: int) -> str:
    start, end = message.get(number, (0, 0))
    return data[start:end].decode()
