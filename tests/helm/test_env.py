"""The settings that we read from an environment are those that each version of Helm reads."""

import subprocess
import sys
from pathlib import Path

import pytest
import real
from storage.test_settings import CONTEXTS, MORE

from postrender.storage._settings import EnvSettings

ENVIRONMENTS: dict[str, dict[str, str]] = {
    "nothing": {},
    "no home": {"HOME": ""},
    "the user's": {
        "HELM_NAMESPACE": "shop",
        "HELM_KUBECONTEXT": "two",
        "HELM_KUBETOKEN": 'a"b\\',
        "HELM_KUBEASUSER": "ada",
        "HELM_KUBEASGROUPS": "a,b",
        "HELM_KUBEAPISERVER": "https://127.0.0.1:1",
        "HELM_KUBECAFILE": "/ca",
        "HELM_KUBETLS_SERVER_NAME": "kube",
        "HELM_KUBEINSECURE_SKIP_TLS_VERIFY": "true",
        "HELM_MAX_HISTORY": "3",
        "HELM_BURST_LIMIT": "0",
        "HELM_QPS": "2.5",
        "HELM_DEBUG": "1",
    },
    "folders": {
        "HELM_CACHE_HOME": "//a/../b/",
        "HELM_CONFIG_HOME": "rel/./x",
        "HELM_DATA_HOME": ".",
    },
    "XDG's folders": {"XDG_CACHE_HOME": "/x//c", "XDG_CONFIG_HOME": "o/..", "XDG_DATA_HOME": "/"},
    "empty folders": {"HELM_CACHE_HOME": "", "HELM_CONFIG_HOME": "", "XDG_DATA_HOME": ""},
    "empty": {
        "HELM_NAMESPACE": "",
        "HELM_PLUGINS": "",
        "HELM_REGISTRY_CONFIG": "",
        "HELM_REPOSITORY_CONFIG": "",
        "HELM_REPOSITORY_CACHE": "",
        "HELM_CONTENT_CACHE": "",
        "HELM_MAX_HISTORY": "",
        "HELM_BURST_LIMIT": "",
        "HELM_QPS": "",
        "HELM_DEBUG": "",
        "HELM_KUBEASGROUPS": "",
        "KUBECONFIG": "",
    },
    "lists": {"HELM_KUBEASGROUPS": " ,a, b,,c ,", "HELM_PLUGINS": "/a:/b"},
    "odd words": {
        "HELM_DEBUG": "yes",
        "HELM_KUBEINSECURE_SKIP_TLS_VERIFY": "tRue",
        "HELM_MAX_HISTORY": "1_0",
        "HELM_BURST_LIMIT": "99999999999999999999",
        "HELM_QPS": "1e39",
    },
    "signs": {"HELM_MAX_HISTORY": "-3", "HELM_BURST_LIMIT": "+010", "HELM_QPS": "-1"},
    "a hexadecimal": {"HELM_QPS": "0x1p4", "HELM_MAX_HISTORY": "0x1"},
    "underscores": {"HELM_QPS": "1_0"},
    "without end": {"HELM_QPS": "-Infinity"},
    "no number": {"HELM_QPS": "nan"},
    "single precision": {"HELM_QPS": "16777217"},
    "a kubeconfig": {"KUBECONFIG": "contexts"},
    "two kubeconfigs": {"KUBECONFIG": "contexts:more"},
    "the other first": {"KUBECONFIG": "none:more:contexts"},
    "another context": {"KUBECONFIG": ":contexts:more", "HELM_KUBECONTEXT": "two"},
    "an absent context": {"KUBECONFIG": "contexts", "HELM_KUBECONTEXT": "four"},
    "a broken kubeconfig": {"KUBECONFIG": "contexts:broken"},
    "a kubeconfig and a namespace": {"KUBECONFIG": "contexts", "HELM_NAMESPACE": "shop"},
}


@pytest.mark.parametrize("environ", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_the_settings_are_those_of_helm(
    environ: dict[str, str], version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contexts").write_text(CONTEXTS)
    (tmp_path / "more").write_text(MORE)
    (tmp_path / "broken").write_text("{")
    monkeypatch.chdir(tmp_path)
    environ = {"HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin", **environ}

    command = [real.helm(version), "env"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    ours = EnvSettings.from_environ(environ, platform=sys.platform).to_env(int(version[0]))

    theirs = [line for line in done.stdout.splitlines() if not line.startswith("HELM_BIN=")]
    assert [f'{name}="{value}"' for name, value in ours.items()] == theirs
