"""Selectors: what they match, what they refuse, what they hint at."""

import pytest

from postrender import ConfigError, Manifests, Selector

STREAM = b"""\
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {app: web, tier: front}
  annotations: {team: red}
---
# Source: shop/charts/db/templates/db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: shop-data
  labels: {app: db}
---
apiVersion: v1
kind: Service
metadata:
  name: web-1
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: pre-install, pre-upgrade
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      labels: {app: web, empty: ""}
"""

WEB, DB, SERVICE, JOB, SETTINGS = "web", "db", "web-1", "migrate", "settings"
ALL = [WEB, DB, SERVICE, JOB, SETTINGS]

MATCHES: list[tuple[object, list[str]]] = [
    (None, ALL),
    ({}, ALL),
    ({"kind": "Deployment"}, [WEB]),
    ({"kind": ["Deployment", "Job"]}, [WEB, JOB]),
    ({"kind": "*Set"}, [DB]),
    ({"kind": "?ob"}, [JOB]),
    ({"kind": "[DS]e*"}, [WEB, SERVICE]),
    ({"kind": "[!DS]*"}, [JOB, SETTINGS]),
    ({"kind": "[^DS]*"}, [JOB, SETTINGS]),
    ({"kind": "[A-J]o?"}, [JOB]),
    ({"kind": "[Job"}, []),
    ({"kind": "deployment"}, []),
    ({"kind": "/.*Set|Job/"}, [DB, JOB]),
    ({"kind": "/(?i)JOB/"}, [JOB]),
    ({"kind": ["/J(.)b/", "/S.*/"]}, [DB, SERVICE, JOB]),
    ({"name": "web"}, [WEB]),
    ({"name": "web*"}, [WEB, SERVICE]),
    ({"name": "/we/"}, []),
    ({"group": "apps"}, [WEB, DB]),
    ({"group": ""}, [SERVICE, SETTINGS]),
    ({"version": "v1"}, ALL),
    ({"version": "apps/v1"}, []),
    ({"apiVersion": "apps/v1"}, [WEB, DB]),
    ({"apiVersion": "apps/*"}, [WEB, DB]),
    ({"namespace": "shop*"}, [WEB, DB]),
    ({"namespace": ""}, [SERVICE, JOB, SETTINGS]),
    ({"namespace": ["", "shop"]}, [WEB, SERVICE, JOB, SETTINGS]),
    ({"source": "shop/charts/*"}, [DB]),
    ({"source": ""}, [SERVICE, JOB, SETTINGS]),
    ({"hook": True}, [JOB]),
    ({"hook": False}, [WEB, DB, SERVICE, SETTINGS]),
    ({"hook": "pre-upgrade"}, [JOB]),
    ({"hook": ["test", "pre-*"]}, [JOB]),
    ({"hook": "test"}, []),
    ({"labels": "app=web"}, [WEB, SETTINGS]),
    ({"labels": "app==web"}, [WEB, SETTINGS]),
    ({"labels": "app = web , tier"}, [WEB]),
    ({"labels": "app!=web"}, [DB, SERVICE, JOB]),
    ({"labels": "app in (web, db)"}, [WEB, DB, SETTINGS]),
    ({"labels": "app in (web,db),tier in (front)"}, [WEB]),
    ({"labels": "app notin (web)"}, [DB, SERVICE, JOB]),
    ({"labels": "app"}, [WEB, DB, SETTINGS]),
    ({"labels": "!app"}, [SERVICE, JOB]),
    ({"labels": "empty="}, [SETTINGS]),
    ({"labels": ["tier", "app=db"]}, [WEB, DB]),
    ({"labels": {"app": "w*"}}, [WEB, SETTINGS]),
    ({"labels": {"app": ["web", "db"], "tier": "*"}}, [WEB]),
    ({"annotations": "team=red"}, [WEB]),
    ({"annotations": "helm.sh/hook"}, [JOB]),
    ({"not": {"kind": "Deployment"}}, [DB, SERVICE, JOB, SETTINGS]),
    ({"not": [{"kind": "Deployment"}, {"group": ""}]}, [DB, JOB]),
    ({"not": {"kind": "Deployment", "name": "db"}}, ALL),
    ({"version": "v1", "name": "web", "not": {"labels": "tier"}}, []),
]


@pytest.mark.parametrize(("value", "names"), MATCHES, ids=str)
def test_a_selector_matches(value: object, names: list[str]) -> None:
    manifests = Manifests.parse(STREAM)
    selector = Selector.parse(value)

    assert [manifest.name for manifest in selector.select(manifests)] == names
    assert [manifest.name for manifest in manifests if selector.matches(manifest)] == names


FAULTS: list[tuple[object, str]] = [
    ("Deployment", "a selector is a mapping, such as `{kind: Deployment}`"),
    ({"kinds": "x"}, "/kinds: unknown condition; did you mean `kind`?"),
    (
        {"if": "x"},
        "/if: unknown condition; known are annotations, apiVersion, group, hook, kind, labels, "
        "name, namespace, not, source, version",
    ),
    ({"name": 8}, "/name: the value is no text; quote it"),
    ({"name": ["web", True]}, "/name: the value is no text; quote it"),
    ({"name": []}, "/name: an empty list matches nothing"),
    (
        {"namespace": None},
        '/namespace: the value is null; leave the condition out, or write `""` for none',
    ),
    (
        {"name": "/(/"},
        "/name: `/(/` is no regular expression: missing ), unterminated subpattern at position 0",
    ),
    ({"labels": "a=b c"}, "/labels: `a=b c` is no label requirement"),
    ({"labels": ""}, "/labels: `` is no label requirement"),
    ({"labels": "!a=b"}, "/labels: `!a=b` is no label requirement"),
    ({"labels": "a in b"}, "/labels: `a in b` is no label requirement"),
    ({"labels": "a in (b"}, "/labels: `a in (b` is no label requirement"),
    ({"labels": {}}, "/labels: an empty mapping selects nothing in particular"),
    ({"labels": {"a": 1}}, "/labels: the value is no text; quote it"),
    ({"hook": 1}, "/hook: the value is no text; quote it"),
    ({"not": {}}, "/not: `not` of no condition matches nothing"),
    ({"not": {"kid": "x"}}, "/not/kid: unknown condition; did you mean `kind`?"),
    ({"not": [{"name": "x"}, {"name": 1}]}, "/not/1/name: the value is no text; quote it"),
]


@pytest.mark.parametrize(("value", "message"), FAULTS, ids=str)
def test_a_wrong_selector_is_refused_with_the_path_of_its_fault(
    value: object, message: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        Selector.parse(value)

    assert str(raised.value) == message


HINTS: list[tuple[object, str]] = [
    ({"kind": "deployment"}, "no kind is called `deployment`; did you mean `Deployment`?"),
    ({"kind": "Deployments"}, "no kind is called `Deployments`; did you mean `Deployment`?"),
    ({"name": "setings"}, "no name is called `setings`; did you mean `settings`?"),
    (
        {"version": "apps/v1"},
        "`version: apps/v1` is an apiVersion; write `apiVersion: apps/v1`, "
        "or `group: apps` with `version: v1`",
    ),
    ({"version": ["v2", "v3"]}, ""),
    ({"group": ["apps/v1"]}, "`group: apps/v1` is an apiVersion; write `apiVersion: apps/v1`"),
    ({"kind": "Deployment", "name": "db"}, ""),
    ({"kind": "/x/"}, ""),
    ({"group": "/x/"}, ""),
    ({"kind": "Ingress"}, ""),
    ({"namespace": ""}, ""),
]


@pytest.mark.parametrize(("value", "hint"), HINTS, ids=str)
def test_a_slip_gets_a_hint(value: object, hint: str) -> None:
    assert Selector.parse(value).hint(Manifests.parse(STREAM)) == hint


def test_a_selector_shows_itself_as_it_was_written() -> None:
    assert repr(Selector.parse({"kind": "Job"})) == "Selector.parse({'kind': 'Job'})"
