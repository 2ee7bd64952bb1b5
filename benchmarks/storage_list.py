"""Print what `helm list --all-namespaces --max 0 --output json` prints, from the environment."""

import json
import re
import sys

from postrender.storage import Release, Storage


def main() -> None:
    """List the newest revision of every release."""
    separator = "["
    with Storage.open(namespace="") as storage:
        for release in storage.list(strict=True):
            sys.stdout.write(separator)
            json.dump(row(release), sys.stdout)
            separator = ","
    sys.stdout.write("]" if separator == "," else "[]")


def row(release: Release) -> dict[str, str]:
    """Return what Helm prints of a release."""
    return {
        "name": release.name,
        "namespace": release.namespace,
        "revision": str(release.version),
        "updated": re.sub(r"(.*)T(.*)Z", r"\1 \2 +0000 UTC", release.last_deployed.text),
        "status": release.status,
        "chart": f"{release.chart_name}-{release.chart_version}",
        "app_version": release.app_version,
    }


if __name__ == "__main__":
    main()
