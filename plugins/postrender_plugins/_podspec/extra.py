"""Extra paths: pod specs in places that the user names."""

from dataclasses import dataclass, field

from postrender_plugins._images import extra


@dataclass(frozen=True, repr=False, eq=False)
class ExtraPath(extra.ExtraPath):
    """A place of a pod spec that no table knows."""

    path: str = field(metadata={"description": "keys to a pod spec, such as `spec/server/pod`"})
