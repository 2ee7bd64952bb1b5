"""A pluggable post-renderer for Helm: all that a plugin, or a program that embeds it, imports."""

from postrender._commands import Command, Configured, Console
from postrender._context import Context, Fact
from postrender._documents import load_documents
from postrender._edits import Edit
from postrender._errors import (
    CheckError,
    ConfigError,
    EditError,
    ExpectError,
    Location,
    PluginError,
    PostrenderError,
    RefusedError,
    StreamError,
    UsageError,
)
from postrender._findings import About, Finding, Notice, Severity
from postrender._manifest import Manifest
from postrender._manifests import Manifests
from postrender._pipeline import Pipeline, PostRenderer, Result
from postrender._select import Selector
from postrender.hookspecs import hookimpl

__version__ = "0.1.0"

__all__ = [
    "About",
    "CheckError",
    "Command",
    "ConfigError",
    "Configured",
    "Console",
    "Context",
    "Edit",
    "EditError",
    "ExpectError",
    "Fact",
    "Finding",
    "Location",
    "Manifest",
    "Manifests",
    "Notice",
    "Pipeline",
    "PluginError",
    "PostRenderer",
    "PostrenderError",
    "RefusedError",
    "Result",
    "Selector",
    "Severity",
    "StreamError",
    "UsageError",
    "hookimpl",
    "load_documents",
]
