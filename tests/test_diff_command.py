"""`postrender diff`: what the steps would do, with the step at each hunk."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import UNCONFIGURED, Command, Done, Install

from postrender._trace.lines import Run, common

TESTS = Path(__file__).parent
TEAM = "labels: {set: {team: a}}"

STREAM = """\
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  replicas: 2
  template:
    metadata:
      labels:
        app: web
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
"""
SECRET = """\
# Source: shop/templates/token.yaml
apiVersion: v1
kind: Secret
metadata:
  name: token  # not s3cret-one
stringData:
  password: s3cret-one
  again: s3cret-one
  user: s3cret-two
"""


def sed(*commands: str) -> str:
    """Return a step that lets sed edit the stream."""
    return f"exec: {json.dumps(['sed', '; '.join(commands)])}"


def steps(*texts: str) -> list[str]:
    """Return the arguments for steps."""
    return [word for text in texts for word in ("--step", text)]


# -- what is printed ------------------------------------------------------------------------------


def test_each_document_that_changes_is_shown_with_the_step(postrender: Command) -> None:
    step = "{where: {kind: Deployment}, name: payments, labels: {set: {team: a}}}"

    assert postrender("diff", "--step", step, stdin=STREAM) == Done(
        0,
        """\
--- Deployment shop/web (shop/templates/web.yaml)
+++ Deployment shop/web (shop/templates/web.yaml)
@@ -7,6 +7,7 @@ step 1 (payments: labels)
   namespace: shop
   labels:
     app: web
+    team: a
 spec:
   replicas: 2
   template:
""",
        "",
    )


def test_a_hunk_names_all_steps_that_had_a_hand_in_it_and_line_numbers_are_the_streams(
    postrender: Command,
) -> None:
    chain = steps(
        "{where: {kind: Service}, annotations: {set: {a: b}}}",
        "labels: {set: {team: b}, scopes: [metadata, templates]}",
        "{where: {kind: Service}, labels: {set: {team: c}}}",
    )

    done = postrender("diff", "-C", "1", *chain, stdin=STREAM)

    assert (
        done.stdout
        == """\
--- Deployment shop/web (shop/templates/web.yaml)
+++ Deployment shop/web (shop/templates/web.yaml)
@@ -9,2 +9,3 @@ step 2 (labels)
     app: web
+    team: b
 spec:
@@ -15 +16,2 @@ step 2 (labels)
         app: web
+        team: b
--- Service web (document 2)
+++ Service web (document 2)
@@ -20,2 +22,6 @@ step 1 (annotations), step 2 (labels), step 3 (labels)
   name: web
+  annotations:
+    a: b
+  labels:
+    team: c
 spec:
"""
    )


def test_a_replaced_line_carries_the_step_that_removed_it_and_the_one_that_wrote_it_last(
    postrender: Command,
) -> None:
    chain = steps(sed("s/NodePort/LoadBalancer/"), sed("s/LoadBalancer/ClusterIP/"))

    done = postrender("diff", "--context=0", *chain, stdin=STREAM)

    assert (
        done.stdout
        == """\
--- Service web (document 2)
+++ Service web (document 2)
@@ -22 +22 @@ step 1 (exec), step 2 (exec)
-  type: NodePort
+  type: ClusterIP
"""
    )


def test_what_one_step_does_and_another_undoes_is_no_change(postrender: Command) -> None:
    chain = steps(
        "{where: {kind: Deployment}, labels: {set: {team: a}}}",
        sed("s/NodePort/ClusterIP/", "s/replicas: 2/replicas: 3/"),
        "{where: {kind: Deployment}, labels: {remove: [team]}}",
        sed("s/ClusterIP/NodePort/", "s/replicas: 3/replicas: 2/"),
    )

    done = postrender("diff", "--detailed-exitcode", *chain, stdin=STREAM)

    assert done == Done(0, "", "")


def test_a_line_that_comes_back_within_other_changes_is_kept(postrender: Command) -> None:
    stream = STREAM + "  x: {a: 1}\n  y: {a: 1}\n"
    chain = steps(sed("s/a: 1/a: 2/", "s/NodePort/ClusterIP/"), sed("s/x: {a: 2}/x: {a: 1}/"))

    done = postrender("diff", *chain, stdin=stream)

    assert (
        done.stdout
        == """\
--- Service web (document 2)
+++ Service web (document 2)
@@ -19,6 +19,6 @@ step 1 (exec)
 metadata:
   name: web
 spec:
-  type: NodePort
+  type: ClusterIP
   x: {a: 1}
-  y: {a: 1}
+  y: {a: 2}
"""
    )


def test_odd_names_stay_on_their_line(postrender: Command) -> None:
    stream = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "a\\n+++ b"\n'
    step = r'{name: "a\nb", labels: {set: {team: a}}}'

    done = postrender("diff", "-C0", "--step", step, stdin=stream)

    assert done.stdout == (
        "--- Pod a\\n+++ b (document 1)\n"
        "+++ Pod a\\n+++ b (document 1)\n"
        "@@ -4,0 +5,2 @@ step 1 (a\\nb: labels)\n"
        "+  labels:\n"
        "+    team: a\n"
    )


def test_without_changes_nothing_is_printed(postrender: Command) -> None:
    assert postrender("diff", "--detailed-exitcode", stdin=STREAM) == Done(0, "", UNCONFIGURED)


def test_an_added_document_and_a_removed_one_stand_against_nothing(postrender: Command) -> None:
    program = "sed -n '1,/^---$/!p'; echo ---; echo 'apiVersion: v1'; echo 'kind: ConfigMap'"
    step = f"exec: {json.dumps(['sh', '-c', program])}"

    done = postrender("diff", *steps(step, TEAM), stdin=STREAM.removeprefix("---\n"))

    assert (
        done.stdout
        == """\
--- Deployment shop/web (shop/templates/web.yaml)
+++ /dev/null
@@ -1,14 +0,0 @@ step 1 (exec)
-# Source: shop/templates/web.yaml
-apiVersion: apps/v1
-kind: Deployment
-metadata:
-  name: web
-  namespace: shop
-  labels:
-    app: web
-spec:
-  replicas: 2
-  template:
-    metadata:
-      labels:
-        app: web
--- Service web (document 2)
+++ Service web (document 2)
@@ -17,5 +3,7 @@ step 2 (labels)
 kind: Service
 metadata:
   name: web
+  labels:
+    team: a
 spec:
   type: NodePort
--- /dev/null
+++ ConfigMap (shop/templates/~.postrender-000001.yaml)
@@ -21,0 +10,7 @@ step 1 (exec), step 2 (labels)
+---
+# Source: shop/templates/~.postrender-000001.yaml
+apiVersion: v1
+kind: ConfigMap
+metadata:
+  labels:
+    team: a
"""
    )


def test_a_new_name_is_a_change_of_the_document(postrender: Command, install: Install) -> None:
    install("rename", RENAME)

    done = postrender("diff", "-C0", *steps("rename: {}", TEAM), stdin=STREAM)

    assert (
        done.stdout
        == """\
--- Deployment shop/web (shop/templates/web.yaml)
+++ Deployment shop/new-web (shop/templates/web.yaml)
@@ -6 +6 @@ step 1 (rename)
-  name: web
+  name: new-web
@@ -9,0 +10 @@ step 2 (labels)
+    team: a
--- Service web (document 2)
+++ Service new-web (document 2)
@@ -20 +21,3 @@ step 1 (rename), step 2 (labels)
-  name: web
+  name: new-web
+  labels:
+    team: a
"""
    )


RENAME = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    for manifest in manifests:
        manifest.set(("metadata", "name"), "new-" + manifest.name)
"""


def test_a_document_that_is_moved_says_so(postrender: Command, install: Install) -> None:
    install("turn", TURN)

    done = postrender("diff", "--detailed-exitcode", "--step", "turn: {}", stdin=STREAM)

    assert done == Done(
        2,
        """\
--- Deployment shop/web (shop/templates/web.yaml)
+++ Deployment shop/web (shop/templates/web.yaml)
document 1 is now document 2, step 1 (turn)
""",
        "",
    )


TURN = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    manifests.arrange(list(manifests)[::-1])
"""


def test_a_line_without_an_ending_is_marked(postrender: Command) -> None:
    done = postrender("diff", *steps(TEAM), stdin="apiVersion: v1\nkind: Pod")

    assert (
        done.stdout
        == """\
--- Pod (document 1)
+++ Pod (document 1)
@@ -1,2 +1,5 @@ step 1 (labels)
 apiVersion: v1
-kind: Pod
\\ No newline at end of file
+kind: Pod
+metadata:
+  labels:
+    team: a
\\ No newline at end of file
"""
    )


def test_what_is_taken_out_of_a_list_carries_its_step(
    postrender: Command, install: Install
) -> None:
    install("drop", DROP)
    stream = (
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: c}}\n"
    )
    chain = steps("{where: {name: b}, drop: {}}", "{where: {name: c}, labels: {set: {team: a}}}")

    done = postrender("diff", "-C0", *chain, stdin=stream)

    assert (
        done.stdout
        == """\
--- list of 3 objects (document 1)
+++ list of 2 objects (document 1)
@@ -5,2 +5 @@ step 1 (drop), step 2 (labels)
-- {apiVersion: v1, kind: Pod, metadata: {name: b}}
-- {apiVersion: v1, kind: Pod, metadata: {name: c}}
+- {apiVersion: v1, kind: Pod, metadata: {name: c, labels: {team: a}}}
"""
    )


DROP = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    for manifest in list(manifests):
        manifest.remove()
"""


def test_what_is_done_for_the_host_is_no_steps(postrender: Command, install: Install) -> None:
    install("bare", BARE)
    stream = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n"
        "    postrenderer.helm.sh/postrender-filename: 'shop/templates/web.yaml'\n"
    )

    done = postrender("diff", *steps("bare: {}"), stdin=stream)

    assert (
        done.stdout
        == """\
--- Pod web (shop/templates/web.yaml)
+++ Pod web (shop/templates/web.yaml)
@@ -3,4 +3,4 @@ step 1 (bare), for the host
 metadata:
   name: web
   annotations:
-    postrenderer.helm.sh/postrender-filename: 'shop/templates/web.yaml'
+    postrenderer.helm.sh/postrender-filename: shop/templates/web.yaml
"""
    )


BARE = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    for manifest in manifests:
        manifest.delete(("metadata", "annotations"))
"""


def test_a_text_that_only_a_later_step_makes_writable_is_that_steps(
    postrender: Command, install: Install
) -> None:
    install("long", LONG)
    chain = steps("long: {delete: false}", "long: {delete: true}")

    done = postrender("diff", "-C0", *chain, stdin="apiVersion: v1\nkind: Pod\n")

    assert done == Done(
        0,
        """\
--- Pod (document 1)
+++ Pod (document 1)
@@ -2,0 +3,2 @@ step 2 (long)
+metadata:
+  a: b
--- /dev/null
+++ Pod b
@@ -2,0 +5,5 @@ step 1 (long), step 2 (long)
+---
+apiVersion: v1
+kind: Pod
+metadata:
+  name: b
""",
        "",
    )


#: A key this long cannot be written.
LONG = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests, options):
    if options["delete"]:
        manifests[0].set(("metadata", "a"), "b")
    else:
        manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}})
    for manifest in manifests.all:
        if options["delete"]:
            manifest.delete(("metadata", "k" * 1100))
        else:
            manifest.set(("metadata", "k" * 1100), "long")
"""


def test_a_document_without_objects_is_shown_by_its_number(
    postrender: Command, install: Install
) -> None:
    install("last", LAST)
    stream = "apiVersion: v1\nkind: Pod\n---\n# nothing"

    done = postrender("diff", *steps("last: {}"), stdin=stream)

    assert (
        done.stdout
        == """\
--- document 2
+++ document 2
@@ -3,2 +3,2 @@ step 1 (last)
 ---
-# nothing
\\ No newline at end of file
+# nothing
--- /dev/null
+++ ConfigMap
@@ -4,0 +5,3 @@ step 1 (last)
+---
+apiVersion: v1
+kind: ConfigMap
"""
    )


LAST = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    manifests.add({"apiVersion": "v1", "kind": "ConfigMap"})
"""


# -- Secrets --------------------------------------------------------------------------------------


def test_the_values_of_a_secret_are_hidden_with_its_comments(postrender: Command) -> None:
    chain = steps(sed("s/user: s3cret-two/user: s3cret-one/", "s/again: .*/again: new-s3cret/"))

    done = postrender("diff", *chain, stdin=SECRET)

    assert done == Done(
        0,
        """\
--- Secret token (shop/templates/token.yaml)
+++ Secret token (shop/templates/token.yaml)
@@ -5,5 +5,5 @@ step 1 (exec)
   name: token
 stringData:
   password: (hidden 1)
-  again: (hidden 1)
-  user: (hidden 2)
+  again: (hidden 3)
+  user: (hidden 1)
""",
        "",
    )


def test_the_values_of_a_secret_are_shown_on_demand(postrender: Command) -> None:
    chain = steps(sed("s/user: s3cret-two/user: s3cret-one/"))

    done = postrender("diff", "--show-secrets", "-C0", *chain, stdin=SECRET)

    assert (
        done.stdout
        == """\
--- Secret token (shop/templates/token.yaml)
+++ Secret token (shop/templates/token.yaml)
@@ -9 +9 @@ step 1 (exec)
-  user: s3cret-two
+  user: s3cret-one
"""
    )


def test_a_comment_of_a_secret_that_changes_is_only_told_of(
    postrender: Command, install: Install
) -> None:
    install("quote", QUOTE)

    done = postrender("diff", *steps("quote: {}", "quote: {}"), stdin=SECRET)

    assert (
        done.stdout
        == """\
--- Secret token (shop/templates/token.yaml)
+++ Secret token (shop/templates/token.yaml)
its text differs where a Secret is not shown
"""
    )


#: Sets a value and sets it back, which leaves other quotes.
QUOTE = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    user = manifests[0].get(("stringData", "user"))
    manifests[0].delete(("stringData", "user"))
    manifests[0].set(("stringData", "user"), user)
    password = manifests[0].get(("metadata",))
    manifests[0].set(("metadata",), {"name": "x"})
    manifests[0].set(("metadata",), password)
"""


@pytest.mark.parametrize("kinds", [("Secret", "ConfigMap"), ("ConfigMap", "Secret")])
def test_what_was_a_secret_or_becomes_one_is_hidden_all_along(
    kinds: tuple[str, str], postrender: Command, install: Install
) -> None:
    old, new = kinds
    install("turn", TURN_KIND.format(new=new))
    stream = f"apiVersion: v1\nkind: {old}\nmetadata:\n  name: a\ndata:\n  k: czNjcmV0\n"

    done = postrender("diff", *steps("turn: {}"), stdin=stream)

    assert (
        done.stdout
        == f"""\
--- {old} a (document 1)
+++ {new} a (document 1)
@@ -1,5 +1,5 @@ step 1 (turn)
 apiVersion: v1
-kind: {old}
+kind: {new}
 metadata:
   name: a
 data:
"""
    )


TURN_KIND = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    manifests[0].set(("kind",), "{new}")
"""


def test_what_was_added_as_a_secret_stays_hidden(postrender: Command, install: Install) -> None:
    install("secret", ADD_SECRET)
    install("turn", TURN_KIND.format(new="ConfigMap"))
    chain = steps("secret: {}", "{where: {name: token}, turn: {}}", "labels: {set: {a: b}}")

    done = postrender("diff", *chain, stdin="apiVersion: v1\nkind: Pod\n")

    assert "+kind: ConfigMap\n" in done.stdout
    assert "+  k: (hidden 1)\n" in done.stdout
    assert "s3cret" not in done.stdout


ADD_SECRET = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token"}}
    manifests.add({**secret, "stringData": {"k": "s3cret"}})
"""


def test_a_secret_in_a_list_or_in_a_template_is_hidden(postrender: Command) -> None:
    secret = "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {k: s3cret}}"
    stream = (
        f"apiVersion: v1\nkind: List\nitems:\n- {secret}\n"
        f"---\napiVersion: x/v1\nkind: Bundle\ntemplate: {secret}\n"
        "---\napiVersion: x/v1\nkind: Rule\nwatches:\n- kind: Secret  # of any name\n"
    )

    done = postrender("diff", "-C9", *steps(TEAM), stdin=stream)

    assert "s3cret" not in done.stdout
    assert done.stdout.count("k: (hidden 1)") == 2
    assert "# of any name" in done.stdout


CANARIES = [
    "apiVersion: v1\nkind: Secret\ndata: {k: Y2FuYXJ5}\n",
    'apiVersion: v1\nkind: "Secret"\nstringData:\n  k: |\n    a\n    canary\n',
    '{"apiVersion": "v1", "kind": "S\\u0065cret", "stringData": {"k": "canary"}}',
    "apiVersion: v1\nkind: &k Secret\nmetadata: {name: *k}\nstringData: {k: &a canary, l: *a}\n",
    "apiVersion: v1\nx: &k Secret\nkind: *k\nstringData: {k: canary}\n",
    "apiVersion: v1\nkind: !!str Secret # canary\nstringData: canary\n",
    "apiVersion: v1\nkind: Secret\nmetadata:\n  annotations:\n"
    "    kubectl.kubernetes.io/last-applied-configuration: canary\n",
    "apiVersion: v1\nkind: SecretList\nitems:\n"
    "- {apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {k: canary}}\n",
    "# Source: a.yaml\n# canary\napiVersion: v1\r\nkind: Secret\r\nstringData:\r\n  k: canary\r\n",
    "apiVersion: x/v1\nkind: X\nspec:\n- kind: Secret\n  stringData: {k: canary}\n",
]


@pytest.mark.parametrize("stream", CANARIES)
def test_nothing_of_a_secret_is_shown_however_it_is_written(
    stream: str, postrender: Command
) -> None:
    done = postrender("diff", "-C99", *steps(TEAM, "annotations: {set: {a: b}}"), stdin=stream)

    assert done.code == 0
    assert "team: a" in done.stdout
    assert not re.search("canary|Y2FuYXJ5", done.stdout)


def test_an_added_secret_and_a_removed_one_are_hidden(postrender: Command) -> None:
    done = postrender("diff", *steps(sed("s/name: token/name: other/")), stdin=SECRET)

    assert "s3cret" not in done.stdout
    assert [line for line in done.stdout.splitlines() if line[:1] in "-+@"] == [
        "--- Secret token (shop/templates/token.yaml)",
        "+++ /dev/null",
        "@@ -2,8 +0,0 @@ step 1 (exec)",
        "-apiVersion: v1",
        "-kind: Secret",
        "-metadata:",
        "-  name: token",
        "-stringData:",
        "-  password: (hidden 1)",
        "-  again: (hidden 1)",
        "-  user: (hidden 2)",
        "--- /dev/null",
        "+++ Secret other (shop/templates/token.yaml)",
        "@@ -9,0 +3,8 @@ step 1 (exec)",
        "+apiVersion: v1",
        "+kind: Secret",
        "+metadata:",
        "+  name: other",
        "+stringData:",
        "+  password: (hidden 1)",
        "+  again: (hidden 1)",
        "+  user: (hidden 2)",
    ]


# -- how it ends ----------------------------------------------------------------------------------


def test_changes_have_an_exit_code_of_their_own_on_demand(postrender: Command) -> None:
    assert postrender("diff", *steps(TEAM), stdin=STREAM).code == 0
    assert postrender("diff", "--detailed-exitcode", *steps(TEAM), stdin=STREAM).code == 2


def test_a_chain_that_fails_prints_its_error_alone(postrender: Command) -> None:
    chain = steps(TEAM, "{where: {kind: Pod}, expect: 1, labels: {set: {a: b}}}")

    assert postrender("diff", *chain, stdin=STREAM) == Done(
        1,
        "",
        "postrender: error: step 2 (labels): selects none of 2 objects, but must select 1\n",
    )


def test_notices_and_findings_are_told_as_by_the_filter(postrender: Command) -> None:
    chain = steps("{where: {kind: Pod}, labels: {set: {a: b}}}")

    filtered = postrender(*chain, stdin=STREAM)
    done = postrender("diff", *chain, stdin=STREAM)

    assert done == Done(0, "", filtered.stderr)
    assert "selects none of 2 objects" in done.stderr


def test_help_is_printed(postrender: Command) -> None:
    done = postrender("diff", "--help")

    assert done.code == 0
    assert done.stdout.startswith("usage: postrender diff [options]\n")


WRONG = [
    (["-C", "x"], "--context is not a number: `x`"),
    (["-C", "-1"], "--context is not a number: `-1`"),
    (["--color", "allways"], "unknown color `allways`; did you mean `always`?"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_arguments_are_refused(
    arguments: list[str], message: str, postrender: Command
) -> None:
    done = postrender("diff", *arguments, stdin=STREAM)

    assert done == Done(2, "", f"postrender: error: {message}\n")


# -- terminals ------------------------------------------------------------------------------------

ODD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a # \u202ered\n"


def test_color_is_put_on_lines_on_demand_and_what_a_terminal_would_obey_is_shown(
    postrender: Command,
) -> None:
    done = postrender("diff", "--color", "always", *steps(TEAM), stdin=ODD)

    assert done.stdout == (
        "\x1b[1m--- Pod a (document 1)\x1b[0m\n"
        "\x1b[1m+++ Pod a (document 1)\x1b[0m\n"
        "\x1b[36m@@ -2,3 +2,5 @@ step 1 (labels)\x1b[0m\n"
        " kind: Pod\n"
        " metadata:\n"
        "   name: a # \\u202ered\n"
        "\x1b[32m+  labels:\x1b[0m\n"
        "\x1b[32m+    team: a\x1b[0m\n"
    )


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Return what a run of `diff` shows on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "postrender", "diff", *arguments],
        stdin=subprocess.PIPE,
        stdout=slave,
        env={**os.environ, **environment},
    )
    process.communicate(ODD.encode())
    os.close(slave)
    shown = os.read(master, 10_000).decode()
    os.close(master)
    return shown


def test_a_terminal_gets_color_unless_it_is_not_wanted(folder: Path) -> None:
    assert "\x1b[32m+    team: a\x1b[0m" in on_a_terminal(*steps(TEAM), NO_COLOR="")
    for shown in (
        on_a_terminal(*steps(TEAM), NO_COLOR="1"),
        on_a_terminal(*steps(TEAM), "--color=never"),
    ):
        assert "\x1b" not in shown
        assert "name: a # \\u202ered\r\n" in shown


def test_where_there_is_no_terminal_the_text_is_as_it_is(postrender: Command) -> None:
    done = postrender("diff", *steps(TEAM), stdin=ODD)

    assert "   name: a # \u202ered\n" in done.stdout


def test_a_separator_that_is_no_text_keeps_its_bytes(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "postrender", "diff", *steps(TEAM)],
        input=b"--- # \xff\napiVersion: v1\nkind: Pod\n",
        capture_output=True,
        check=True,
    )

    assert b"\n --- # \xff\n" in done.stdout


# -- the diff is a patch --------------------------------------------------------------------------

HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ (?:step \d+ \(|for the host).*")


def apply(diff: str, stream: str) -> str:
    """Return *stream* with the hunks of a diff, which have to fit exactly."""
    old = re.findall("[^\n]*\n|[^\n]+", stream)
    rows = re.findall("[^\n]*\n", diff)
    new: list[str] = []
    at = 0
    while rows:
        match = HUNK.fullmatch(rows.pop(0).rstrip("\n"))
        if not match:
            continue
        start, olds, other, news = (1 if each is None else int(each) for each in match.groups())
        first = start - 1 if olds else start
        new += old[at:first]
        at = first
        assert len(new) == (other - 1 if news else other)
        while olds or news:
            sign, line = rows[0][0], rows.pop(0)[1:]
            if rows and rows[0].startswith("\\"):
                rows.pop(0)
                line = line[:-1]
            if sign != "+":
                assert old[at] == line
                at, olds = at + 1, olds - 1
            if sign != "-":
                new.append(line)
                news -= 1
    return "".join(new + old[at:])


CHAIN = steps(
    "annotations: {set: {a: b, c: d}}",
    "labels: {set: {team: a, tier: x}, scopes: [metadata, templates]}",
    sed("s/replicas: .*/replicas: 7/", "s/name: a/name: b/", "/image/d"),
    "labels: {remove: [tier], set: {team: b}, scopes: [metadata, templates]}",
)
STREAMS = [
    *(path.read_bytes() for path in sorted(TESTS.glob("*/*/*/input.yaml"))),
    *(
        each["text"].encode()
        for each in json.loads((TESTS / "cases/yaml/streams.json").read_text())
    ),
    (STREAM + "---\n" + SECRET).encode(),
]


def test_the_hunks_are_a_patch_of_the_stream(postrender: Command) -> None:
    applied = 0
    for number, stream in enumerate(STREAMS):
        chain = (CHAIN, CHAIN[:4], CHAIN[4:6])[number % 3]
        filtered = postrender(*chain, stdin=stream)
        done = postrender("diff", "--show-secrets", *chain, stdin=stream)
        assert done.code == filtered.code
        assert done.stderr == filtered.stderr
        if done.code == 0 and "is now document" not in done.stdout:
            assert apply(done.stdout, stream.decode()) == filtered.stdout
            applied += 1

    assert applied > 100


@pytest.mark.skipif(not shutil.which("patch"), reason="needs patch")
def test_the_hunks_behind_one_header_are_what_patch_takes(
    postrender: Command, folder: Path
) -> None:
    (folder / "old.yaml").write_text(STREAM)
    chain = steps(TEAM, sed("s/NodePort/ClusterIP/"))
    diff = postrender("diff", "-C0", *chain, stdin=STREAM).stdout
    hunks = "".join(row for row in diff.splitlines(True) if row[:4] not in ("--- ", "+++ "))

    done = subprocess.run(
        ["patch", "-o", "new.yaml", "old.yaml"],
        input=f"--- old.yaml\n+++ new.yaml\n{hunks}",
        text=True,
        check=True,
        capture_output=True,
    )

    assert done.stderr == ""
    assert (folder / "new.yaml").read_text() == postrender(*chain, stdin=STREAM).stdout


# -- lines ----------------------------------------------------------------------------------------

LINES = st.lists(st.sampled_from("abcd"), max_size=14)


def longest(old: list[str], new: list[str]) -> int:
    """Return how many lines at most can stay, as a table of all pairs tells."""
    row = [0] * (len(new) + 1)
    for line in old:
        before, row = row, [0]
        for index, other in enumerate(new):
            row.append(before[index] + 1 if line == other else max(before[index + 1], row[-1]))
    return row[-1]


@settings(max_examples=300)
@given(LINES, LINES, st.sampled_from([0, 2, 200]))
def test_the_lines_that_stay_are_the_same_in_both_texts_and_as_many_as_can_be(
    old: list[str], new: list[str], far: int
) -> None:
    runs = common(old, new, far)

    at = other = -1
    for run in runs:
        assert run.size > 0
        assert run.old >= at
        assert run.new >= other
        assert (run.old, run.new) != (at, other)
        at, other = run.old + run.size, run.new + run.size
        assert old[run.old : at] == new[run.new : other]
    kept = sum(run.size for run in runs)
    assert kept <= longest(old, new)
    assert kept == longest(old, new) or far < 200


def test_texts_that_differ_in_much_are_cut_at_lines_that_each_has_once() -> None:
    old = [f"line {number}" for number in range(1000)]
    new = [line if number % 2 else "new" for number, line in enumerate(old)]
    new[100:200] = []

    assert common(old, new) == [
        *(Run(number, number, 1) for number in range(1, 100, 2)),
        *(Run(number, number - 100, 1) for number in range(201, 1000, 2)),
    ]


def test_texts_that_differ_in_much_and_have_no_line_once_share_nothing() -> None:
    assert common(["a", "b"] * 200, ["b", "c"] * 200) == []


def test_with_a_detailed_exit_code_2_means_changes_and_nothing_else(postrender: Command) -> None:
    wrong = postrender("diff", "--detailed-exitcode", "-c", "nope.yaml", stdin=STREAM)

    assert (wrong.code, wrong.stdout) == (1, "")
    assert "nope.yaml: cannot be read" in wrong.stderr
    assert postrender("diff", "--detailed-exitcode", "--bogus", stdin=STREAM).code == 1
    assert postrender("diff", "--detailed-exitcode", stdin="[").code == 1
    assert postrender("diff", "-c", "nope.yaml", stdin=STREAM).code == 2


def test_a_secret_whose_kind_is_removed_and_added_is_hidden(postrender: Command) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {pin: abc}\n"
    operations = "[{op: remove, path: /kind}, {op: add, path: /kind, value: ConfigMap}]"
    entry = f"{{target: {{kind: Secret}}, patch: {operations}, options: {{allowKindChange: true}}}}"

    done = postrender("diff", "--step", f"patches: [{entry}]", stdin=secret)

    assert done.code == 0
    assert "abc" not in done.stdout
