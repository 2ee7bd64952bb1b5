"""The objects of a kind, one at a time: read, made, replaced and deleted."""

import json
from functools import partial
from typing import Any, Final

from postrender._errors import ReleaseNotFound, StorageError
from postrender.storage._kube._connection import Connection
from postrender.storage._kube._kinds import Kind, is_name
from postrender.storage._kube._objects import Item, read_item
from postrender.storage._kube._pages import OBJECTS
from postrender.storage._kube._protobuf import Stream
from postrender.storage._kube._refusals import Action
from postrender.storage._kube._transport import JSON, PROTOBUF, Request

_ONLY: Final = "as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
#: what comes back of an object that was written; its data need not
_METADATA: Final = f"{PROTOBUF};{_ONLY}, {JSON};{_ONLY}, {JSON}"


class Store:
    """The objects of a kind in a cluster."""

    def __init__(self, connection: Connection, kind: Kind) -> None:
        """Read and write over a connection."""
        self._connection = connection
        self._kind = kind

    def get(self, namespace: str, name: str, keep: int | None = None) -> Item:
        """Return an object, with so many bytes of its body or all.

        :raises ReleaseNotFound: when there is none of this name.
        """
        action = self._action("get", namespace, name)
        request = Request("GET", self._path(action), accept=OBJECTS)
        return self._connection.send(action, request, self._reading(keep))

    def get_object(self, namespace: str, name: str) -> Any:
        """Return an object with all that it has; see `get`."""
        action = self._action("get", namespace, name)
        request = Request("GET", self._path(action), accept=JSON)
        return self._connection.send(action, request, lambda stream: json.loads(stream.read(-1)))

    def create(self, made: Any) -> Item:
        """Make an object, and return what the server has made of its metadata.

        :raises ReleaseExists: when there is one of this name.
        """
        metadata = made["metadata"]
        action = self._action("create", metadata["namespace"], metadata["name"])
        if not is_name(action.namespace):
            raise StorageError(
                f"a record cannot be in a namespace called '{action.namespace}'",
                location=action.place,
            )
        return self._write(action, "POST", self._kind.path(action.namespace), made)

    def replace(self, changed: Any) -> Item:
        """Replace the object of the name and the resourceVersion that *changed* has.

        :raises ReleaseConflict: when the object has another resourceVersion by now.
        :raises ReleaseNotFound: when there is none of this name.
        """
        metadata = changed["metadata"]
        action = self._action("update", metadata["namespace"], metadata["name"])
        return self._write(action, "PUT", self._path(action), changed)

    def delete(self, item: Item) -> None:
        """Delete an object as it was read. One that has finalizers goes when these are done.

        :raises ReleaseConflict: when it was changed since.
        :raises ReleaseNotFound: when it is gone.
        """
        action = self._action("delete", *item.place)
        body = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "preconditions": {"uid": item.uid, "resourceVersion": item.token},
        }
        data = json.dumps(body).encode()
        request = Request("DELETE", self._path(action), body=data, accept=JSON)
        # What is no object is a page of a proxy, and nothing was deleted.
        self._connection.send(action, request, lambda stream: json.loads(stream.read(-1))["kind"])

    def _action(self, verb: str, namespace: str, name: str) -> Action:
        return Action(verb, self._kind.plural, namespace, name)

    def _path(self, action: Action) -> str:
        """Return the path of an object; what cannot be one's name is the name of none."""
        if not (is_name(action.namespace) and is_name(action.key)):
            raise ReleaseNotFound("there is no such record", location=action.place)
        return self._kind.path(action.namespace, action.key)

    def _write(self, action: Action, method: str, path: str, body: Any) -> Item:
        request = Request(method, path, body=json.dumps(body).encode(), accept=_METADATA)
        return self._connection.send(action, request, self._reading(0))

    def _reading(self, keep: int | None) -> "partial[Item]":
        return partial(_read, kind=self._kind, keep=keep)


def _read(stream: Stream, kind: Kind, keep: int | None) -> Item:
    return read_item(stream.read(-1), kind, keep)
