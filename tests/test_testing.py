"""The test kit: what it runs, what it compares, and what it writes."""

from pathlib import Path

import pytest

from postrender import ConfigError, Context, Finding, Manifests, Severity, hookimpl
from postrender.testing import check_case, find_cases, render, result

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
LABELLED = POD + "  labels:\n    team: a\n"


class Growing:
    """Adds something in every run."""

    @hookimpl
    def postrender_transform(self, manifests: Manifests) -> None:
        for manifest in manifests:
            name = manifest.get(("metadata", "name"))
            manifest.set(("metadata", "name"), f"{name}-x")


class Telling:
    """Tells a finding and a notice."""

    @hookimpl
    def postrender_transform(self, context: Context) -> None:
        context.notice("all is well")

    @hookimpl
    def postrender_check(self, manifests: Manifests) -> list[Finding]:
        return [Finding(Severity.INFO, "seen", "a pod", manifests[0].location)]


def test_render_runs_an_installed_plugin_by_name() -> None:
    assert render("labels", POD, set={"team": "a"}) == LABELLED


def test_render_runs_a_module_that_is_not_installed() -> None:
    from postrender_plugins import labels

    assert render(labels, POD, set={"team": "a"}) == LABELLED


def test_render_takes_the_words_of_a_step() -> None:
    assert render("labels", POD, set={"team": "a"}, where={"kind": "Job"}) == POD
    assert render("labels", POD, set={"team": "a"}, hooks="only") == POD
    assert render("labels", POD, set={"team": "a"}, expect=1) == LABELLED


def test_render_refuses_a_plugin_that_a_second_run_changes() -> None:
    with pytest.raises(AssertionError) as raised:
        render(Growing(), POD)

    assert str(raised.value).endswith("-  name: web-x\n+  name: web-x-x\n")


def test_render_may_be_told_that_a_second_run_changes_something() -> None:
    assert render(Growing(), POD, idempotent=False) == POD.replace("web", "web-x")


def test_result_gives_edits_findings_and_notices() -> None:
    done = result(Telling(), POD)

    assert done.edits == ()
    assert [finding.message for finding in done.findings] == ["a pod"]
    assert [notice.message for notice in done.notices] == ["all is well"]


def make_case(folder: Path, **files: str) -> Path:
    """Write a case of the plugin `labels`."""
    case = folder / "labels" / "one"
    case.mkdir(parents=True)
    (case / "input.yaml").write_text(POD)
    for name, text in files.items():
        (case / name.replace("_", ".")).write_text(text)
    return case


def names(case: Path) -> list[str]:
    return sorted(path.name for path in case.iterdir())


def test_a_case_is_found_by_its_input(tmp_path: Path) -> None:
    case = make_case(tmp_path)

    assert find_cases(tmp_path) == [case]


def test_a_case_takes_the_plugin_from_its_folder_and_the_options_from_a_file(
    tmp_path: Path,
) -> None:
    check_case(make_case(tmp_path, options_yaml="set: {team: a}", expected_yaml=LABELLED))


CONFIG = """\
apiVersion: postrender.dev/v1alpha1
kind: Pipeline
steps:
- labels: {set: {team: a}}
"""


def test_a_case_may_have_a_whole_configuration(tmp_path: Path) -> None:
    check_case(make_case(tmp_path, postrender_yaml=CONFIG, expected_yaml=LABELLED))


def test_a_case_may_expect_an_error(tmp_path: Path) -> None:
    config = CONFIG.replace("team: a", "team: 1")
    message = (
        "step 1 (labels): postrender.yaml:4:18: labels.set.team: value 1 is a number; quote it\n"
    )

    check_case(make_case(tmp_path, postrender_yaml=config, error_txt=message))


def test_a_case_without_options_runs_the_plugin_with_none(tmp_path: Path) -> None:
    telling = "info [seen]: document 1, Pod web: a pod\nstep 1 (labels): all is well\n"
    case = make_case(tmp_path, expected_yaml=POD, notices_txt=telling)

    check_case(case, {"labels": Telling()})


@pytest.mark.parametrize(
    ("file", "text"),
    [("expected_yaml", POD), ("error_txt", "x"), ("notices_txt", "x")],
)
def test_a_case_that_differs_fails_with_a_diff(tmp_path: Path, file: str, text: str) -> None:
    files = {"expected_yaml": LABELLED, file: text}
    case = make_case(tmp_path, options_yaml="set: {team: a}", **files)

    with pytest.raises(AssertionError, match=r"--- expected\n"):
        check_case(case)


def test_a_case_that_a_second_run_changes_fails(tmp_path: Path) -> None:
    case = make_case(tmp_path, expected_yaml=POD.replace("web", "web-x"))

    with pytest.raises(AssertionError, match="a second run differs"):
        check_case(case, {"labels": Growing()})
    check_case(case, {"labels": Growing()}, idempotent=False)


def test_update_writes_what_came_of_a_case(tmp_path: Path) -> None:
    case = make_case(tmp_path, options_yaml="set: {team: a}", error_txt="old", notices_txt="old")

    check_case(case, update=True)

    assert names(case) == ["expected.yaml", "input.yaml", "options.yaml"]
    assert (case / "expected.yaml").read_text() == LABELLED
    check_case(case)


def test_update_writes_errors_and_notices(tmp_path: Path) -> None:
    case = make_case(tmp_path, options_yaml="sets: {}", expected_yaml=POD)

    check_case(case, update=True)

    assert names(case) == ["error.txt", "input.yaml", "options.yaml"]
    check_case(case, {"labels": Telling()}, update=True)
    assert names(case) == ["expected.yaml", "input.yaml", "notices.txt", "options.yaml"]


def test_a_wrong_option_raises_the_config_error() -> None:
    with pytest.raises(ConfigError, match=r"labels\.set\.n: value 8 is a number; quote it"):
        render("labels", POD, set={"n": 8})
