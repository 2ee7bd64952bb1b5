"""A record and its body, apart from any store."""

import pytest

from postrender._errors import RecordCorrupt, ReleaseConflict
from postrender.storage import Body, Record, record_key
from postrender.storage._record import parse_key


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("sh.helm.release.v1.web.v3", ("web", 3)),
        ("web.v3", ("web", 3)),
        ("sh.helm.release.v1.my.vault.v12", ("my.vault", 12)),
        ("sh.helm.release.v1.web.v1.v2", ("web.v1", 2)),
        ("sh.helm.release.v1.web", None),
        ("web", None),
        ("web.v", None),
        ("web.vx", None),
        (".v1", None),
    ],
)
def test_a_key_says_name_and_revision(key: str, said: tuple[str, int] | None) -> None:
    assert parse_key(key) == said


def test_the_key_of_a_revision_is_helms() -> None:
    assert record_key("web", 3) == "sh.helm.release.v1.web.v3"


def test_a_body_is_fetched_once() -> None:
    fetched = []

    def load() -> bytes:
        fetched.append(1)
        return b"whole"

    body = Body(b"who", load)

    assert (body.head, body.is_whole) == (b"who", False)
    assert (body.text(), body.text()) == (b"whole", b"whole")
    assert (body.head, body.is_whole, fetched) == (b"whole", True, [1])


def test_a_body_that_begins_otherwise_was_changed() -> None:
    body = Body(b"who", lambda: b"another")

    with pytest.raises(ReleaseConflict, match="was changed while it was read; read it again"):
        body.text()


def test_a_record_may_have_no_body() -> None:
    body = Body(b"", problem="has no entry data.release")

    with pytest.raises(RecordCorrupt, match="has no entry"):
        _ = body.head
    with pytest.raises(RecordCorrupt, match="has no entry"):
        body.text()


def test_a_record_matches_by_helms_labels_and_the_users() -> None:
    record = Record("shop", "k", "web", 2, "deployed", Body(b""), {"team": "a", "Name": "b"})

    assert record.matches({})
    assert record.matches({"name": "web", "version": "2", "owner": "helm", "team": "a"})
    assert record.matches({"Name": "b"})
    assert not record.matches({"name": "b"})
    assert not record.matches({"createdAt": "0"})
    assert record._replace(created_at=5, modified_at=6).matches(
        {"createdAt": "5", "modifiedAt": "6"}
    )


def test_a_user_has_no_label_of_helms_name() -> None:
    record = Record("shop", "k", "web", 2, "deployed", Body(b""), {"name": "other"})

    assert record.matches({"name": "web"})
    assert not record.matches({"name": "other"})


def test_a_record_shows_nothing_of_its_body() -> None:
    record = Record("shop", "k", "web", 2, "deployed", Body(b"a-secret-value"))

    assert repr(record) == "<Record shop/k>"
    assert "a-secret-value" not in repr(record.body)
