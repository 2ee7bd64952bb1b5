"""An object on its way through a kustomization: what it was called before, and is now."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from postrender import Manifest
from postrender_plugins.kustomize._scope import Scopes

DEFAULT: Final = "default"
LOCAL_CONFIG: Final = ("metadata", "annotations", "config.kubernetes.io/local-config")
NO_NAMESPACE: Final = "_non_namespaceable_"


class Id(NamedTuple):
    """What an object is known by; the namespace is the effective one."""

    group: str
    version: str
    kind: str
    namespace: str
    name: str


class Resource:
    """A manifest, with the ids that it has had.

    What it is called is read once, since to look at an object may mean to read its text;
    `renamed` says that it may be called otherwise now.
    """

    def __init__(self, manifest: Manifest, scopes: Scopes, *, is_own: bool = False) -> None:
        """Take a manifest of the stream, or one that the kustomization added: *is_own*."""
        self.manifest = manifest
        self.scopes = scopes
        self.is_own = is_own
        self.previous: list[tuple[str, str, str]] = []  #: kind, namespace and name, oldest first
        self.prefixes: list[str] = []
        self.suffixes: list[str] = []
        self.needs_hash = False  #: whether a hash of its content becomes part of its name
        #: whether it is for tools only, and not for the cluster
        self.is_local = manifest.get(LOCAL_CONFIG) not in (None, False, "false")
        self._id: Id | None = self._read()

    def _read(self) -> Id:
        group, _, version = self.manifest.api_version.rpartition("/")
        kind = self.manifest.kind
        is_in_none = self.scopes.namespaced((group, kind)) is False
        namespace = NO_NAMESPACE if is_in_none else self.manifest.namespace or DEFAULT
        # A chart may have written a number.
        name = self.manifest.get(("metadata", "name"))
        return Id(group, version, kind, namespace, "" if name is None else str(name))

    @property
    def id(self) -> Id:
        """Return what it is known by now."""
        if self._id is None:
            self._id = self._read()
        return self._id

    def renamed(self) -> None:
        """Read what it is called once more."""
        self._id = None

    @property
    def kind(self) -> tuple[str, str]:
        """Return group and kind."""
        return self.id.group, self.id.kind

    @property
    def name(self) -> str:
        """Return the name as text."""
        return self.id.name

    @property
    def namespace(self) -> str:
        """Return the namespace that it is in, where none is written too."""
        return self.id.namespace

    @property
    def is_cluster_scoped(self) -> bool:
        """Tell whether it is known to be in no namespace."""
        return self.namespace == NO_NAMESPACE

    @property
    def earlier(self) -> list[Id]:
        """Return what it was known by before, oldest first."""
        return [Id(self.id.group, self.id.version, *each) for each in self.previous]

    @property
    def ids(self) -> list[Id]:
        """Return everything that it is or was known by."""
        return [*self.earlier, self.id]

    @property
    def original(self) -> Id:
        """Return what it was known by first."""
        return self.ids[0]

    def remember(self) -> None:
        """Keep what it is known by now; its name, namespace or kind is about to change."""
        self.previous.append(self.id[2:])
        self.renamed()

    def rename(self, name: str) -> None:
        """Give it another name, and keep the one that it has."""
        self.remember()
        self.manifest.set(("metadata", "name"), name)


class Resources:
    """The objects of a kustomization; one that a patch deleted is no longer among them.

    An object of the stream that is for tools only is nobody's to change.
    """

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        """Take some objects."""
        self._resources = list(resources)

    def __iter__(self) -> Iterator[Resource]:
        """Iterate over those that may be changed."""
        return (each for each in self.readable() if each.is_own or not each.is_local)

    def readable(self) -> Iterator[Resource]:
        """Iterate over those that are still there."""
        return (each for each in self._resources if not each.manifest.is_removed)

    def add(self, resources: Iterable[Resource]) -> None:
        """Take some more."""
        self._resources += resources

    def known_as(self, wanted: Id) -> list[Resource]:
        """Return those that are or were known by *wanted*."""
        return [each for each in self if wanted in each.ids]
