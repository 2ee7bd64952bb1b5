"""The plugin images: golden folders, kustomize's cases by their verdicts, wrong options."""

import json
import string
import subprocess
from pathlib import Path
from typing import Any

import pytest
import real
from documented import example
from hypothesis import given
from hypothesis import strategies as st
from kustomize_cases import check_same_objects
from support import Command

from postrender import ConfigError, Manifests, Pipeline, RefusedError
from postrender.testing import check_case, find_cases, render, result
from postrender_plugins import images

HERE = Path(__file__).parent
GOLDEN = find_cases(HERE / "plugins" / "images")
KUSTOMIZE = find_cases(HERE / "cases" / "images")
SAME = [case for case in KUSTOMIZE if (case / "kustomize.yaml").exists()]

A = "sha256:" + "a" * 64
B = "sha256:" + "b" * 64


def _name(case: Path) -> str:
    return case.name


def _pod(*names: str) -> str:
    containers = "".join(
        f"  - name: c{index}\n    image: {name}\n" for index, name in enumerate(names)
    )
    return f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\nspec:\n  containers:\n{containers}"


def _images(stream: str) -> list[str]:
    return [
        each["image"] for each in Manifests.parse(stream.encode())[0].get(("spec", "containers"))
    ]


def _changed(*names: str, **options: Any) -> list[str]:
    return _images(render("images", _pod(*(json.dumps(name) for name in names)), **options))


@pytest.mark.parametrize("case", GOLDEN, ids=_name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update)


@pytest.mark.parametrize("case", KUSTOMIZE, ids=_name)
def test_a_case_of_kustomize_comes_out_by_its_verdict(case: Path, update: bool) -> None:
    check_case(case, update=update)


@pytest.mark.parametrize("case", SAME, ids=_name)
def test_where_the_verdict_is_same_kustomize_gives_the_same_objects(case: Path) -> None:
    check_same_objects(case)


def test_kustomize_makes_the_same_of_every_kind_of_entry(tmp_path: Path) -> None:
    program = real.kustomize()
    names = ("nginx", "docker.io/library/nginx", "reg.example.com:5000/nginx", "nginx-extra")
    ends = ("", ":1.25", f"@{B}", f":1.25@{B}")
    written = [name + end for name in names for end in ends]
    changes: list[dict[str, str]] = [
        {"newTag": "2"},
        {"digest": A},
        {"newName": "quay.io:443/org/web"},
        {"newName": "web", "newTag": "2"},
        {"newTag": "2", "digest": A},
        {"newName": "web", "digest": A},
    ]
    for number, change in enumerate(changes):
        for name in ("nginx", "reg.example.com:5000/nginx", "nginx:1.25", f"nginx@{B}", "none"):
            entry = {"name": name, **change}
            folder = tmp_path / f"{number}{len(name)}"
            folder.mkdir()
            (folder / "pod.yaml").write_text(_pod(*written))
            config = {"resources": ["pod.yaml"], "images": [entry]}
            (folder / "kustomization.yaml").write_text(json.dumps(config))
            done = subprocess.run([program, "build", folder], capture_output=True, check=True)

            assert _changed(*written, entries=[entry]) == _images(done.stdout.decode())


def test_kustomize_makes_the_same_of_a_whole_stream(tmp_path: Path) -> None:
    program = real.kustomize()
    stream = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
        "    spec:\n      initContainers: [{name: a, image: 'busybox:1.36'}]\n"
        "      containers: [{name: b, image: nginx}, {name: c, image: 'busybox:1.36'}]\n"
        "      volumes: [{name: d, image: {reference: 'nginx:1'}}]\n---\n"
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: tick}\nspec:\n  jobTemplate:\n"
        "    spec: {template: {spec: {containers: [{name: e, image: 'busybox:1.36'}]}}}\n"
    )
    entries = [
        {"name": "nginx", "newTag": "2"},
        {"name": "busybox", "newName": "reg.local:5000/bb", "digest": A},
    ]
    (tmp_path / "all.yaml").write_text(stream)
    config = {"resources": ["all.yaml"], "images": entries}
    (tmp_path / "kustomization.yaml").write_text(json.dumps(config))
    done = subprocess.run([program, "build", tmp_path], capture_output=True, check=True)

    def read(text: bytes) -> dict[str, Any]:
        return {str(manifest): manifest.to_dict() for manifest in Manifests.parse(text)}

    assert read(render("images", stream, entries=entries).encode()) == read(done.stdout)


def test_a_list_of_entries_is_the_whole_step(postrender: Command) -> None:
    step = 'images: [{name: nginx, newTag: "2"}]'
    done = postrender("--step", step, stdin=_pod("nginx:1", "redis:7"))

    assert done == (0, _pod("nginx:2", "redis:7"), "")


def test_an_entry_that_means_no_image_is_told(postrender: Command) -> None:
    step = 'images: [{name: nginx, newTag: "2"}]'
    done = postrender("--step", step, stdin=_pod("nginx-extra:1"))

    told = "postrender: step 1 (images): entries[0]: no image is called nginx\n"
    assert done == (0, _pod("nginx-extra:1"), told)


def test_a_change_is_in_the_report() -> None:
    edits = result("images", _pod("nginx:1"), registries={"docker.io": "m.example.com"}).edits

    assert [edit[1:] for edit in edits] == [
        (
            "Pod pod",
            1,
            "replace",
            ("spec", "containers", 0, "image"),
            "nginx:1",
            "m.example.com/library/nginx:1",
        )
    ]


@pytest.mark.parametrize(
    ("entry", "registries", "image", "final"),
    [
        ({"name": "a", "newName": "b"}, {}, "a:1", "b:1"),
        ({"name": "a", "newName": "b", "newTag": "2"}, {}, "a:1", "b:2"),
        ({"name": "a", "tagSuffix": "-x"}, {"docker.io": "m.io"}, "a:1", "m.io/library/a:1-x"),
        ({"name": "a", "newName": "q.io/b"}, {"q.io": "m.io"}, "a:1", "m.io/b:1"),
        ({"name": "a:1", "newTag": "2"}, {}, "a:1", "a:2"),
        ({"name": "a", "digest": A}, {"docker.io": "m.io"}, "a:1", f"m.io/library/a@{A}"),
        ({"glob": "a*", "newName": "b"}, {}, "ab:1", "b:1"),
    ],
)
def test_a_strict_step_takes_its_own_output(
    entry: dict[str, str], registries: dict[str, str], image: str, final: str
) -> None:
    options = {"entries": [entry], "registries": registries, "strict": True}

    assert _changed(image, **options) == [final]


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "b", "newName": "c"},
        {"name": "a:2", "newTag": "3"},
        {"name": "a", "newName": "b", "newTag": "2"},
        {"name": f"a:1@{B}", "newTag": "2"},
        {"glob": "b*", "newTag": "2"},
    ],
)
def test_a_strict_step_refuses_an_entry_for_an_image_that_is_not_there(
    entry: dict[str, str],
) -> None:
    with pytest.raises(RefusedError) as caught:
        _changed(
            "x:1",
            "a:1" if entry["name" if "name" in entry else "glob"] != "a" else "y",
            entries=[entry],
            strict=True,
        )

    assert str(caught.value).startswith("step 1 (images): the step is `strict`, but\n  entries[0]:")


def test_a_mirror_inside_of_what_it_mirrors_is_mapped_to_once() -> None:
    options = {"registries": {"docker.io": "docker.io/mirror", "q.io/a/b": "q.io/a"}}

    assert _changed("nginx", "mirror/x/nginx", "q.io/a/b/c", **options) == [
        "docker.io/mirror/library/nginx",
        "mirror/x/nginx",
        "q.io/a/c",
    ]


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    config = tmp_path / "postrender.yaml"
    config.write_text(example(images.__doc__))
    out = Pipeline.load(config).run(_pod("nginx:1.25", "quay.io/org/app:2.1").encode())

    assert out.decode() == (
        _pod(
            "mirror.example.com/dockerhub/library/nginx:1.27", "mirror.example.com/org/app:2.1-fips"
        )
        + "  imagePullSecrets:\n  - name: mirror\n"
    )


def test_a_place_that_an_extra_path_means_too_is_looked_at_once() -> None:
    extra = [{"path": "spec/containers/image"}, {"path": "spec"}, {"path": "spec"}]
    done = result(
        "images",
        _pod("'{{ image }}'"),
        imagePullSecrets=["a"],
        extraPaths=extra,
        registries={"docker.io": "m.io"},
    )

    assert done.stream.decode() == _pod("'{{ image }}'") + "  imagePullSecrets:\n  - name: a\n"
    assert [str(notice) for notice in done.notices] == [
        "step 1 (images): document 1, Pod pod, /spec/containers/0/image: the image is no reference"
        " of one and left alone"
    ]


def test_one_object_of_a_custom_kind_is_told() -> None:
    stream = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\n"
        "spec: {template: {spec: {containers: [{name: app, image: nginx}]}}}\n"
    )
    done = result("images", stream, registries={"docker.io": "m.io"})

    assert [str(notice) for notice in done.notices] == [
        "step 1 (images): document 1, Rollout web: it is of a custom kind, so its images are left"
        " alone; `crds: true` changes them, `crds: false` leaves them without a word"
    ]


# -- references ------------------------------------------------------------------------------------

LETTERS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
PATHS = st.lists(
    st.tuples(LETTERS, st.sampled_from([".", "_", "__", "-", "--"]), LETTERS).map("".join)
    | LETTERS,
    min_size=1,
    max_size=3,
).map("/".join)
REGISTRIES = st.sampled_from(
    ["", "localhost/", "r:5000/", "quay.io/", "a-b.example.com:443/", "10.0.0.1/", "[::1]:5000/"]
)
TAGS = st.just("") | st.text(string.ascii_letters + string.digits + "_", min_size=1).map(
    lambda tag: f":{tag[:100]}.-"
)
DIGESTS = st.just("") | st.sampled_from([f"@{A}", f"@{B}", "@sha512:" + "0" * 128])


@given(REGISTRIES, PATHS, TAGS, DIGESTS)
def test_a_new_tag_takes_the_place_of_tag_and_digest_and_of_nothing_else(
    registry: str, path: str, tag: str, digest: str
) -> None:
    name = registry + path
    options = {"entries": [{"name": name, "newTag": "new"}], "strict": True}

    assert _changed(name + tag + digest, **options) == [f"{name}:new"]


@given(REGISTRIES, PATHS, TAGS, DIGESTS)
def test_a_new_name_keeps_tag_and_digest(registry: str, path: str, tag: str, digest: str) -> None:
    options = {"entries": [{"name": registry + path, "newName": "r.io/new"}], "strict": True}

    assert _changed(registry + path + tag + digest, **options) == [f"r.io/new{tag}{digest}"]


@given(REGISTRIES, PATHS, TAGS, DIGESTS)
def test_a_mirror_of_every_registry_has_all_images_in_full(
    registry: str, path: str, tag: str, digest: str
) -> None:
    known = ["localhost", "r:5000", "quay.io", "a-b.example.com:443", "10.0.0.1", "[::1]:5000"]
    mirrors = {name: f"m.io/{index}" for index, name in enumerate(["docker.io", *known])}
    short = not registry and "/" not in path
    # The first part of a path is a registry where it can be one.
    if not registry and "." in path.partition("/")[0] and "/" in path:
        return
    home = mirrors[registry.rstrip("/") or "docker.io"]

    [image] = _changed(registry + path + tag + digest, registries=mirrors)

    assert image == home + ("/library/" if short else "/") + path + tag + digest


@given(st.text(st.characters(max_codepoint=0xD7FF), max_size=30))
def test_no_text_makes_a_step_fail(text: str) -> None:
    [image] = _changed(
        text, registries={"docker.io": "m.io"}, entries=[{"glob": "*", "newTag": "x"}]
    )

    assert image == text or image.endswith(":x")


# -- the lock file ---------------------------------------------------------------------------------


def _locked(folder: Path, lock: str, *names: str, **options: Any) -> list[str]:
    (folder / "images.lock").write_text(lock)
    return _changed(*names, lock="images.lock", directory=folder, **options)


def test_the_lock_file_of_the_documentation_works(tmp_path: Path) -> None:
    lock = (images.__doc__ or "").split("own keeps it.\n")[1].split("Changed are")[0]
    lines = "\n".join(line.strip() for line in lock.splitlines()).replace("sha256:...", A)

    assert _locked(tmp_path, lines, "nginx:1.27", frozen=True) == [f"nginx:1.27@{A}"]


@pytest.mark.parametrize(
    "lock",
    [
        f"nginx: {A}",
        f"nginx:latest: {A}\n",
        f"\ufeff# ours\r\n---\r\ndocker.io/library/nginx:latest : {A} # it\r\n\r\n",
        f"'nginx': \"{A}\"\nindex.docker.io/nginx: {A}",
        json.dumps({"nginx": A, "redis:7": B}),
    ],
)
def test_a_lock_file_is_lines_or_json(lock: str, tmp_path: Path) -> None:
    assert _locked(tmp_path, lock, "nginx", frozen=True) == [f"nginx@{A}"]


def test_a_lock_file_stands_beside_the_configuration(postrender: Command, folder: Path) -> None:
    (folder / "deploy").mkdir()
    (folder / "deploy" / "images.lock").write_text(f"nginx:1: {A}\n")
    (folder / "deploy" / "postrender.yaml").write_text(
        "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n"
        "steps:\n- images: {lock: images.lock, frozen: true}\n"
    )
    done = postrender("-c", "deploy/postrender.yaml", stdin=_pod("nginx:1"))

    assert done == (0, _pod(f"nginx:1@{A}"), "")

    done = postrender("-c", "deploy/postrender.yaml", stdin=_pod("nginx:2"))

    assert done == (
        1,
        "",
        "postrender: error: step 1 (images): images.lock does not pin every image\n"
        "  document 1, Pod pod, /spec/containers/0/image: nginx:2 is not in it\n",
    )


def test_a_new_digest_for_a_new_tag_is_no_loss_of_one(tmp_path: Path) -> None:
    (tmp_path / "images.lock").write_text(f"nginx:2: {A}\n")
    entries = [{"name": "nginx", "newTag": "2"}]
    options: dict[str, Any] = {"entries": entries, "lock": "images.lock", "directory": tmp_path}
    done = result("images", _pod(f"nginx:1@{B}"), **options)

    assert done.stream.decode() == _pod(f"nginx:2@{A}")
    assert not done.notices


@pytest.mark.parametrize(
    ("lock", "told"),
    [
        ("nginx\n", "images.lock:1: the line is no image and its digest"),
        (f"# a\n\nnginx:1:{A}\n", "images.lock:3: the line is no image and its digest"),
        (f"nginx: [{A}, {A}]\n", "images.lock:1: the line is no image and its digest"),
        ("images:\n", "images.lock:1: the line is no image and its digest"),
        ("nginx: abc\n", "images.lock:1: nginx is locked to what is no digest"),
        (f"nginx: {A}0\n", "images.lock:1: the digest of nginx has not the length of a sha256"),
        (f"nginx@{A}: {A}\n", "images.lock:1: nginx@sha256:a+ is no image with a tag"),
        (f"a//b: {A}\n", "images.lock:1: a//b is no image with a tag"),
        (
            f"nginx: {A}\ndocker.io/nginx: {B}\n",
            "images.lock:2: docker.io/library/nginx:latest is locked twice, to different digests",
        ),
        ('{"nginx": 5}', "images.lock: nginx is locked to what is no digest"),
        ('{"nginx": {"a": "b"}}', "images.lock: nginx is locked to what is no digest"),
        (f'{{"nginx": "{A}", "nginx": "{B}"}}', "images.lock: docker.io/library/nginx:latest is"),
        ("{nginx: a}", "images.lock: the lock file is no JSON: Expecting property name"),
    ],
)
def test_a_wrong_lock_file_is_an_error_at_its_line(lock: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"^step 1 \(images\): {told}") as caught:
        _locked(tmp_path, lock, "nginx")
    assert caught.value.exit_code == 2


def test_a_lock_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _changed("nginx", lock="images.lock", directory=tmp_path)
    said = "step 1 (images): images.lock: the lock file cannot be read: no such file or directory"
    assert str(caught.value) == said

    (tmp_path / "images.lock").write_bytes(b"a\xff")
    with pytest.raises(ConfigError, match=r"images\.lock: the lock file is not UTF-8 at byte 1"):
        _changed("nginx", lock="images.lock", directory=tmp_path)


# -- options ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {},
            ": the step changes nothing; give it `entries`, `registries`, `lock` or"
            " `imagePullSecrets`",
        ),
        (
            {"frozen": True, "imagePullSecrets": ["a"]},
            ".frozen: there is no lock file to be frozen to; name one with `lock`",
        ),
        ({"lock": ""}, ".lock: the value is no file"),
        ({"lock": "a\0b"}, ".lock: the value is no file"),
        (
            {"imagePullSecrets": ["a", "B"]},
            ".imagePullSecrets[1]: the value is no name of a secret",
        ),
        (
            {"imagePullSecrets": ["a" * 254]},
            ".imagePullSecrets[0]: the value is no name of a secret",
        ),
        ({"imagePullSecrets": ["a\n"]}, ".imagePullSecrets[0]: the value is no name of a secret"),
        ({"imagePullSecrets": ["a", "a"]}, ".imagePullSecrets[1]: the secret a is there twice"),
        (
            {"entries": [{"newTag": "1"}]},
            ".entries[0]: the entry names no image; give `name` or `glob`",
        ),
        (
            {"entries": [{"name": "a", "glob": "a*", "newTag": "1"}]},
            ".entries[0]: the entry has both a name and a glob; give `name` or `glob`",
        ),
        (
            {"entries": [{"name": "a/*", "newTag": "1"}]},
            ".entries[0].name: the value is no name of an image; for a pattern, use `glob`",
        ),
        (
            {"entries": [{"name": "a b", "newTag": "1"}]},
            ".entries[0].name: the value is no name of an image",
        ),
        (
            {"entries": [{"name": "a"}]},
            ".entries[0]: the entry changes nothing; give it `newName`, `newTag`, `tagSuffix` or"
            " `digest`",
        ),
        (
            {"entries": [{"name": "a", "newName": "b:1"}]},
            ".entries[0].newName: the value is no name of an image; a tag or digest has an option"
            " of its own",
        ),
        (
            {"entries": [{"name": "a", "newName": "https://b"}]},
            ".entries[0].newName: the value is no name of an image",
        ),
        ({"entries": [{"name": "a", "newTag": "a:b"}]}, ".entries[0].newTag: the value is no tag"),
        (
            {"entries": [{"name": "a", "newTag": 2}]},
            ".entries[0].newTag: value 2 is a number; quote it",
        ),
        (
            {"entries": [{"name": "a", "tagSuffix": "/b"}]},
            ".entries[0].tagSuffix: the value is no end of a tag",
        ),
        (
            {"entries": [{"name": "a", "tagSuffix": "b", "newTag": "c"}]},
            ".entries[0].tagSuffix: there is no tag to add to beside `newTag` or `digest`",
        ),
        (
            {"entries": [{"name": "a", "digest": "a" * 64}]},
            ".entries[0].digest: the value is no digest; write it with its algorithm, as in"
            " sha256:...",
        ),
        (
            {"entries": [{"name": "a", "newtag": "1"}]},
            ".entries[0].newtag: unknown option; did you mean `newTag`?",
        ),
        (
            {"registries": {"docker.io": "https://m.io"}},
            ".registries[docker.io]: https://m.io is no registry; write it without a scheme, as in"
            " registry.example.com/path",
        ),
        (
            {"registries": {"bitnami": "m.io"}},
            ".registries.bitnami: bitnami does not begin with a registry; a path of Docker Hub is"
            " written docker.io/bitnami",
        ),
        (
            {"registries": {"docker.io": "m/hub"}},
            ".registries[docker.io]: m/hub does not begin with a registry; a path of Docker Hub is"
            " written docker.io/m/hub",
        ),
        (
            {"registries": {"docker.io": "quay.io/hub", "quay.io": "m.io"}},
            ".registries[docker.io]: images in quay.io/hub are mapped once more by another prefix",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Pipeline.from_dict({"steps": [{"images": options}]})

    assert caught.value.exit_code == 2
    assert str(caught.value) == f"step 1 (images): images{told}"
