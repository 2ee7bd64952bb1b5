"""What differs between Secrets and ConfigMaps as a store."""

import re
from typing import Final, NamedTuple

#: the entry of an object's data that holds the body
ENTRY: Final = "release"
#: how many bytes the data of an object may have, by Kubernetes' rule
LIMIT: Final = 1_048_576

_NAME: Final = re.compile(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?")


def is_name(text: str) -> bool:
    """Tell whether an object or a namespace can be called so, which is safe in a path then."""
    return bool(_NAME.fullmatch(text))


class Kind(NamedTuple):
    """A kind of object that holds one record each."""

    name: str  #: also Helm's name of the driver
    plural: str
    type: str  #: the type that Helm gives an object, "" for a kind that has none
    encoded: bool  #: whether the JSON of an object has its data in base64
    #: what a list asks for so that it has no records of the format that Helm 3 and 4.3 cannot read
    selectors: tuple[str, str]

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of the API for all objects, those of a namespace, or one of them."""
        where = f"/namespaces/{namespace}" if namespace else ""
        return f"/api/v1{where}/{self.plural}" + (f"/{name}" if name else "")


SECRET: Final = Kind(
    name="Secret",
    plural="secrets",
    type="helm.sh/release.v1",
    encoded=True,
    selectors=("", "type!=helm.sh/release.v2"),
)
CONFIG_MAP: Final = Kind(
    name="ConfigMap",
    plural="configmaps",
    type="",
    encoded=False,
    selectors=("helm.sh/release-version!=v2", ""),
)
