"""Releases of real Helm: what we say of them is what the same Helm printed."""

import json
from typing import Any

import pytest
from storage.golden_records import Golden, Printed, go_time, printed, records, releases_of

from postrender.storage._release import Release
from postrender.storage._status import Status

HELMS = pytest.mark.parametrize("helm", ["3.17.3", "4.3.1"])


def of_helm(helm: str) -> list[Golden]:
    return [golden for golden in records() if golden.helm == helm]


def listed(release: Release) -> tuple[str, ...]:
    return (
        release.name,
        release.namespace,
        str(release.version),
        str(release.last_deployed),
        str(release.status),
        f"{release.chart_name}-{release.chart_version}",
        release.app_version,
    )


def recalled(release: Release) -> dict[str, Any]:
    shown = {
        "revision": release.version,
        "updated": str(release.last_deployed),
        "status": str(release.status),
        "chart": f"{release.chart_name}-{release.chart_version}",
        "app_version": release.app_version,
        "description": release.description,
        "rollback_revision": release.rollback_revision,
    }
    return {key: value for key, value in shown.items() if value}


@HELMS
def test_the_golden_records_are_all_there_with_all_statuses_that_helm_leaves(helm: str) -> None:
    releases = [golden.release for golden in of_helm(helm)]

    assert len(releases) == {"3.17.3": 104, "4.3.1": 107}[helm]
    assert {release.status for release in releases} == {*Status} - {Status.UNKNOWN}


@HELMS
def test_a_listing_shows_what_helm_list_shows(helm: str) -> None:
    for shown in printed("list"):
        newest: dict[tuple[str, str], Release] = {}
        if shown.helm == helm:
            ours = [golden for golden in of_helm(helm) if golden.driver == shown.driver]
            for golden in sorted(ours, key=lambda golden: golden.record.version):
                newest[golden.record.namespace, golden.record.name] = golden.of_head(1024)
            rows = json.loads(shown.stdout)
            large = [row for row in rows if row["name"] == "large"]  # left out for its size
            assert len(rows) - len(large) == len(newest)
            assert {listed(release) for release in newest.values()} == {
                (
                    row["name"],
                    row["namespace"],
                    row["revision"],
                    go_time(row["updated"]),
                    row["status"],
                    row["chart"],
                    row["app_version"],
                )
                for row in rows
                if row not in large
            }


@HELMS
def test_a_history_shows_what_helm_history_shows(helm: str) -> None:
    shown = [item for item in printed("history") if item.helm == helm]

    assert len(shown) > 40
    for item in shown:
        assert [recalled(release) for release in releases_of(item)] == json.loads(item.stdout)


@HELMS
def test_a_release_has_the_metadata_that_helm_get_metadata_shows(helm: str) -> None:
    for shown in of_command("metadata", helm):
        *_, release = releases_of(shown)
        expected = json.loads(shown.stdout)
        metadata = release.chart.metadata

        assert expected["chart"] == metadata.name == release.chart_name
        assert expected["version"] == metadata.version
        assert expected["appVersion"] == metadata.app_version
        assert expected.get("annotations", {}) == metadata.annotations
        assert len(expected.get("dependencies", [])) == len(metadata.dependencies)
        assert expected["status"] == release.status
        assert expected["revision"] == release.version
        assert expected.get("applyMethod", "") == release.apply_method
        assert expected["deployedAt"][:19] == str(release.last_deployed)[:19]


@HELMS
def test_a_release_has_the_notes_that_helm_get_notes_shows(helm: str) -> None:
    for shown in of_command("notes", helm):
        *_, release = releases_of(shown)

        assert shown.stdout == (f"NOTES:\n{release.notes}\n" if release.notes else "")


@HELMS
def test_a_release_has_the_manifest_that_helm_get_manifest_shows(helm: str) -> None:
    for shown in of_command("manifest", helm):
        *_, release = releases_of(shown)

        assert shown.stdout == release.manifest + "\n"


@HELMS
def test_a_release_has_the_values_that_helm_get_values_shows(helm: str) -> None:
    for shown in of_command("values", helm):
        *_, release = releases_of(shown)

        assert json.loads(shown.stdout) == (release.config or None)


@HELMS
def test_a_summary_from_the_beginning_is_that_from_all_of_a_body(helm: str) -> None:
    for golden in of_helm(helm):
        head, whole = golden.of_head(1024), golden.release
        _ = whole.manifest  # so that all of it is decoded

        assert head.info == whole.info
        assert listed(head) == listed(whole)


@HELMS
def test_the_columns_agree_with_the_bodies(helm: str) -> None:
    assert [golden.release.problems() for golden in of_helm(helm)] == [[]] * len(of_helm(helm))


@HELMS
def test_the_dialect_is_told_from_the_record(helm: str) -> None:
    assert {golden.release.dialect for golden in of_helm(helm)} == {int(helm[0])}


@HELMS
def test_a_release_is_made_again_from_its_json_and_from_its_dict(helm: str) -> None:
    for golden in of_helm(helm):
        text = golden.release.json()

        assert Release.from_json(text) == golden.release
        assert Release.from_dict(golden.release.to_dict()).json() == text


@HELMS
def test_a_release_whose_fields_are_all_given_again_keeps_its_very_body(helm: str) -> None:
    for golden in of_helm(helm):
        release = golden.release

        again = release.replace(
            **release.info._asdict(),
            manifest=release.manifest,
            hooks=release.hooks,
            config=release.config,
            chart=release.to_dict()["chart"],
            version=release.version,
            namespace=release.namespace,
            apply_method=release.apply_method,
        )

        assert again.record == golden.record
        assert again.record.body is golden.record.body


def of_command(word: str, helm: str) -> list[Printed]:
    shown = [item for item in printed("get", word) if item.helm == helm]
    assert len(shown) > 40
    return shown
