"""Asking a real API server what it makes of an object, which it does not keep."""

import json
import ssl
import time
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from servers.kubernetes import Cluster


class Answer(NamedTuple):
    """What a server says of an object that it is not to keep."""

    is_taken: bool
    told: list[str]


def ask(cluster: Cluster, collection: str, body: object, unknown: str = "Strict") -> Answer:
    """Let the server look at an object, without storing it.

    *unknown* says what it makes of fields that it does not know: Strict or Ignore.
    """
    url = f"{cluster.url}{collection}?dryRun=All&fieldValidation={unknown}"
    headers = {"Authorization": f"Bearer {cluster.token}", "Content-Type": "application/json"}
    request = Request(url, json.dumps(body).encode(), headers, method="POST")
    context = ssl.create_default_context(cafile=cluster.certificate)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    while True:
        try:
            with urlopen(request, context=context, timeout=30) as response:
                response.read()
                return Answer(True, _warnings(response.headers))
        except HTTPError as error:
            with error:
                if error.code != 429:  # not ready yet
                    return Answer(False, _errors(json.loads(error.read())))
        time.sleep(0.1)


def _warnings(headers: Any) -> list[str]:
    # Each is a code, an agent, and a quoted text.
    return [f"warning {json.loads(each[6:])}" for each in headers.get_all("Warning") or []]


def _errors(status: dict[str, Any]) -> list[str]:
    causes = status.get("details", {}).get("causes", [])
    return [f"error {each['field']}: {each['message']}" for each in causes] or [
        f"error {status['message']}"
    ]
