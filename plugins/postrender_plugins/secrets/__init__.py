"""Refuse a release that would leak a secret.

    steps:
      - secrets: {}
      - secrets:
          failOn: medium
          secretObjects: report
          allow:
            - {rule: generic/password, kind: ConfigMap, name: demo-*, reason: "a demo, reset daily"}

It finds passwords, tokens and keys in the values of variables, arguments, ConfigMaps, annotations
and custom resources. Nothing is sent anywhere, and no message has any part of a value.

A finding is `critical`, `high`, `medium` or `low`; those from `failOn` on refuse the stream, unless
`mode: warn` says that none does. What Secrets hold is where it should be, so `secretObjects` is

`allow`
    not to look at it; the default
`report`
    to judge it like anything else
`warn`
    to tell of it, and refuse nothing
`deny`
    to refuse each Secret in plain text, for charts whose secrets come from elsewhere

Names, namespaces and labels of Secrets, and everything that only refers to one, are no findings.

An exception has a reason, and perhaps a day until which it is good. It stands in `allow`, in the
annotation `postrender.dev/allow-secrets` of the object,

    postrender.dev/allow-secrets: '[{"rule": "generic/*", "path": "data.*", "reason": "a sample"}]'

in a comment on the line of the value or above it,

    # postrender:allow-secret generic/password -- a sample

or in the file that `baseline` names. Comments for gitleaks and detect-secrets are honoured too.
Exceptions that nothing needs, and those that are over, are told.

`rules` names files of your own rules beside the built-in ones; `disable` takes rules away.
"""

from collections.abc import Iterable

from postrender import Command, Context, Finding, Manifests, hookimpl
from postrender_plugins.secrets._options import Options


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_check(manifests: Manifests, options: Options, context: Context) -> Iterable[Finding]:
    """Return the secrets in the manifests."""
    from postrender_plugins.secrets._check import check  # not to check a configuration

    return check(manifests, options, context)


@hookimpl
def postrender_commands() -> Iterable[Command]:
    """Return the commands `baseline`, `fix` and `rules`."""
    from postrender_plugins.secrets._commands import commands  # no step has a use for them

    return commands()
