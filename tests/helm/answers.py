"""What post-renderers may answer: made of the stream that they got, or of anything, sane or odd."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from postrender._yaml import split

FILENAME: Final = "postrenderer.helm.sh/postrender-filename"


def config_map(name: str, *annotations: str) -> str:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"
    if annotations:
        text += "  annotations:\n" + "".join(f"    {each}\n" for each in annotations)
    return text


def in_file(file: str, name: str = "x", kind: str = "ConfigMap", *annotations: str) -> str:
    text = config_map(name, f"{FILENAME}: '{file}'", *annotations)
    return text.replace("ConfigMap", kind)


def stream(*documents: str) -> str:
    return "---\n".join(each if each.endswith("\n") else f"{each}\n" for each in documents)


def documents(text: str) -> list[str]:
    return [part.body.decode() for part in split(text.encode())]


def items(*objects: str, kind: str = "List") -> str:
    found = "".join("- " + each.replace("\n", "\n  ").rstrip(" ") for each in objects)
    return f"apiVersion: v1\nkind: {kind}\nitems:\n{found}"


def metadata(text: str) -> str:
    return f"apiVersion: v1\nkind: X\nmetadata: {text}\n"


#: What is made of any chart's stream.
OF_A_STREAM: Final[Mapping[str, Callable[[str], str]]] = {
    "as it came": lambda text: text,
    "12 documents more": lambda text: stream(
        *documents(text), *(config_map(f"n{index}") for index in range(12))
    ),
    "the other way round": lambda text: stream(*documents(text)[::-1]),
    "every second one": lambda text: stream(*documents(text)[1::2]),
    "other names": lambda text: re.sub(r"\bname: ", "name: new-", text),
    "no file names": lambda text: re.sub(
        r"(?m)^ *postrenderer.*\n|^# Source.*\n|, postrenderer[^,}]*|postrenderer[^,}]*, ", "", text
    ),
    "no comments": lambda text: re.sub(r"(?m)^ *#.*\n", "", text),
    "one file": lambda text: re.sub(r"(postrender-filename: )'[^']*'", r"\1'a/b.yaml'", text),
    "no hooks": lambda text: re.sub(r"(?m)^ *helm.sh/hook: .*\n", "", text),
    "hooks more": lambda text: stream(
        *documents(text),
        config_map("h", "helm.sh/hook: pre-install"),
        config_map("t", "helm.sh/hook: test"),
        config_map("g", 'helm.sh/hook: " Pre-Install , POST-delete"'),
    ),
}

_A, _B = config_map("a"), config_map("b")
_KINDS = ("Zebra", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "Job", "Ape")
_TABBED = '{\n\t"apiVersion":"v1",\n\t"kind":"ConfigMap","metadata":{"name":"a"}}'
_JSON = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"}}'

#: What has nothing to do with the stream.
OTHERS: Final[Mapping[str, str]] = {
    "12 documents": stream(*(config_map(f"n{index}") for index in range(12))),
    "partial": stream(_A, in_file("shop/templates/_x.yaml")),
    "partial folder": stream(in_file("_a/b.yaml", "a"), in_file("a/_", "b")),
    "made up file": stream(_A, in_file("made/up.txt")),
    "empty file name": stream(_A, in_file("")),
    "number for a file": config_map("a", f"{FILENAME}: 7"),
    "strange files": stream(in_file("/a.yaml", "a"), in_file("a/", "b"), in_file("..", "c")),
    "orders": stream(
        *(in_file("b.yaml", kind.lower(), kind) for kind in _KINDS),
        *(in_file("a.yaml", kind.lower(), kind) for kind in ("Deployment", "Namespace")),
        *(in_file(file) for file in ("Z.yaml", "é.yaml", "z.yaml")),
    ),
    "orders of hooks": stream(
        *(in_file("b.yaml", "x", kind, "helm.sh/hook: test") for kind in ("Zebra", "Pod", "Job")),
        in_file("a.yaml", "p", "Pod", "helm.sh/hook: pre-install", "helm.sh/hook-weight: 3"),
    ),
    "unknown events": stream(
        config_map("a", "helm.sh/hook: pre-lunch"),
        config_map("b", "helm.sh/hook: true"),
        config_map("c", "helm.sh/hook: ''"),
        config_map("d", "helm.sh/hook:"),
        config_map("e", "helm.sh/hook: test, "),
    ),
    "list": items(_A, in_file("q/z.yaml"), in_file("q/a.yaml")),
    "list and another": stream(items(in_file("q/z.yaml")), _B),
    "list and a comment": stream(items(in_file("q/z.yaml")), "# c\n"),
    "list behind an empty document": "\n---\n" + items(in_file("q/z.yaml")),
    "list behind a separator": "---\n" + items(in_file("q/z.yaml")),
    "empty list": "apiVersion: v1\nkind: List\nitems: []\n",
    "null list": "apiVersion: v1\nkind: List\nitems:\n",
    "list without items": "apiVersion: v1\nkind: List\n",
    "map for items": "apiVersion: v1\nkind: List\nitems: {a: b}\n",
    "text for items": "apiVersion: v1\nkind: List\nitems: text\n",
    "texts in a list": "apiVersion: v1\nkind: List\nitems: [a]\n",
    "null in a list": "apiVersion: v1\nkind: List\nitems: [~, {apiVersion: v1, kind: A}]\n",
    "no object in a list": "apiVersion: v1\nkind: List\nitems: [{a: b}]\n",
    "no name in a list": "apiVersion: v1\nkind: List\nitems: [{metadata: {foo: x}}]\n",
    "name in a list": "apiVersion: v1\nkind: List\nitems: [{metadata: {name: x}}]\n",
    "odd annotations in a list": "kind: List\nitems: [{kind: x, metadata: {annotations: x}}]\n",
    "list in a list": "apiVersion: v1\nkind: List\nitems: [[1]]\n",
    "typed list": items(in_file("q/z.yaml"), kind="ConfigMapList"),
    "resource list": "kind: ResourceList\nfunctionConfig: {kind: X}\n",
    "shared anchor": "kind: List\nitems:\n- {kind: A, x: &x {a: b}}\n- {kind: A, x: *x}\n",
    "own anchor": "kind: List\nitems:\n- {kind: A, x: &x {a: b}, z: *x}\n",
    "text": "text\n",
    "list of texts": "- a\n",
    "null": "null\n",
    "null and another": stream("~", _A),
    "empty map": stream("{}", _A),
    "JSON": _JSON % "a",
    "JSON with tabs": _TABBED,
    "JSON by the line": f"{_JSON % 'a'}\n{_JSON % 'b'}\n",
    "dots": f"{_A}...\n{_B}",
    "dots and dashes": f"{_A}...\n---\n{_B}",
    "dots at the end": f"{_A}...\n",
    "value behind dashes": _A + "--- {apiVersion: v1, kind: X}\n",
    "key behind dashes": _A + "---apiVersion: v1\nkind: B\n",
    "value behind the first dashes": "--- {apiVersion: v1, kind: X}\n",
    "key behind the first dashes": "---apiVersion: v1\nkind: B\n",
    "value behind the last dashes": _A + "--- {a: b}",
    "comment behind dashes": f"{_A}--- # here\n{_B}",
    "dashes at the end": _A + "---",
    "dashes everywhere": f"---\n---\n{_A}---\n---\n---\n{_B}---\n",
    "invalid": "a: [\n",
    "invalid document": stream(_A, "a: b: c"),
    "tab": "a:\n\tb: c\n",
    "unknown anchor": "a: *x\n",
    "empty": "",
    "blank": " \n\n",
    "comment": "# c\n",
    "dashes": "---\n",
    "comments between": stream("# a", "# b", _A, "# c"),
    "no object": "a: b\n",
    "no kind": "apiVersion: v1\nmetadata: {name: x}\n",
    "text for metadata": metadata("text"),
    "list for metadata": metadata("[]"),
    "text for annotations": metadata("{name: x, annotations: text}"),
    "list for annotations": metadata("{annotations: [a]}"),
    "empty list for annotations": metadata("{annotations: [], name: x}"),
    "empty annotations": metadata("{annotations: {}, name: x}"),
    "empty metadata": metadata("{}"),
    "map for an annotation": metadata("{annotations: {a: {b: c}}}"),
    "scalars for annotations": metadata("{annotations: {a: true, b: 1.5, c: ~, d: 1e3}}"),
    "alias for annotations": "kind: X\nspec: &a {b: c}\nmetadata: {name: x, annotations: *a}\n",
    "alias for metadata": "kind: X\nspec: &a {b: c}\nmetadata: *a\n",
    "map for kind": "apiVersion: v1\nkind: {a: b}\n",
    "numbers in the head": "apiVersion: 1\nkind: 7\nmetadata: {name: 8}\n",
    "list for the name": metadata("{name: [a]}"),
    "library's annotations": config_map(
        "a",
        "config.kubernetes.io/index: '3'",
        "config.kubernetes.io/path: p",
        "internal.config.kubernetes.io/id: i",
        "internal.config.kubernetes.io/seqindent: wide",
    ),
    "path of JSON": config_map("a", "config.kubernetes.io/path: p.json"),
    "Windows": f"{_A}---\n{_B}data: |\n  a\n  b\n".replace("\n", "\r\n"),
    "byte order mark": f"\ufeff{_A}",
    "keys twice": "apiVersion: v1\nkind: X\nmetadata: {name: a}\nmetadata: {name: b}\n",
    "merge key": "kind: X\nspec: &a {annotations: {b: c}}\nmetadata: {<<: *a, name: x}\n",
    "folded": f"kind: X\ndata:\n  a: >\n    b\n    c\n\n      d\n    e\n  f: >+\n    g\n\n"
    f"---\n{_A}",
    "kept line breaks": "kind: Ape\ndata:\n  a: |+\n    b\n\n"
    f"---\n{in_file('z.yaml', kind='Zebra')}",
    "source": f"# Source: other/x.yaml\n{_A}",
    "tags": f"{_A}data: !!map {{a: !!str 7, b: !x y}}\n",
    "YAML 1.1": f"{_A}data: {{a: 2001-01-01, b: 0o7, c: 1_000, d: 0b1, g: 12:30, i: 08}}\n",
}
