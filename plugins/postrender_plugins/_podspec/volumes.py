"""The volumes of a pod: their names, and the one source that each has."""

from typing import Final

from postrender_plugins._podspec.names import backstep_faults, descending_path_faults, label_faults
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.problem import (
    duplicate,
    forbidden,
    invalid,
    required,
    unsupported,
)

#: sources in the order in which the API server looks at them, with the fields that each must have
SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "emptyDir": (),
    "hostPath": ("path",),
    "gitRepo": ("repository",),
    "gcePersistentDisk": ("pdName",),
    "awsElasticBlockStore": ("volumeID",),
    "secret": ("secretName",),
    "nfs": ("server", "path"),
    "iscsi": ("targetPortal", "iqn"),
    "glusterfs": ("endpoints", "path"),
    "flocker": (),
    "persistentVolumeClaim": ("claimName",),
    "rbd": ("image",),
    "cinder": ("volumeID",),
    "cephfs": (),
    "quobyte": ("registry", "volume"),
    "downwardAPI": (),
    "fc": (),
    "flexVolume": ("driver",),
    "configMap": ("name",),
    "azureFile": ("secretName", "shareName"),
    "vsphereVolume": ("volumePath",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "storageos": (),
    "projected": (),
    "scaleIO": ("gateway", "system", "volumeName"),
    "csi": ("driver",),
    "ephemeral": ("volumeClaimTemplate",),
    "image": (),
}
#: sources of the files of a projected volume
PROJECTIONS: Final = (
    "secret", "downwardAPI", "configMap", "serviceAccountToken", "clusterTrustBundle",
    "podCertificate",
)  # fmt: skip
HOST_PATH_TYPES: Final = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate",
    "Socket",
)  # fmt: skip
MAX_MODE: Final = 0o777
#: sources that a container can use as a block device
CLAIMS: Final = ("ephemeral", "persistentVolumeClaim")


def check_volumes(pod: Part) -> dict[str, bool]:
    """Return the names of the volumes of *pod*, each with whether it can be a block device."""
    names: dict[str, bool] = {}
    for volume in pod.items("volumes"):
        _check_source(volume)
        name = volume.text("name")
        if name == "":
            volume.error("required", required(), "name")
        elif name is not None:
            for fault in label_faults(name):
                volume.error("name", invalid(name, fault), "name")
            if name in names:
                volume.error("duplicate-volume", duplicate(name), "name")
            names.setdefault(name, any(volume.has(claim) for claim in CLAIMS))
    return names


def _check_source(volume: Part) -> None:
    there = {key for key, value in volume.value.items() if value is not None}
    sources = [source for source in SOURCES if source in there]
    for name in sources[1:]:
        volume.error("volume-source", forbidden("may not specify more than 1 volume type"), name)
    parts = [volume.map(name) for name in sources]  # the types of all
    if parts and parts[0]:
        _check_fields(parts[0], sources[0])
    elif not there - {"name"}:
        # The API server takes an empty directory then, which may not be what was meant.
        volume.warn("volume-source", required("must specify a volume type"))


def _check_fields(source: Part, name: str) -> None:
    for key in SOURCES[name]:
        is_missing = not source.has(key) if key == "volumeClaimTemplate" else source.text(key) == ""
        if is_missing:
            source.error("required", required(), key)
    if name == "hostPath":
        _check_host_path(source)
    elif name == "nfs" and not (source.text("path") or "/").startswith("/"):
        source.error("path", invalid(source.text("path") or "", "must be an absolute path"), "path")
    elif name == "projected":
        _check_projected(source)
    elif name in ("secret", "configMap"):
        _check_mode(source, "defaultMode")
        _check_files(source)


def _check_host_path(source: Part) -> None:
    path = source.text("path") or ""
    for fault in backstep_faults(path):
        source.error("path", invalid(path, fault), "path")
    kind = source.text("type")
    if kind is not None and kind not in HOST_PATH_TYPES:
        source.error("volume-source", unsupported(kind, HOST_PATH_TYPES), "type")


def _check_projected(source: Part) -> None:
    _check_mode(source, "defaultMode")
    for projection in source.items("sources"):
        kinds = [kind for kind in PROJECTIONS if projection.has(kind)]
        if len(kinds) > 1:
            problem = forbidden("may not specify more than 1 volume type per source")
            projection.error("volume-source", problem)
        parts = [projection.map(kind) for kind in kinds]  # the types of all
        if parts and parts[0] and kinds[0] in ("secret", "configMap"):
            if parts[0].text("name") == "":
                parts[0].error("required", required(), "name")
            _check_files(parts[0])


def _check_files(source: Part) -> None:
    """Look at the `items` of a Secret or ConfigMap."""
    for item in source.items("items", "key"):
        for key in ("key", "path"):
            if item.text(key) == "":
                item.error("required", required(), key)
        path = item.text("path") or ""
        for fault in descending_path_faults(path):
            item.error("path", invalid(path, fault), "path")
        _check_mode(item, "mode")


def _check_mode(part: Part, key: str) -> None:
    mode = part.number(key)
    if mode is not None and not 0 <= mode <= MAX_MODE:
        fault = "must be a number between 0 and 0777 (octal), both inclusive"
        part.error("mode", invalid(mode, fault), key)
