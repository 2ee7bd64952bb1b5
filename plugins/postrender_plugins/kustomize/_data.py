"""The data of generated objects: from literals, files and files of variables."""

import base64
import posixpath
from typing import Any, Final

from postrender_plugins.kustomize._entries import ConfigMapGenerator
from postrender_plugins.kustomize._files import Folder

#: characters in a line of base64; the hash of a name depends on where kustomize ends lines
_LINE: Final = 70
_QUOTED: Final = 2


def pairs(generator: ConfigMapGenerator, folder: Folder) -> dict[str, bytes]:
    """Return the data of *generator* by key.

    :raises ConfigError: for a file that cannot be read.
    :raises ValueError: for a source that is malformed, or a key that comes twice.
    """
    found: list[tuple[str, bytes]] = []
    for path in (*generator.envs, *filter(None, [generator.env])):
        found += _variables(folder.read(path), path)
    found += map(_literal, generator.literals)
    for source in generator.files:
        key, path = _file(source)
        found.append((key, folder.read(path)))
    data: dict[str, bytes] = {}
    for key, value in found:
        if key in data:
            raise ValueError(f"the key {key} comes twice")
        data[key] = value
    return dict(sorted(data.items()))


def config_map_data(data: dict[str, bytes]) -> dict[str, Any]:
    """Return the fields of a ConfigMap for *data*: what is no text is in `binaryData`."""
    fields: dict[str, Any] = {}
    for key, value in data.items():
        try:
            fields.setdefault("data", {})[key] = value.decode()
        except UnicodeDecodeError:
            fields.setdefault("binaryData", {})[key] = _base64(value)
    return fields


def secret_data(data: dict[str, bytes]) -> dict[str, Any]:
    """Return the fields of a Secret for *data*."""
    return {"data": {key: _base64(value) for key, value in data.items()}}


def _base64(value: bytes) -> str:
    text = base64.b64encode(value).decode()
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    return "".join(f"{line}\n" for line in lines) if len(text) >= _LINE else text


def _literal(source: str) -> tuple[str, bytes]:
    key, equals, value = source.partition("=")
    if not key or not equals:
        raise ValueError("a literal is no key=value")
    if len(value) >= _QUOTED and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return key, value.encode()


def _file(source: str) -> tuple[str, str]:
    key, equals, path = source.partition("=")
    if not equals:
        return posixpath.basename(source), source
    if not key or not path or "=" in path:
        raise ValueError(f"the file {source} is no path and no key=path")
    return key, path


def _variables(content: bytes, path: str) -> list[tuple[str, bytes]]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise ValueError(f"the file {path} is no UTF-8 text") from None
    found = []
    for line in text.removeprefix("\ufeff").split("\n"):
        stripped = line.removesuffix("\r").lstrip()
        if stripped and not stripped.startswith("#"):
            key, _, value = stripped.partition("=")
            found.append((key, value.encode()))
    return found
