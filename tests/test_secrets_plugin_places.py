"""Where the plugin secrets looks: one secret in every place is found, a reference in none."""

import base64
import gzip
import json
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from secret_tokens import github

from postrender.testing import result

PASSWORD = "Zk3mQ9vL1xT"
TOKEN = "Zk3mQ9vL1xYz8Wq2Rt5U"


def scan(*objects: dict[str, Any], **options: Any) -> list[str]:
    """Return the rules of the findings in *objects*."""
    return told("".join(f"---\n{json.dumps(each)}\n" for each in objects), **options)


def told(stream: str, **options: Any) -> list[str]:
    """Return the rules of the findings in a stream."""
    done = result("secrets", stream, idempotent=False, mode="warn", **options)
    return [each.rule for each in done.findings]


def obj(kind: str, api: str = "v1", **members: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "a"}, **members}


def pod(**container: Any) -> dict[str, Any]:
    return obj("Pod", spec={"containers": [{"name": "c", **container}]})


def env(name: str, value: Any) -> dict[str, Any]:
    return pod(env=[{"name": name, "value": value}])


def file(name: str, text: str) -> dict[str, Any]:
    return obj("ConfigMap", data={name: text})


def shell(text: str) -> dict[str, Any]:
    return pod(command=["sh", "-c", text])


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "env": lambda value: env("DB_PASSWORD", value),
    "default in env": lambda value: env("X", f"${{DB_PASSWORD:-{value}}}"),
    "json in env": lambda value: env("CONFIG", json.dumps({"db": {"password": value}})),
    "url in env": lambda value: env("DATABASE_URL", f"postgres://app:{value}@db:5432/app"),
    "dsn in env": lambda value: env("DSN", f"host=db user=app password='{value}'"),
    "user in env": lambda value: env("BASIC_AUTH", f"app:{value}"),
    "option": lambda value: pod(args=[f"--db-password={value}"]),
    "two arguments": lambda value: pod(args=["--db-password", value]),
    "short option": lambda value: pod(command=["redis-cli", "-a", value]),
    "glued option": lambda value: pod(command=["mysql", "-uroot", f"-p{value}", 1]),
    "shell": lambda value: shell(f"export PASSWORD='{value}'; run"),
    "long option in a shell": lambda value: shell(f"tool --password {value} --x"),
    "curl": lambda value: shell(f"curl -u admin:{value} https://x"),
    "heredoc": lambda value: shell(f"cat <<EOF\npassword={value}\nEOF"),
    "data": lambda value: file("db-password", value),
    "properties": lambda value: file("a.properties", f"x=1\ndb.password={value}\n"),
    "commented line": lambda value: file("a.conf", f"#password = {value}\n"),
    "spaced": lambda value: file("redis.conf", f"requirepass {value}\n"),
    "yaml": lambda value: file("a.yaml", f"db:\n  password: '{value}' # dev\n"),
    "variable in yaml": lambda value: file("a.yaml", f"- name: DB_PASSWORD\n  value: {value}"),
    "list in yaml": lambda value: file("a.yaml", f"passwords:\n  - {value}\n"),
    "json": lambda value: file("a.json", json.dumps({"password": value}, indent=1)),
    "json in json": lambda value: file(
        "a.json", json.dumps({"a": json.dumps({"password": value})})
    ),
    "yaml in json": lambda value: file("a.json", json.dumps({"a": f"x:\n  password: {value}"})),
    "python": lambda value: file("a.py", f"P = os.environ.get('PASSWORD', '{value}')\n"),
    "javascript": lambda value: file("a.js", f"const p = process.env.PASSWORD || '{value}'"),
    "literal": lambda value: file("a.go", f'password := "{value}"'),
    "xml": lambda value: file("a.xml", f"<db><password>{value}</password></db>"),
    "sql": lambda value: file("a.sh", f"psql -c \"ALTER USER a WITH PASSWORD '{value}'\""),
    "pgpass": lambda value: file("pgpass", f"*:*:*:app:{value}\n"),
    "binary data": lambda value: obj("ConfigMap", binaryData={"a": encoded(f"password={value}")}),
    "packed": lambda value: obj(
        "ConfigMap", binaryData={"a": encoded(gzip.compress(f"password={value}".encode()))}
    ),
    "base64 in env": lambda value: env("CONFIG", encoded(f"x: 1\npassword: {value}\n")),
    "data uri": lambda value: env(
        "CONFIG", "data:text/plain;base64," + encoded(f"password: {value}\n")
    ),
    "annotation": lambda value: obj(
        "Pod", metadata={"name": "a", "annotations": {"x/password": value}}
    ),
    "last applied": lambda value: obj(
        "Pod", metadata={"name": "a", "annotations": {"last": json.dumps(env("PASSWORD", value))}}
    ),
    "custom resource": lambda value: obj("Thing", "x/v1", spec={"auth": {"password": value}}),
    "parameters": lambda value: obj(
        "Thing", "x/v1", parameters=[{"name": "password", "value": value}]
    ),
    "realm": lambda value: obj("Thing", "x/v1", credentials=[{"type": "password", "value": value}]),
    "list": lambda value: obj("Thing", "x/v1", spec={"passwords": [value]}),
    "embedded object": lambda value: obj("Template", "x/v1", objects=[env("PASSWORD", value)]),
    "header": lambda value: pod(probe={"httpHeaders": [{"name": "X-Password", "value": value}]}),
}


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_password_is_found_in_every_place_and_a_reference_in_none(place: str) -> None:
    assert len(scan(PLACES[place](PASSWORD))) == 1
    for reference in ("${DB_PASSWORD}", "$(DB_PASSWORD)", "{{ .Values.password }}", "<password>"):
        assert scan(PLACES[place](reference)) == []


QUOTES: dict[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "single": lambda value: f"'{value}'",
    "double": lambda value: f'"{value}"',
    "escaped": lambda value: '"' + "".join(f"\\u{ord(each):04x}" for each in value) + '"',
    "literal": lambda value: f"|-\n          {value}",
    "folded": lambda value: f">-\n          {value}",
    "tagged": lambda value: f"!!str {value}",
    "anchored": lambda value: f"&here {value}",
}
NESTS = {
    "an object": "{kind: Thing, apiVersion: x/v1, metadata: {name: a}, spec: \n%s}",
    "a list": "{kind: List, apiVersion: v1, items: [{kind: Thing, apiVersion: x/v1,"
    " metadata: {name: a}, spec: \n%s}]}",
    "a template": "{kind: Template, apiVersion: x/v1, metadata: {name: a}, objects: ["
    "{kind: Thing, apiVersion: x/v1, spec: \n%s}]}",
    "values": "{kind: Release, apiVersion: x/v1, metadata: {name: a}, spec: {values: {a: [{b: \n%s"
    "}]}}}",
}


@pytest.mark.parametrize("quotes", ["plain", "single", "double", "escaped", "tagged", "anchored"])
@pytest.mark.parametrize("nest", NESTS)
def test_a_password_is_found_however_it_is_quoted_and_nested(quotes: str, nest: str) -> None:
    for value, count in ((PASSWORD, 1), ("changeme", 0)):
        stream = NESTS[nest] % f"{{password: {QUOTES[quotes](value)} }}"

        assert len(told(stream + "\n")) == count


@pytest.mark.parametrize("quotes", QUOTES)
def test_a_password_is_found_however_a_block_has_it(quotes: str) -> None:
    head = "kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec:\n  containers:\n    - env:\n"
    for value, count in ((PASSWORD, 1), ("$(OTHER_PASSWORD)", 0)):
        item = f"      - name: PASSWORD\n        value: {QUOTES[quotes](value)}\n"

        assert len(told(head + item)) == count


SECRETS: list[dict[str, Any]] = [
    env("API_TOKEN", TOKEN),
    env("KEY", TOKEN),
    env("ACCESS_CODE", TOKEN),
    env("RABBITMQ_ERLANG_COOKIE", TOKEN),
    env("APP_SECRET_ID", "7a1c9d2e-4b6f-4c8d-9e0f-1a2b3c4d5e6f"),
    env("MAPS_KEY", TOKEN + "9"),
    env("MAPS_KEY", "5e884898da28047151d0e56f8dc62927"),
    env("PASSWORD", "8675309421"),
    env("PASSWORD", "!@#%^&*)_+"),
    env("PASSWORD", "qzkvmwpxjhty"),
    env("PASSWORD", "Open sesame 42 now"),
    env("PASSWORD", "horse-battery-of-staples"),
    env("PASSWORD", "pa$$w0rd9"),
    env("WALLET_MNEMONIC", "apple " * 11 + "zebra"),
    env("AUTH_KEY", "k,Q;~#2m(L}x9v!Zp@8{wR$t6^Y&u4*I-o0+S=d%F/g:hJ|1<B>n?M_c.E"),
    env("DB_PASSWORD", f"/{TOKEN}/a"),
    file("a.txt", f"postgres://a:{PASSWORD}@db amqp://a:{PASSWORD}@mq"),
    env("AUTH", f"Bearer {TOKEN}"),
    env("AUTH", "Basic " + encoded(f"app:{PASSWORD}")),
    env("REDIS_URL", "amqp://guest:guest@mq"),
    obj("Thing", "x/v1", spec={"password": 86753094}),
    obj("Thing", "x/v1", spec={"kty": "RSA", "n": "abc", "d": "abc"}),
    file("config.json", json.dumps({"auths": {"r.io": {"auth": encoded(f"app:{PASSWORD}")}}})),
    obj(
        "ConfigMap",
        binaryData={"a.jks": encoded(b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1\0\0\0\1" + b"x" * 40)},
    ),
    file("a.json", json.dumps({"password": "ünïcode42!"}, indent=1)),
    file("a.json", '{\n "password": "Zk3mQ\\/9vL1"\n}'),
    file("a.json", '{\n "p\\u0061ssword": "Zk3mQ\\/9vL1"\n}'),
    file("a.conf", f"İ\npassword={PASSWORD}"),
    # A name that only what stands around it explains.
    file("a.yaml", f"jwt:\n  issuer: a\n  key: {TOKEN}9x\n"),
    file("a.hcl", f'kms "aead" {{\n  key = "{TOKEN}9x"\n}}\n'),
    file("a.php", f"'crypt' => [\n  'key' => '{TOKEN}9x',\n],\n"),
    file("a.yaml", f"keys:\n- id: a\n  key: {TOKEN}9x\n"),
    file("a.json", json.dumps({"Jwt": {"Key": TOKEN}})),
    file("a.json", json.dumps({"username": "a", "key": TOKEN})),
    file("a.json", json.dumps({"acl": {"tokens": {"agent": TOKEN}}})),
    file("a.json", json.dumps({"github-oauth": {"github.com": TOKEN}})),
    obj("Thing", "x/v1", spec={"password": {"value": PASSWORD}}),
    # Ways of writing it.
    env("DSN", f"app:{PASSWORD}@tcp(mysql:3306)/app?parseTime=true"),
    env("NEO4J_AUTH", f"neo4j/{PASSWORD}9"),
    env("JAVA_OPTS", f"-Xmx1g -Dbasicauth=a:{PASSWORD}"),
    env("API_TOKEN", "Zk3mQ9vL1xT7w"),
    env("DB_PASSWORD", "correcthorsebatterystaple"),
    file("a.ini", f'password = """{PASSWORD}#;"""\n'),
    file("a.ini", f"PASSWD = `{PASSWORD}`\n"),
    file("frr.conf", f"neighbor 10.0.0.2 password {PASSWORD}\n"),
    file("named.conf", f'key "k" {{ secret "{TOKEN}="; }};\n'),
    file("Makefile", f"DB_PASS ?= {PASSWORD}\n"),
    file("Dockerfile", f"ENV DB_PASSWORD {PASSWORD}\n"),
    file("fpm.conf", f"env[DB_PASSWORD] = {PASSWORD}\n"),
    file("a.scala", f'val secret: String = "{TOKEN}"\n'),
    file("a.py", f"c.cookie_secret = bytes.fromhex('{'5e884898da280471' * 4}')\n"),
    file("a.rs", f'let pw = std::env::var("PW").unwrap_or("{PASSWORD}".to_string());\n'),
    file("a.php", f"$t = getenv('TOKEN') ?: '{TOKEN}';\n"),
    pod(command=["aws", "configure", "set", "aws_secret_access_key", TOKEN]),
    # Names.
    *(
        env(name, TOKEN + "9x")
        for name in ("CSRF_SECRET", "RECAPTCHA_SECRET", "CONSUL_ENCRYPT", "NODE_COOKIE")
    ),
    *(env(name, TOKEN + "9x") for name in ("routingkey", "apikeys", "STORAGE_PRIMARY_KEY")),
    *(
        env(name, PASSWORD)
        for name in ("ROOTPASS", "DBPWD", "PASSWORT", "AUTHTOK", "REDISCLI_AUTH", "bindcredentials")
    ),
    env("MINIO_SECRET_ACCESS_KEY", PASSWORD),
    env("PAGE_ACCESS_TOKEN", TOKEN),
]


@pytest.mark.parametrize("value", SECRETS, ids=str)
def test_a_secret_is_found(value: dict[str, Any]) -> None:
    assert len(scan(value)) == 1


@pytest.mark.parametrize(
    "value",
    [
        obj("Secret", data={"password": encoded(PASSWORD), "n": 12345678, "bad": "%", "x": None}),
        obj("Secret", data={"a": encoded("password: " + PASSWORD)}),
        obj("Secret", data={"replica-set-key": encoded("EcDFAQUq00")}),
        obj("Secret", stringData={"session-cookie": TOKEN}),
        obj(
            "Secret",
            data={"a.gz": encoded(gzip.compress(f"password: {PASSWORD}".encode(), mtime=0))},
        ),
    ],
    ids=str,
)
def test_a_value_of_a_secret_is_found_when_asked_for(value: dict[str, Any]) -> None:
    assert scan(value) == []
    assert len(scan(value, secretObjects="report")) == 1


@pytest.mark.parametrize(
    "value",
    [
        *(
            env("DB_PASSWORD", each)
            for each in ("changeme", "24h", "true", "/run/secrets/db", "N/A")
        ),
        *(env("DB_PASSWORD", each) for each in ("a.b.svc", "x@example.org", "vault:a#b", "my-app")),
        *(env("DB_PASSWORD", each) for each in ("Enter your password 2", "Hello world", "%X%")),
        *(
            env("API_TOKEN", each)
            for each in ("etcd-cluster-k8s-main", "a,b=c,d=e,f=g,h=1", "a" * 30)
        ),
        *(
            env("API_TOKEN", each)
            for each in ("com.example.auth.TokenProvider2", "user@example.com.org")
        ),
        *(env("API_TOKEN", each) for each in ("abcdefabcdefabcdefabcdef", "pk_live_" + "a1B2" * 6)),
        *(
            env("APP_SECRET", each)
            for each in ("TLS_AES_128_GCM", "two words", "s3-creds-prod-2026")
        ),
        env("DB_PASSWORD", "Login at desk 42."),
        # What is about a secret, or beside one.
        *(
            env(name, TOKEN)
            for name in ("CSRF_TOKEN", "RECAPTCHA_SITE_KEY", "NEXT_TOKEN", "HASHED_SECRET")
        ),
        *(env(name, PASSWORD) for name in ("bypass", "OLDPWD", "PASSWORD_SCHEME")),
        env("S3_ACCESS_KEY", "XWSU31TDMJFYWI01RYJ3"),
        *(env("DB_PASSWORD", each) for each in ("keepass:Prod/DB1", "store:a/b#c", "SHA512-CRYPT")),
        *(env("DB_PASSWORD", each) for each in ("use-a-strong-password", "%user.name)", "v2")),
        *(env("APP_SECRET", each) for each in ("regcred1", "secret://prod/db#pw1")),
        *(env("API_TOKEN", each) for each in ("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "$auth_t2")),
        *(env("API_TOKEN", each) for each in ("NextRecordIdentifier2", "urn:uuid:58f202ac-22cf")),
        *(env("DB_PASSWORD", each) for each in ("^7.0.4", "InvalidPassword:%s", "$dir/cakey2")),
        env("DATABASE_URL", "postgres://username:password@host/db"),
        env("DATABASE_URL", "app:${DB_PASSWORD}@tcp(mysql:3306)/app"),
        env("MYSQL_AUTH", "mysql/native"),
        file("a.yaml", "env:\n- name: a\n  valueFrom:\n    secretKeyRef:\n      key: db-9x\n"),
        file("a.yaml", "key: a1b2c3d4\n"),
        file("a.yaml", "- - -\n  key: a1b2c3d4\n"),
        obj("Thing", "x/v1", spec={"jwt": {"name": "a", "key": TOKEN + "9x"}}),
        obj("Thing", "x/v1", spec={"tokens": {"ttl": TOKEN, "audience": TOKEN}}),
        obj("Thing", "x/v1", spec={"oauth": {"realm": TOKEN}, "keys": {"a": TOKEN}}),
        env("DB_PASSWORD", "Парольная"),
        env("API_TOKEN", "vault-9x.prod.acme.io"),
        env("API_TOKEN", "org.acme.auth.TokenProvider2"),
        file("a.conf", "x: postgres://a:$(P)@db\ny: postgres://a:${P}@db\n"),
        env("API_TOKEN", "vault.prod.tokens.acme.dev"),
        file("pgpass", "*:*:*:app:" + PASSWORD * 2000),
        env("BASIC_AUTH", "app:changeme"),
        env("AUTH", "Basic " + encoded("app:password")),
        env("AUTH", "Basic " + encoded(b"\xff\xfe\xfd\xfc\xfb")),
        env("DB_PASSWORD_FILE", PASSWORD),
        env("DB_PASSWORD__FILE", PASSWORD),
        env("PUBLIC_KEY", TOKEN),
        env("X" * 200 + "_PASSWORD", PASSWORD),
        env("PARTITION_KEY", TOKEN + "9"),
        env("MAPS_KEY_META", TOKEN + "9"),
        env("MAPS_KEY", "7a1c9d2e-4b6f-4c8d-9e0f-1a2b3c4d5e6f"),
        env("DATABASE_URL", "postgres://app:$(PASS)@db/app"),
        env("DB", "arn:aws:secretsmanager:eu:1:secret:portal-db-9x8y7z"),
        env("PASSWORD", "x" * 401),
        pod(
            env=[{"name": "P", "valueFrom": {"secretKeyRef": {"name": "db-9x", "key": "password"}}}]
        ),
        pod(args=["--auth-secret-name=db-9x", "--token-ttl", "24h", "--key", "/etc/tls.key"]),
        pod(image="r.io/a@sha256:" + "5e884898da28047151d0e56f8dc62927" * 2),
        shell('mysql -p"$PASSWORD"; curl -u "$U:$P" x; if [ x == y ]; then exit; fi'),
        file("de.json", json.dumps({"password": "Passwort9x"})),
        file("a.py", "password = getpass.getpass()\ntoken = headers['x']\n"),
        file("a.conf", "secret Tuesday\ncredentials = {\n}\nlist = [\n"),
        file("a.sh", "PASSWORD=$1\nTOKEN=`cat /x`\n"),
        obj("Pod", metadata={"name": "a", "annotations": {"checksum/secret": TOKEN * 2}}),
        obj("CustomResourceDefinition", "x/v1", spec={"password": PASSWORD}),
        obj("Thing", "x/v1", schema={"type": "object", "properties": {"password": PASSWORD}}),
        obj("SealedSecret", "x/v1", spec={"encryptedData": {"password": "AgA" + TOKEN * 3}}),
        obj("Thing", "x/v1", spec={"passwordSecretRef": {"name": "db-9x", "key": PASSWORD}}),
        obj("Thing", "x/v1", spec={"parameters": [{"name": {"a": 1}, "value": PASSWORD}]}),
        obj("ConfigMap", data=None, binaryData={"a.png": encoded(b"\x89PNG\0\1" * 9)}),
        obj("ConfigMap", binaryData={"a": encoded("\1\2\3\4" * 9), "b": encoded(b"\x1f\x8bnone")}),
        obj("Secret", stringData={"password": "admin"}),
        obj("Secret", type="helm.sh/release.v1", data={"release": encoded(TOKEN)}),
        obj(
            "ConfigMap",
            binaryData={"a.jks": encoded(b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1\0\0\0\2" + b"x" * 9)},
        ),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_what_is_no_secret_is_not_found(value: dict[str, Any]) -> None:
    assert scan(value, secretObjects="report") == []


# -- what is meant to hurt ------------------------------------------------------------------------


def test_a_bomb_is_told_of_and_not_unpacked() -> None:
    bomb = encoded(gzip.compress(b"a" * 30_000_000))

    assert scan(obj("ConfigMap", binaryData={"a": bomb})) == ["scan-incomplete"]
    assert scan(obj("ConfigMap", binaryData={"a": "QUFB" * 400_000})) == ["scan-incomplete"]


def test_json_that_is_nested_deep_is_looked_at_as_far_as_can_be() -> None:
    inner: Any = {"password": PASSWORD}
    for _ in range(12):
        inner = {"a": json.dumps(inner)}

    assert scan(file("a.json", json.dumps(inner))) == []
    assert scan(file("a.json", "[" * 100_000)) == []
    assert scan(env("A", encoded(encoded(encoded(encoded("password: " + PASSWORD)))))) == []


PIECES = (
    *("a", "password ", "password=", "a://", "a://u:", "eyJa.", "curl -u ", "user x ", "QUJD"),
    *("-----BEGIN PRIVATE" + " KEY-----\n", '"password",\'', "redis-cli ", "mysql -x ", "k="),
    *("password: a\n", "?sv=1&sig=", "$2y$", "<password>", "machine a login ", "glc_", "SG."),
    *(
        "0123456789abcdef",
        "key: a\n",
        "a:b@",
        "password a1b2c3d4 ",
        "tokens:\n  a: b\n",
        "{}",
        "[[",
    ),
)


@pytest.mark.large
@pytest.mark.parametrize("piece", PIECES)
def test_four_times_the_text_takes_four_times_the_calls(piece: str) -> None:
    def calls(size: int) -> int:
        return calls_of(lambda: scan(file("a.conf", (piece * size)[:size])))

    assert calls(40_000) < 5 * calls(10_000)


@pytest.mark.large
@pytest.mark.parametrize("piece", PIECES)
def test_a_text_that_is_meant_to_hurt_takes_time_in_proportion(piece: str) -> None:
    """What happens in one call, of a regular expression, only shows in its time."""
    text = (piece * 160_000)[:160_000]

    def taken(size: int) -> float:
        return seconds(lambda: scan(file("a.conf", text[:size])))

    assert taken(160_000) < 8 * max(taken(40_000), 0.05)


def calls_of(run: Callable[[], object]) -> int:
    """Return how many functions *run* calls."""
    count = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def seconds(run: Callable[[], object]) -> float:
    """Return the CPU time of *run*, the least of three."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.large
def test_a_value_of_ten_megabytes_gets_shapes_alone_and_hides_no_other() -> None:
    value = obj("ConfigMap", data={"a": f"x{'ab ' * 3_500_000} {github()} ", "password": PASSWORD})

    assert sorted(scan(value)) == ["generic/password", "github/token"]


def test_a_line_that_is_too_long_hides_none_of_the_others() -> None:
    text = f"# the password of {'x' * 30_000}\npassword = kT7vQ2mZ9wLp4s\n"

    assert len(scan(file("app.conf", text))) == 1
