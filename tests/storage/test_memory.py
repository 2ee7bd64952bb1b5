"""The memory driver: the contract of all drivers, and what is its own."""

from pathlib import Path

import pytest
from storage.contract import Damage, DriverContract, record

from postrender._errors import ConfigError, RecordCorrupt, ReleaseExists
from postrender.storage._memory import MemoryDriver
from postrender.storage._record import Body, Record
from postrender.storage._release import Release


class TestMemoryDriver(DriverContract):
    """The contract, on the driver that has no store but itself."""

    NAME = "Memory"

    @pytest.fixture
    def driver(self) -> MemoryDriver:
        return MemoryDriver()

    @pytest.fixture
    def other(self, driver: MemoryDriver) -> MemoryDriver:
        return driver

    @pytest.fixture
    def damage(self, driver: MemoryDriver) -> Damage:
        def damage(stored: Record) -> None:
            driver.update(stored._replace(problem="has no version"))

        return damage


def test_records_are_kept_by_value() -> None:
    labels = {"team": "a"}
    driver = MemoryDriver([record()._replace(labels=labels)])

    labels["team"] = "b"
    read = driver.get("shop", "sh.helm.release.v1.web.v1")
    assert isinstance(read.labels, dict)
    read.labels["team"] = "c"

    assert driver.get("shop", "sh.helm.release.v1.web.v1").labels == {"team": "a"}


def test_it_can_begin_with_records() -> None:
    driver = MemoryDriver([record(), record("api")])

    assert [*driver.names()] == [("shop", "api"), ("shop", "web")]
    with pytest.raises(ReleaseExists):
        MemoryDriver([record(), record()])


def test_a_record_without_a_body_is_not_stored() -> None:
    driver = MemoryDriver()

    with pytest.raises(RecordCorrupt, match="has no entry"):
        driver.create(record()._replace(body=Body(b"", problem="has no entry data.release")))

    assert [*driver.list()] == []


HELMS_OWN = """\
# In the manner of Helm's testdata/releases.yaml: names in any case.
- name: athos
  version: 1
  namespace: default
  info:
    status: deployed
  chart:
    metadata:
      name: athos-chart-1
      version: 1.0.0
- NAME: porthos
  Version: 2
  info:
    Status: failed
    first_deployed: 2026-01-02T03:04:05.123456789+05:30
  chart:
    metadata: {NAME: porthos-chart, appVersion: "1.1", apiversion: v2}
  config: {on: yes, clock: 12:30, date: 2026-01-02, octal: 010, float: 1e3, 2: two, ~: n}
  # `on` and `yes` are booleans
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "releases.yaml"


def test_it_loads_releases_from_files(data: Path) -> None:
    data.write_text(HELMS_OWN)

    driver = MemoryDriver.load([str(data)])

    athos, porthos = (Release(each) for each in driver.list())
    assert (athos.namespace, athos.name, athos.version) == ("default", "athos", 1)
    assert (athos.status, athos.chart_name, athos.chart_version) == (
        "deployed",
        "athos-chart-1",
        "1.0.0",
    )
    assert (porthos.namespace, porthos.version, porthos.status) == ("default", 2, "failed")
    assert porthos.app_version == "1.1"
    assert str(porthos.first_deployed) == "2026-01-02T03:04:05.123456789+05:30"
    assert porthos.config == {
        "2": "two",
        "clock": "12:30",
        "date": "2026-01-02",
        "float": 1000.0,
        "null": "n",
        "octal": 8,
        "true": True,
    }
    assert porthos.record.status == "failed"


def test_it_loads_several_files(data: Path, tmp_path: Path) -> None:
    data.write_text("- {name: a, version: 1}\n- {name: a, version: 1, namespace: shop}")
    (tmp_path / "more.yaml").write_text('[{"name": "b", "version": 1}]')
    (tmp_path / "nothing.yaml").write_text("")

    driver = MemoryDriver.load([data, tmp_path / "more.yaml", tmp_path / "nothing.yaml"])

    assert [*driver.names()] == [("default", "a"), ("default", "b"), ("shop", "a")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {name: a, version: 1}\n- {name: a, version: 1}", ": default/{key} is there twice"),
        ("name: a", ": is not a list of releases"),
        ("- {name: a, version: 1}\n- a-secret", ": item 2: is not a release"),
        ("- {version: 1}", ": item 1: the release has no name"),
        (
            "- {name: a, version: a-secret}",
            ": item 1: version is a string where a whole number belongs",
        ),
        ("- {name: a, version: 1, config: {a: !!binary YQ==}}", ": item 1: has a value that {no}"),
        ("- {name: a, version: 1, config: {a: .inf}}", ": item 1: has a value that {no}"),
        ("- {a-secret", ": is not YAML"),
        ("- !a-secret {name: a}", ": is not YAML"),
    ],
)
def test_a_file_that_says_something_else_is_an_error(text: str, message: str, data: Path) -> None:
    data.write_text(text)

    with pytest.raises(ConfigError) as caught:
        MemoryDriver.load([data])

    expected = message.format(key="sh.helm.release.v1.a.v1", no="JSON does not have")
    assert str(caught.value) == f"{data}{expected}"


def test_a_file_that_cannot_be_read_is_an_error(data: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        MemoryDriver.load([data])

    assert str(caught.value) == f"{data}: cannot be read: No such file or directory"
