"""The volumes that a container mounts, and those that it uses as block devices."""

from collections.abc import Mapping
from typing import Final

from postrender_plugins._podspec.names import backstep_faults, descending_path_faults
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.problem import (
    forbidden,
    invalid,
    not_found,
    required,
    unsupported,
)

PROPAGATIONS: Final = ("Bidirectional", "HostToContainer", "None")


def check_mounts(container: Part, volumes: Mapping[str, bool]) -> None:
    """Look at what *container* does with *volumes*, as `check_volumes` returns them."""
    mounts = container.items("volumeMounts", "mountPath")
    devices = container.items("volumeDevices", "devicePath")
    _check_each_mount(container, mounts, devices, volumes)
    _check_each_device(mounts, devices, volumes)


def _check_each_mount(
    container: Part, mounts: list[Part], devices: list[Part], volumes: Mapping[str, bool]
) -> None:
    device_names, device_paths = _texts(devices, "name"), _texts(devices, "devicePath")
    paths = set()
    for mount in mounts:
        name, path = mount.text("name"), mount.text("mountPath")
        _check_volume(mount, name, volumes)
        if path == "":
            mount.error("required", required(), "mountPath")
        elif path is not None and path in paths:
            mount.error("mount-path", invalid(path, "must be unique"), "mountPath")
        paths.add(path)
        if name and name in device_names:
            problem = invalid(name, "must not already exist in volumeDevices")
            mount.error("volume-device", problem, "name")
        if path and path in device_paths:
            problem = invalid(path, "must not already exist as a path in volumeDevices")
            mount.error("volume-device", problem, "mountPath")
        _check_sub_path(mount)
        _check_propagation(mount, container)


def _check_volume(part: Part, name: str | None, volumes: Mapping[str, bool]) -> None:
    if name == "":
        part.error("required", required(), "name")
    elif name is not None and name not in volumes:
        part.error("unknown-volume", not_found(name), "name")


def _check_sub_path(mount: Part) -> None:
    path, expression = mount.text("subPath") or "", mount.text("subPathExpr") or ""
    if path and expression:
        problem = invalid(expression, "subPathExpr and subPath are mutually exclusive")
        mount.error("sub-path", problem, "subPathExpr")
    for key, value in (("subPath", path), ("subPathExpr", expression)):
        for fault in descending_path_faults(value):
            mount.error("sub-path", invalid(value, fault), key)


def _check_propagation(mount: Part, container: Part) -> None:
    propagation = mount.text("mountPropagation")
    if propagation and propagation not in PROPAGATIONS:
        problem = unsupported(propagation, PROPAGATIONS)
        mount.error("mount-propagation", problem, "mountPropagation")
    security = container.map("securityContext")
    if propagation == "Bidirectional" and not (security and security.flag("privileged")):
        problem = forbidden(
            "Bidirectional mount propagation is available only to privileged containers"
        )
        mount.error("mount-propagation", problem, "mountPropagation")


def _check_each_device(
    mounts: list[Part], devices: list[Part], volumes: Mapping[str, bool]
) -> None:
    mount_names, mount_paths = _texts(mounts, "name"), _texts(mounts, "mountPath")
    seen: set[str | None] = set()
    for device in devices:
        name, path = device.text("name"), device.text("devicePath")
        _check_volume(device, name, volumes)
        if name and not volumes.get(name, True):
            problem = invalid(
                name,
                "can only use volume source type of PersistentVolumeClaim or Ephemeral for block"
                " mode",
            )
            device.error("volume-device", problem, "name")
        if path == "":
            device.error("required", required(), "devicePath")
        for key, value, others, what in (
            ("name", name, mount_names, ""),
            ("devicePath", path, mount_paths, " as a path"),
        ):
            if value and value in seen:
                device.error("volume-device", invalid(value, "must be unique"), key)
            if value and value in others:
                problem = invalid(value, f"must not already exist{what} in volumeMounts")
                device.error("volume-device", problem, key)
        if path and backstep_faults(path):
            problem = invalid(path, "can not contain backsteps ('..')")
            device.error("volume-device", problem, "devicePath")
        seen |= {name, path}


def _texts(parts: list[Part], key: str) -> set[str]:
    return {text for part in parts if (text := part.text(key))}
