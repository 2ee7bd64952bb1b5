"""What the JSON of a release has to be, so that Helm can read it."""

from postrender._errors import RecordCorrupt
from postrender.storage._chart import read_chart
from postrender.storage._fields import Fields
from postrender.storage._hook import read_hook
from postrender.storage._info import read_info


def check(release: Fields) -> None:
    """Read all fields that are there.

    :raises RecordCorrupt: when one has another type than Helm reads.
    """
    release.text("name")
    read_info(release.value("info"))
    read_chart(release.fields("chart"))
    release.mapping("config")
    release.text("manifest")
    for hook in release.each("hooks"):
        read_hook(hook)
    if release.number("version") < 0:
        raise RecordCorrupt("version is negative")
    release.text("namespace")
    release.text("apply_method")
