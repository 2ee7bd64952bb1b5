"""A stranger's plugin and program, which mypy checks and nothing runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, assert_type

from postrender import (
    About,
    Command,
    Configured,
    Console,
    Context,
    Edit,
    EditError,
    Fact,
    Finding,
    Location,
    Manifest,
    Manifests,
    Notice,
    Pipeline,
    PostRenderer,
    PostrenderError,
    Result,
    Selector,
    Severity,
    hookimpl,
)
from postrender.testing import check_case, find_cases, render, result


@dataclass(frozen=True)
class Options:
    """Options with most of what a field may be."""

    shorthand: ClassVar[str] = "image"
    expect_min: ClassVar[int] = 1

    image: str = field(metadata={"description": "the image to use"})
    target: Selector | None = None
    arguments: tuple[str, ...] = ()


@hookimpl
def postrender_options() -> type:
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    for manifest in manifests:
        if options.target and not options.target.matches(manifest):
            continue
        assert_type(manifest, Manifest)
        assert_type(manifest.labels, dict[str, str])
        assert_type(manifest.get(("spec", "replicas"), 1), Any)
        manifest.set(("spec", "image"), options.image)
        manifest.patch([{"op": "test", "path": "/spec/image", "value": options.image}])
        manifest.merge({"spec": {"paused": None}})
    assert_type(context.release, Fact | None)
    manifests.add({"apiVersion": "v1", "kind": "ConfigMap"}, near=manifests[0])
    context.notice("added a map", manifests[0].location)


@hookimpl
def postrender_check(manifests: Manifests, options: Options) -> Iterable[Finding]:
    yield from _findings(manifests.filter(lambda manifest: manifest.kind == "Pod"))


def _findings(manifests: Manifests) -> Iterator[Finding]:
    for manifest in manifests:
        yield Finding(Severity.WARNING, "no-pod", "use a Deployment", manifest.location)
        yield Finding(Severity.ERROR, "no-name", "name it", manifest.at(("metadata", "name")))
        place = manifest.at(("data", "a.conf"))._replace(line=2)
        about = About(title="a name", level="low", fingerprint="x")
        yield Finding(Severity.INFO, "line", "odd", place, allowed="a demo", about=about)


def _count(options: Options, console: Console) -> None:
    assert_type(console.manifests, Manifests)
    for step in console.steps:
        assert_type(step, Configured)
    console.write(f"{len(console.findings())} {console.variables.get('POSTRENDER_ACME', '')}\n")
    console.save("count", console.read("count") + b"1")


@hookimpl
def postrender_commands() -> Iterable[Command]:
    return [Command("count", "Count what is found.", Options, _count)]


class Upper:
    """A post-renderer of one's own."""

    def run(self, stream: bytes) -> bytes:
        return stream.upper()


def embed(stream: bytes) -> bytes:
    renderers: list[PostRenderer] = [
        Upper(),
        Pipeline.load("postrender.yaml"),
        Pipeline.from_dict({"steps": [{"labels": {"set": {"team": "a"}}}]}, directory="/etc"),
    ]
    for renderer in renderers:
        stream = renderer.run(stream)
    return stream


def look(pipeline: Pipeline, stream: bytes) -> Result:
    outcome = pipeline.render(stream, release="shop", namespace=Fact("shop", "me"))
    for edit in outcome.edits:
        assert_type(edit, Edit)
        assert_type(edit.path, tuple[str | int, ...])
    for notice in outcome.notices:
        assert_type(notice, Notice)
        assert_type(notice.location, Location)
    return outcome


def fail(manifest: Manifest) -> None:
    try:
        manifest.replace({"kind": "Pod"})
    except EditError as error:
        assert_type(error.exit_code, int)
        raise PostrenderError("no", location=manifest.location, hint="try again") from error


def test_it() -> None:
    assert_type(render("acme", "kind: Pod\n", where={"kind": "Pod"}, image="web"), str)
    assert_type(result("acme", "kind: Pod\n", image="web"), Result)
    for case in find_cases("cases"):
        check_case(case, update=False)
