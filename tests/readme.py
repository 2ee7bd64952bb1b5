"""The README's examples, and a folder such as its reader has."""

import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "example"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


TRY, TEST, *COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
#: those that need Helm, or make something for it
HELM_COMMANDS = [command for command in COMMANDS if re.search(r"\bhelm\b", command)]
PLAIN_COMMANDS = [command for command in COMMANDS if command not in HELM_COMMANDS]


def program(path: Path, script: str) -> None:
    """Write a program for the shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)


def fill(folder: Path) -> None:
    """Put into *folder* what the commands name, with programs for PATH in `bin`."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    shutil.copytree(EXAMPLE, folder / "docs" / "example")
    (folder / "deploy").mkdir()
    shutil.copy(EXAMPLE / "postrender.yaml", folder / "deploy")
    program(folder / "renderer.sh", "cat\n")
    program(folder / "bin" / "postrender", f'exec "{sys.executable}" -m postrender "$@"\n')
    program(folder / "bin" / "kubectl", "cat\n")


def in_path(folder: Path) -> str:
    """Return a PATH that begins with the programs of *folder*."""
    return f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
