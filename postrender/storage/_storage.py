"""Releases in a namespace: what Helm asks its storage for, over any driver."""

import builtins
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from math import inf
from typing import Self, Unpack

from postrender._errors import NoDeployedRelease, ReleaseNotFound, UsageError
from postrender.storage._closing import Closing
from postrender.storage._driver import Bodies, Driver
from postrender.storage._labels import check_labels
from postrender.storage._listing import Listing, checked
from postrender.storage._open import Where, open_driver, settings_of
from postrender.storage._prune import prune
from postrender.storage._record import SYSTEM_LABELS, Record, parse_key, record_key
from postrender.storage._release import Release


class Storage(Closing):
    """The releases of one namespace, or, for reading, of all with "".

    It can be used by several threads at once, and by a child after a fork, as its driver can. Its
    methods raise what the driver raises; a damaged record is always told of, never left out.
    """

    def __init__(self, driver: Driver, namespace: str = "default", *, max_history: int = 0) -> None:
        """Bind a driver to a namespace.

        :param max_history: how many revisions of a release `create` leaves; 0 is all. Helm's
            own limit is `EnvSettings.max_history`.
        """
        self.driver = driver
        self.namespace = namespace
        self.max_history = max_history

    @classmethod
    def open(
        cls,
        driver: str | None = None,
        *,
        namespace: str | None = None,
        max_history: int = 0,
        **where: Unpack[Where],
    ) -> Self:
        """Open the storage that Helm would use, from the environment or from arguments.

        :param driver: as HELM_DRIVER has it: `secret` (the default), `configmap`, `sql`, `memory`.
        :param namespace: else HELM_NAMESPACE, else the context's, else `default`; "" is all.
        :param where: `connection_string`, `kubeconfig`, `context`, and `environ`, which stands
            for the environment of this process.
        :raises ConfigError: when there is no such driver, or what it needs is not installed, or a
            file that is named cannot be read.
        :raises StorageError: when its store cannot be used.
        """
        settings = settings_of(where)
        bound = settings.namespace() if namespace is None else namespace
        return cls(open_driver(driver, settings), bound, max_history=max_history)

    def __repr__(self) -> str:
        """Name the store and the namespace."""
        return f"<Storage {self.driver.name} {self.namespace or 'all namespaces'}>"

    def close(self) -> None:
        """Close the driver."""
        self.driver.close()

    def get(self, name: str, version: int) -> Release:
        """Return a revision.

        :raises ReleaseNotFound: when there is none.
        :raises RecordCorrupt: when it cannot be read.
        """
        return checked(self.driver.get(self._one(), record_key(name, version)))

    def last(self, name: str) -> Release:
        """Return the highest revision, whatever its status.

        :raises ReleaseNotFound: when there is no record of the release.
        :raises RecordCorrupt: when the highest revision cannot be read; the one before it is not
            the last one.
        """
        for record in sorted(self._records(name, Bodies.NONE), key=_revision, reverse=True):
            with suppress(ReleaseNotFound):  # deleted since; the one before it is the last now
                return checked(self.driver.get(record.namespace, record.key))
        raise ReleaseNotFound(f"the release `{name}` was just deleted", location=self.namespace)

    def deployed(self, name: str) -> Release:
        """Return the highest of the revisions that are deployed, of which there should be one.

        :raises NoDeployedRelease: when there is none, but others.
        :raises ReleaseNotFound: when there is no record of the release.
        :raises RecordCorrupt: when it cannot be read.
        """
        return self.deployed_all(name)[-1]

    def deployed_all(self, name: str) -> builtins.list[Release]:
        """Return all revisions that are deployed, by what selects them in the store, in order.

        Raises what `deployed` raises.
        """
        labels = {"name": name, "owner": "helm", "status": "deployed"}
        records = [*self.driver.query(labels, self._one(), bodies=Bodies.WHOLE)]
        if not records:
            self._records(name, Bodies.NONE)
            raise NoDeployedRelease(f"no revision of `{name}` is deployed", location=self.namespace)
        return [checked(record) for record in records]

    def history(self, name: str, *, strict: bool = False) -> Listing:
        """Return the revisions of a release, the oldest first.

        :param strict: raise the first damage, instead of telling of it in the listing.
        :raises ReleaseNotFound: when there is no record of the release.
        """
        return Listing(iter(self._records(name)), self.driver, strict=strict)

    def list(
        self,
        *,
        newest: bool = True,
        statuses: str | Iterable[str] | None = None,
        labels: Mapping[str, str] | None = None,
        whole: bool = False,
        strict: bool = False,
    ) -> Listing:
        """Return releases in the order of namespace, name and version, read as they are needed.

        :param newest: only the highest revision of each release, before all other conditions.
        :param statuses: which to show, by the status that Helm shows: one or more of the words of
            `Status`; None is all.
        :param labels: which to show: those that have all of them.
        :param whole: read whole bodies, and check all fields; else what a listing shows.
        :param strict: raise the first damage, instead of telling of it in the listing.
        :raises ValueError: when a label cannot be one, or a status is none of Helm's.
        """
        check_labels(labels or {})
        bodies = Bodies.WHOLE if whole else Bodies.HEAD
        if labels and not newest:
            wanted = {"owner": "helm", **labels}
            records = self.driver.query(wanted, self.namespace, bodies=bodies)
        else:
            records = self.driver.list(self.namespace, newest=newest, bodies=bodies)
            records = (each for each in records if each.matches(labels or {}))
        return Listing(records, self.driver, statuses=statuses, whole=whole, strict=strict)

    def names(self) -> Iterator[tuple[str, str]]:
        """Return namespace and name of each release once, in order."""
        return self.driver.names(self.namespace)

    def namespaces(self) -> Iterator[str]:
        """Return the namespaces of the whole store that hold a release, in order."""
        return self.driver.namespaces()

    def create(self, release: Release) -> Release:
        """Store a new revision, and return it as it is stored.

        Before, with `max_history`, older revisions of the release are deleted as Helm does: the
        oldest first, never the deployed one, until with the new one there are no more than that.

        :raises ReleaseExists: when there is this revision already.
        :raises UsageError: when a label has a name that is Helm's own, or the namespace is another.
        :raises StorageError: when an older one cannot be deleted; then nothing is stored.
        """
        record = self._own(release)
        if self.max_history > 0:
            keep = self.max_history - 1
            prune(self.driver, self.namespace, release.name, keep=keep, coming=record)
        return Release(self.driver.create(record))

    def update(self, release: Release) -> Release:
        """Replace a revision, and return it as it is stored.

        One that was not read from this store replaces whatever is there.

        :raises ReleaseNotFound: when there is none.
        :raises ReleaseConflict: when it was changed since the release was read.
        :raises UsageError: when a label has a name that is Helm's own, or the namespace is another.
        """
        return Release(self.driver.update(self._own(release)))

    def delete(self, name: str, version: int) -> Release:
        """Delete a revision, also a damaged one, and return it.

        :raises ReleaseNotFound: when there is none.
        """
        return Release(self.driver.delete(self._one(), record_key(name, version)))

    def prune(self, name: str, *, keep: int) -> builtins.list[Release]:
        """Delete the oldest revisions of a release, and return them.

        As with `max_history`, the deployed one stays, so that one more than *keep* may be left.

        :param keep: how many to leave, at least 1.
        :raises ValueError: when it is less.
        :raises StorageError: when some could not be deleted; the others are.
        """
        if keep < 1:
            raise ValueError("a release without any revision is none; keep at least 1")
        return [Release(each) for each in prune(self.driver, self._one(), name, keep=keep)]

    def _one(self) -> str:
        """Return the namespace, where it has to be one."""
        if not self.namespace:
            raise UsageError(
                "a storage of all namespaces can only list",
                hint="make one for the namespace: Storage(storage.driver, namespace)",
            )
        return self.namespace

    def _own(self, release: Release) -> Record:
        """Return the record of a release that may be stored here."""
        if release.namespace != self._one():
            raise UsageError(
                f"the release is in namespace `{release.namespace}`,"
                f" and this is the storage of `{self.namespace}`"
            )
        if any(label in SYSTEM_LABELS for label in release.labels):
            raise UsageError(
                "user supplied labels contains system reserved label name."
                f" System labels: [{' '.join(SYSTEM_LABELS)}]"
            )
        return release.record

    def _records(self, name: str, bodies: Bodies = Bodies.HEAD) -> builtins.list[Record]:
        labels = {"name": name, "owner": "helm"}
        records = [*self.driver.query(labels, self._one(), bodies=bodies)]
        if not records:
            raise ReleaseNotFound(f"there is no release `{name}`", location=self.namespace)
        return records


def _revision(record: Record) -> float:
    """Return the revision that a record may be, by its key where the columns are damaged."""
    if not record.problem:
        return record.version
    said = parse_key(record.key)
    return said[1] if said else inf
