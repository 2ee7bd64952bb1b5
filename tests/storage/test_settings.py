"""Helm's settings from the environment; tests/helm/test_env.py compares them with Helm's own."""

from pathlib import Path

import pytest

from postrender._errors import ConfigError
from postrender.storage._settings import EnvSettings

CONTEXTS = """\
apiVersion: v1
kind: Config
current-context: one
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443"}}]
contexts:
- {name: one, context: {cluster: c, user: u, namespace: from-one}}
- {name: two, context: {cluster: c, user: u}}
users: [{name: u, user: {token: a-secret-value}}]
"""
MORE = """\
current-context: three
contexts:
- {name: one, context: {namespace: from-more}}
- {name: two, context: {namespace: from-more}}
- {name: three, context: {namespace: from-three}}
"""


def settings(platform: str = "linux", **environ: str) -> EnvSettings:
    return EnvSettings.from_environ({"HOME": "/home/ada", **environ}, platform=platform)


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """A folder of kubeconfigs."""
    (tmp_path / "contexts").write_text(CONTEXTS)
    (tmp_path / "more").write_text(MORE)
    return tmp_path


def test_the_defaults_are_helms() -> None:
    assert settings(KUBECONFIG="/none").to_env() == {
        "HELM_BURST_LIMIT": "100",
        "HELM_CACHE_HOME": "/home/ada/.cache/helm",
        "HELM_CONFIG_HOME": "/home/ada/.config/helm",
        "HELM_CONTENT_CACHE": "/home/ada/.cache/helm/content",
        "HELM_DATA_HOME": "/home/ada/.local/share/helm",
        "HELM_DEBUG": "false",
        "HELM_KUBEAPISERVER": "",
        "HELM_KUBEASGROUPS": "",
        "HELM_KUBEASUSER": "",
        "HELM_KUBECAFILE": "",
        "HELM_KUBECONTEXT": "",
        "HELM_KUBEINSECURE_SKIP_TLS_VERIFY": "false",
        "HELM_KUBETLS_SERVER_NAME": "",
        "HELM_KUBETOKEN": "",
        "HELM_MAX_HISTORY": "10",
        "HELM_NAMESPACE": "default",
        "HELM_PLUGINS": "/home/ada/.local/share/helm/plugins",
        "HELM_QPS": "0.00",
        "HELM_REGISTRY_CONFIG": "/home/ada/.config/helm/registry/config.json",
        "HELM_REPOSITORY_CACHE": "/home/ada/.cache/helm/repository",
        "HELM_REPOSITORY_CONFIG": "/home/ada/.config/helm/repositories.yaml",
    }


def test_helm_3_has_no_content_cache() -> None:
    three, four = settings().to_env(3), settings().to_env(4)

    assert four.keys() - three.keys() == {"HELM_CONTENT_CACHE"}


def test_what_is_not_in_helm_env_is_read_too() -> None:
    read = settings(
        HELM_DRIVER="sql",
        HELM_DRIVER_SQL_CONNECTION_STRING="postgres://ada:a-secret-value@db/helm",
        HELM_MEMORY_DRIVER_DATA="a.yaml:b.yaml",
        HELM_KUBETOKEN="a-secret-value",
    )

    assert read.driver == "sql"
    assert read.driver_sql_connection_string == "postgres://ada:a-secret-value@db/helm"
    assert read.memory_driver_data == "a.yaml:b.yaml"
    assert read.kube_token == "a-secret-value"
    assert "a-secret-value" not in repr(read)


def test_without_an_argument_the_environment_of_the_process_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HELM_NAMESPACE", "shop")

    assert EnvSettings.from_environ().namespace() == "shop"


@pytest.mark.parametrize(
    ("platform", "environ", "cache", "config", "data"),
    [
        (
            "darwin",
            {},
            "/home/ada/Library/Caches/helm",
            "/home/ada/Library/Preferences/helm",
            "/home/ada/Library/helm",
        ),
        (
            "win32",
            {"TEMP": r"C:\Temp", "APPDATA": r"C:\Roaming"},
            r"C:\Temp\helm",
            r"C:\Roaming\helm",
            r"C:\Roaming\helm",
        ),
        ("linux", {"HOME": ""}, ".cache/helm", ".config/helm", ".local/share/helm"),
        (
            "linux",
            {"XDG_CACHE_HOME": "/c", "XDG_CONFIG_HOME": "o/./p", "XDG_DATA_HOME": "//d/"},
            "/c/helm",
            "o/p/helm",
            "/d/helm",
        ),
        (
            "linux",
            {"HELM_CACHE_HOME": "//a/../b/", "HELM_CONFIG_HOME": "", "HELM_DATA_HOME": "."},
            "/b",
            "/home/ada/.config/helm",
            ".",
        ),
    ],
)
def test_the_folders_are_the_platforms(
    platform: str, environ: dict[str, str], cache: str, config: str, data: str
) -> None:
    read = settings(platform, **environ)

    assert (read.cache_home, read.config_home, read.data_home) == (cache, config, data)


def test_on_windows_the_kubeconfig_is_in_the_profile() -> None:
    environ = {"USERPROFILE": r"C:\Users\ada"}

    read = EnvSettings.from_environ(environ, platform="win32")
    listed = EnvSettings.from_environ({"KUBECONFIG": r"C:\a;C:\b"}, platform="win32")

    assert read.kubeconfig_files == (r"C:\Users\ada\.kube\config",)
    assert listed.kubeconfig_files == (r"C:\a", r"C:\b")


@pytest.mark.parametrize(
    ("name", "word", "printed"),
    [
        ("HELM_DEBUG", "T", "true"),
        ("HELM_DEBUG", "1", "true"),
        ("HELM_DEBUG", "F", "false"),
        ("HELM_DEBUG", "yes", "false"),
        ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "True", "true"),
        ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "tRue", "false"),
        ("HELM_KUBEASGROUPS", " ,a, b,,c ,", "a, b,,c"),
        ("HELM_KUBEASGROUPS", ", ,", ""),
        ("HELM_MAX_HISTORY", "+7", "7"),
        ("HELM_MAX_HISTORY", "-3", "-3"),
        ("HELM_MAX_HISTORY", "010", "10"),
        ("HELM_MAX_HISTORY", "1_0", "10"),
        ("HELM_MAX_HISTORY", "", "10"),
        ("HELM_BURST_LIMIT", "ten", "100"),
        ("HELM_BURST_LIMIT", "99999999999999999999", "100"),
        ("HELM_BURST_LIMIT", "9" * 5000, "100"),
        ("HELM_BURST_LIMIT", "9223372036854775808", "100"),
        ("HELM_BURST_LIMIT", "-" + "0" * 5000 + "9223372036854775808", "-9223372036854775808"),
        ("HELM_QPS", "1.5", "1.50"),
        ("HELM_QPS", "16777217", "16777216.00"),
        ("HELM_QPS", "1_0", "10.00"),
        ("HELM_QPS", "1__0", "0.00"),
        ("HELM_QPS", "0x1p4", "16.00"),
        ("HELM_QPS", "0x.p4", "0.00"),
        ("HELM_QPS", "1e39", "0.00"),
        ("HELM_QPS", " 1", "0.00"),
        ("HELM_QPS", "Infinity", "+Inf"),
        ("HELM_QPS", "-inf", "-Inf"),
        ("HELM_QPS", "nan", "NaN"),
        ("HELM_QPS", "-nan", "0.00"),
        ("HELM_PLUGINS", "", ""),
        ("HELM_REGISTRY_CONFIG", "", ""),
        ("HELM_REPOSITORY_CACHE", "/c", "/c"),
    ],
)
def test_words_are_read_as_go_does(name: str, word: str, printed: str) -> None:
    assert settings(KUBECONFIG="/none", **{name: word}).to_env()[name] == printed


@pytest.mark.parametrize(
    ("environ", "color"),
    [
        ({}, "auto"),
        ({"HELM_COLOR": "Always"}, "always"),
        ({"HELM_COLOR": "sometimes"}, "auto"),
        ({"HELM_COLOR": "always", "NO_COLOR": "1"}, "never"),
        ({"HELM_COLOR": "always", "NO_COLOR": ""}, "always"),
    ],
)
def test_the_color_mode_is_read(environ: dict[str, str], color: str) -> None:
    assert settings(**environ).color == color


@pytest.mark.parametrize(
    ("files", "context", "namespace"),
    [
        ("contexts", "", "from-one"),
        ("contexts:more", "", "from-one"),
        ("more:contexts", "", "from-three"),
        ("more:contexts", "one", "from-more"),
        ("contexts:more", "two", "default"),
        ("none:more", "", "from-three"),
        (":contexts", "", "from-one"),
        ("none", "", "default"),
    ],
)
def test_the_namespace_is_that_of_the_context(
    files: str, context: str, namespace: str, configs: Path
) -> None:
    paths = ":".join(str(configs / each) if each else "" for each in files.split(":"))

    read = settings(KUBECONFIG=paths, HELM_KUBECONTEXT=context)

    assert read.namespace() == namespace


def test_the_kubeconfig_of_the_home_folder_is_the_usual_one(configs: Path) -> None:
    (configs / ".kube").mkdir()
    (configs / "contexts").rename(configs / ".kube" / "config")

    assert settings(HOME=str(configs), KUBECONFIG="").namespace() == "from-one"


def test_a_namespace_that_is_given_needs_no_kubeconfig(configs: Path) -> None:
    (configs / "contexts").write_text("{")

    read = settings(KUBECONFIG=str(configs / "contexts"), HELM_NAMESPACE="shop")

    assert read.namespace() == "shop"


@pytest.mark.parametrize(
    ("text", "context", "message"),
    [
        ("{a-secret-value: [", "", "{path}: is not YAML"),
        ("- a-secret-value", "", "{path}: is not a kubeconfig"),
        ("\xff", "", "{path}: is not YAML"),
        ("current-context: one", "", "the kubeconfig has no context `one`"),
        (CONTEXTS, "four", "the kubeconfig has no context `four`; known are one, two"),
    ],
)
def test_a_kubeconfig_that_says_nothing_is_an_error(
    text: str, context: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode("latin-1"))
    read = settings(KUBECONFIG=str(path), HELM_KUBECONTEXT=context)

    with pytest.raises(ConfigError) as caught:
        read.namespace()

    assert str(caught.value) == message.format(path=path)
    assert read.to_env()["HELM_NAMESPACE"] == "default"


def test_a_kubeconfig_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        settings(KUBECONFIG=str(tmp_path)).namespace()


@pytest.mark.parametrize("text", ["", "contexts: {}", "contexts: [a, {name: [], context: b}]"])
def test_an_empty_kubeconfig_says_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(text)

    assert settings(KUBECONFIG=str(path)).namespace() == "default"


POD = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443", "KUBECONFIG": "/0"}


@pytest.mark.parametrize(
    ("files", "environ", "namespace"),
    [
        ({"token": "t", "namespace": "from-pod\n"}, {}, "from-pod"),
        ({"token": "t", "namespace": "from-pod"}, {"POD_NAMESPACE": "said"}, "said"),
        ({"token": "t", "namespace": "from-pod"}, {"HELM_NAMESPACE": "given"}, "given"),
        ({"token": "t"}, {}, "default"),
        ({"namespace": "from-pod"}, {}, "default"),
        ({"token": "t", "namespace": "x"}, {"KUBERNETES_SERVICE_HOST": ""}, "default"),
    ],
)
def test_in_a_pod_the_namespace_is_the_pods(
    files: dict[str, str], environ: dict[str, str], namespace: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    read = EnvSettings.from_environ({**POD, **environ}, service_account=tmp_path)

    assert read.namespace() == namespace
