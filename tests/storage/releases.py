"""Releases for tests, and a memory driver that fails where it is told to."""

from postrender._errors import StorageUnavailable
from postrender.storage import MemoryDriver, Record, Release, Status
from postrender.storage._record import Body

DAMAGED = b"SDRzSUEtYS1zZWNyZXQtdmFsdWU="


def release(name: str = "web", version: int = 1, status: str = "deployed", **more: str) -> Release:
    """Make a revision in `shop` as Helm 4 writes it; all else that is given are labels."""
    namespace = more.pop("namespace", "shop")
    return Release.new(
        name, version=version, namespace=namespace, status=Status(status), labels=more
    )


def damaged(name: str = "web", version: int = 1, status: str = "deployed") -> Record:
    """Make a record whose body cannot be decoded."""
    return release(name, version, status).record._replace(body=Body(DAMAGED))


class Failing(MemoryDriver):
    """A store that refuses to delete some keys."""

    def __init__(self, *undeletable: str) -> None:
        """Refuse to delete the records of some keys."""
        super().__init__()
        self.undeletable = undeletable

    def delete(self, namespace: str, key: str) -> Record:
        """Delete a record, or fail as a store does that went away."""
        if key in self.undeletable:
            raise StorageUnavailable("the connection broke", location=f"{namespace}/{key}")
        return super().delete(namespace, key)
