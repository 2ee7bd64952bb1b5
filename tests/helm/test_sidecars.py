"""A sidecar through the life of a release, on each version of Helm."""

import pytest
from helm.hosts import SHOP, Helm
from helm.observed import Objects, objects
from servers.kubernetes import Cluster

STEPS = """\
- sidecars:
    kubeVersion: "{kube_version}"
    containers: [{{name: shipper, image: "registry.example/shipper:{version}"}}]
    volumes: [{{name: logs, emptyDir: {{}}}}]
    volumeMounts: [{{name: logs, mountPath: /var/log/app}}]
"""


def images(found: Objects) -> dict[str, list[str]]:
    """Return the images in each pod template, those of init containers first."""
    result = {}
    for name, item in found.items():
        if name.startswith(("Deployment/", "StatefulSet/")):
            spec = item["spec"]["template"]["spec"]
            containers = [*spec.get("initContainers", []), *spec["containers"]]
            result[name] = [each["image"] for each in containers]
    return result


@pytest.mark.parametrize("kube_version", ["1.28", "1.33"])
def test_a_sidecar_comes_changes_and_goes_back_with_the_release(
    host: Helm, cluster: Cluster, namespace: str, kube_version: str
) -> None:
    def run(*command: str, version: str) -> dict[str, list[str]]:
        host.chain(STEPS.format(version=version, kube_version=kube_version))
        done = host(*command, "-n", namespace)
        assert done.code == 0, done.stderr
        return images(objects(cluster, namespace))

    installed = run("install", "shop", SHOP, *host.flags, version="1.4")
    upgraded = run("upgrade", "shop", SHOP, *host.flags, version="1.5")
    rolled_back = run("rollback", "shop", "1", version="none")

    assert rolled_back == installed
    web, shipper = installed["Deployment/shop-web"][0], "registry.example/shipper:"
    cache = installed["StatefulSet/shop-cache"][0]
    if kube_version == "1.33":
        web, cache = installed["Deployment/shop-web"][1], installed["StatefulSet/shop-cache"][1]

    def both(app: str, version: str) -> list[str]:
        names = [app, shipper + version]
        return names if kube_version == "1.28" else names[::-1]

    assert installed == {
        "Deployment/shop-web": both(web, "1.4"),
        "StatefulSet/shop-cache": both(cache, "1.4"),
    }
    assert upgraded == {
        "Deployment/shop-web": both(web, "1.5"),
        "StatefulSet/shop-cache": both(cache, "1.5"),
    }
    assert (web.split(":")[0], cache) == ("registry.example/shop", "registry.example/cache:7")


def test_hooks_are_left_alone(offline: Helm) -> None:
    offline.chain(STEPS.format(version="1.4", kube_version="1.33"))

    done = offline("template", "shop", SHOP, "--set", "migrate=true", *offline.flags)

    documents = done.stdout.split("---\n")
    shipped = [each for each in documents if "registry.example/shipper:1.4" in each]
    assert done.code == 0
    assert len(shipped) == 2
    assert all("helm.sh/hook" not in each for each in shipped)
    assert "registry.example/migrate:1" in done.stdout
