"""Which storage is opened: as the environment says to Helm, or as arguments say."""

import subprocess
import sys
from pathlib import Path

import pytest

from postrender._errors import ConfigError
from postrender.storage import EnvSettings, MemoryDriver, Storage, StorageUnavailable
from postrender.storage._open import settings_of

RELEASES = """\
- name: web
  version: 2
  namespace: shop
  info: {status: deployed}
"""


def memory(**environ: str) -> dict[str, str]:
    return {"HELM_DRIVER": "memory", "HOME": "/none", **environ}


def test_the_environment_says_which(tmp_path: Path) -> None:
    (tmp_path / "releases.yaml").write_text(RELEASES)
    data = str(tmp_path / "releases.yaml")
    environ = memory(HELM_NAMESPACE="shop", HELM_MEMORY_DRIVER_DATA=f":{data}:")

    with Storage.open(environ=environ) as storage:
        assert isinstance(storage.driver, MemoryDriver)
        assert storage.namespace == "shop"
        assert storage.max_history == 0
        assert storage.last("web").version == 2


def test_arguments_win(tmp_path: Path) -> None:
    environ = {"HELM_DRIVER": "sql", "HELM_NAMESPACE": "shop", "HELM_MAX_HISTORY": "7"}

    storage = Storage.open("memory", namespace="staging", max_history=3, environ=environ)

    assert storage.driver.name == "Memory"
    assert storage.namespace == "staging"
    assert storage.max_history == 3


def test_the_environment_of_the_process_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_DRIVER", "memory")
    monkeypatch.setenv("HELM_NAMESPACE", "shop")

    assert Storage.open().namespace == "shop"


def test_all_namespaces_can_be_opened() -> None:
    assert Storage.open(namespace="", environ=memory(HELM_NAMESPACE="shop")).namespace == ""


def test_the_namespace_is_that_of_the_kubeconfigs_context(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(
        "current-context: a\n"
        "contexts: [{name: a, context: {namespace: shop}}, {name: b, context: {namespace: other}}]"
    )

    assert Storage.open(kubeconfig=path, environ=memory()).namespace == "shop"
    assert Storage.open(kubeconfig=str(path), context="b", environ=memory()).namespace == "other"
    assert Storage.open(environ=memory(KUBECONFIG=str(path))).namespace == "shop"
    with pytest.raises(ConfigError, match="no context `c`; known are a, b"):
        Storage.open(kubeconfig=path, context="c", environ=memory())


def test_a_kubeconfig_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Storage.open(kubeconfig=tmp_path / "absent", environ=memory())

    assert str(caught.value) == f"{tmp_path}/absent: there is no such kubeconfig"


def test_arguments_become_settings(tmp_path: Path) -> None:
    environ = {"HELM_KUBECONTEXT": "a", "HELM_DRIVER_SQL_CONNECTION_STRING": "postgres://a"}

    read = settings_of({"environ": environ})
    given = settings_of(
        {"environ": environ, "context": "b", "connection_string": "", "kubeconfig": tmp_path}
    )

    assert (read.kube_context, read.driver_sql_connection_string) == ("a", "postgres://a")
    assert given == EnvSettings.from_environ({"KUBECONFIG": str(tmp_path), "HELM_KUBECONTEXT": "b"})


def test_an_argument_that_is_none_is_not_given() -> None:
    nothing = settings_of({"connection_string": None, "kubeconfig": None, "context": None})

    assert nothing == settings_of({}) == settings_of({"environ": None})
    assert Storage.open(None, namespace=None, context=None, environ=memory()).namespace == "default"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("Secret", "did you mean `secret`?"),
        ("SECRETS", "did you mean `secrets`?"),
        ("config-map", "did you mean `configmap`?"),
        ("etcd", "known are secret, secrets, configmap, configmaps, sql, memory"),
    ],
)
def test_an_unknown_driver_is_an_error(word: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Storage.open(environ={"HELM_DRIVER": word, "HELM_NAMESPACE": "shop"})

    assert str(caught.value) == f"there is no driver `{word}`; {hint}"
    assert caught.value.exit_code == 2


def test_several_are_open_at_once(tmp_path: Path) -> None:
    (tmp_path / "releases.yaml").write_text(RELEASES)
    full = memory(HELM_MEMORY_DRIVER_DATA=str(tmp_path / "releases.yaml"))

    with (
        Storage.open(environ=full, namespace="shop") as one,
        Storage.open(environ=memory(), namespace="shop") as two,
    ):
        two.create(one.last("web"))
        one.delete("web", 2)

    with pytest.raises(StorageUnavailable):
        one.last("web")
    assert two.namespace == "shop"


UNREACHABLE = {
    "KUBECONFIG": "/none",
    "HELM_KUBEAPISERVER": "http://127.0.0.1:9",
    "HELM_DRIVER_SQL_CONNECTION_STRING": "postgres://127.0.0.1:9/helm?sslmode=disable",
}


@pytest.mark.parametrize("word", ["", "secret", "secrets", "configmap", "configmaps", "sql"])
def test_a_store_that_cannot_be_reached_is_unavailable(word: str) -> None:
    with (
        pytest.raises(StorageUnavailable) as caught,
        Storage.open(word, namespace="shop", environ=UNREACHABLE) as storage,
    ):
        [*storage.list()]

    assert caught.value.exit_code == 4


def run(program: str) -> str:
    """Run a program in a process of its own, and return what it printed."""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


KUBERNETES = "Secrets and ConfigMaps need the package kubernetes"
MISSING = """
import sys
sys.modules[{package!r}] = None
from postrender import ConfigError
from postrender.storage import Storage
try:
    Storage.open({driver!r}, namespace="shop", environ={environ!r})
except ConfigError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("driver", "package", "message"),
    [
        ("sql", "psycopg", "PostgreSQL needs the package psycopg; install postrender[sql]"),
        ("", "kubernetes", f"{KUBERNETES}; install postrender[kubernetes]"),
        ("configmaps", "kubernetes", f"{KUBERNETES}; install postrender[kubernetes]"),
    ],
)
def test_a_driver_whose_package_is_missing_says_what_to_install(
    driver: str, package: str, message: str
) -> None:
    printed = run(MISSING.format(driver=driver, package=package, environ=UNREACHABLE))

    assert printed == message


@pytest.mark.parametrize("module", ["postrender", "postrender.storage"])
def test_no_client_is_imported_before_it_is_used(module: str) -> None:
    program = (
        f"import sys, {module}\n"
        "clients = 'kubernetes', 'psycopg', 'yaml', 'urllib3', 'http.client', 'ssl', 'asyncio'\n"
        "print([client for client in clients if client in sys.modules])"
    )

    assert run(program) == "[]"


def test_a_memory_storage_imports_no_client() -> None:
    program = (
        "import sys\n"
        "from postrender.storage import Storage\n"
        "Storage.open('memory', namespace='shop', environ={})\n"
        "clients = 'kubernetes', 'psycopg', 'yaml'\n"
        "print([client for client in clients if client in sys.modules])"
    )

    assert run(program) == "[]"
