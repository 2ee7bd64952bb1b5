"""The plugin.yaml of a Helm 4 post-renderer: written, and read back."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from postrender import _yaml
from postrender._errors import UsageError
from postrender._helm.plugin.command import Command

FILE: Final = "plugin.yaml"
TYPE: Final = "postrenderer/v1"
INSTALLED: Final = "postrender helm install-plugin"
PACKAGED: Final = "postrender helm package-plugin"
_MARK: Final = "# Written by "


class Plugin(NamedTuple):
    """One plugin in a folder of plugins, ours or a stranger's."""

    folder: str
    name: str = ""
    version: str = ""
    type: str = ""
    writer: str = ""  #: the command of ours that wrote it, "" if none did
    commands: Sequence[Command] = ()

    def words(self, system: str) -> list[str]:
        """Return what Helm starts on *system*, as Go calls it, [] if there is no command."""
        command = self._command(system)
        return command.words(self.folder) if command else []

    def configs(self, system: str) -> list[str]:
        """Return the configurations that the command for *system* names."""
        command = self._command(system)
        return command.configs(self.folder) if command else []

    def _command(self, system: str) -> Command | None:
        return next((each for each in self.commands if each.os == system), None)


def check_name(name: str) -> None:
    """Refuse a name that Helm would refuse.

    :raises UsageError: if it is one.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        hint = "use letters, digits, `-` and `_`"
        raise UsageError(f"a plugin cannot be called `{name}`", hint=hint)


def compose(name: str, version: str, writer: str, commands: Sequence[Command]) -> bytes:
    """Return the text of a plugin.yaml.

    :param version: as Python writes versions.
    :param writer: the command of ours that writes it, by which it is known later.
    :raises UsageError: if a path in it is no text.
    """
    value = {
        "apiVersion": "v1",
        "name": name,
        "version": semantic(version),
        "type": TYPE,
        "runtime": "subprocess",
        "runtimeConfig": {"platformCommand": [_entry(each) for each in commands]},
    }
    try:
        return f"{_MARK}{writer}, which writes it anew.\n{_yaml.dump(value)}".encode()
    except UnicodeEncodeError as error:
        hint = "Helm reads plugin.yaml as UTF-8; rename the file or its folder"
        raise UsageError("a path is not UTF-8", location=ascii(error.object), hint=hint) from error


def _entry(command: Command) -> dict[str, Any]:
    args = {"args": list(command.args)} if command.args else {}
    return {"os": command.os, "command": command.command, **args}


def semantic(version: str) -> str:
    """Return a Python version as Helm wants one: three numbers, then a dash before the rest."""
    numbers = re.match(r"[\d.]*\d", version)
    release = numbers[0] if numbers else "0"
    rest = re.sub(r"[^0-9A-Za-z]+", ".", version.removeprefix(release)).strip(".")
    parts = [*map(str, map(int, release.split("."))), "0", "0"][:3]
    return ".".join(parts) + (f"-{rest}" if rest else "")


def find(plugins: str) -> list[Plugin]:
    """Return the plugins in the folder *plugins*, by folder; none where there is no such folder."""
    try:
        names = sorted(os.listdir(plugins))
    except OSError:
        return []
    found = (read(os.path.join(plugins, name)) for name in names)
    return [plugin for plugin in found if plugin]


def read(folder: str) -> Plugin | None:
    """Return the plugin in *folder*, or None where there is no plugin.yaml that can be read."""
    try:
        with open(os.path.join(folder, FILE), encoding="utf-8") as file:
            text = file.read()
    except (OSError, ValueError):
        return None
    return _parse(folder, text)


def _parse(folder: str, text: str) -> Plugin:
    value: Any = None
    with suppress(_yaml.YamlError):  # Helm passes over what it cannot read, too
        value = _yaml.load(text)
    value = value if isinstance(value, dict) else {}
    name, version, kind = (str(value.get(key) or "") for key in ("name", "version", "type"))
    commands = tuple(_commands(value.get("runtimeConfig")))
    return Plugin(folder, name, version, kind, _writer(text), commands)


def _writer(text: str) -> str:
    for writer in (INSTALLED, PACKAGED):
        if text.startswith(_MARK + writer):
            return writer
    return ""


def _commands(config: object) -> Iterator[Command]:
    """Give the commands of a plugin; what is none, whoever wrote it, is left out."""
    entries = config.get("platformCommand") if isinstance(config, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            args = entry.get("args")
            words = map(str, args) if isinstance(args, list) else ()
            yield Command(
                str(entry.get("os", "")).lower(), str(entry.get("command", "")), tuple(words)
            )
