"""Which kinds are in namespaces, and which belong to the whole cluster."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from postrender import Manifest
from postrender_plugins._merge.table import Table

CRD: Final = ("apiextensions.k8s.io", "CustomResourceDefinition")

#: the groups that every cluster serves
BUILT_IN: Final = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
        "flowcontrol.apiserver.k8s.io",
        "internal.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    }
)

#: the groups of well-known operators, whose kinds are in namespaces
WELL_KNOWN: Final = frozenset(
    {
        "acme.cert-manager.io",
        "apps.kruise.io",
        "apps.openshift.io",
        "argoproj.io",
        "autoscaling.k8s.io",
        "batch.volcano.sh",
        "bitnami.com",
        "cert-manager.io",
        "elbv2.k8s.aws",
        "external-secrets.io",
        "gateway.networking.k8s.io",
        "helm.toolkit.fluxcd.io",
        "image.toolkit.fluxcd.io",
        "jobset.x-k8s.io",
        "keda.sh",
        "kustomize.toolkit.fluxcd.io",
        "leaderworkerset.x-k8s.io",
        "monitoring.coreos.com",
        "networking.istio.io",
        "notification.toolkit.fluxcd.io",
        "postgresql.cnpg.io",
        "route.openshift.io",
        "secrets-store.csi.x-k8s.io",
        "security.istio.io",
        "serving.knative.dev",
        "source.toolkit.fluxcd.io",
        "telemetry.istio.io",
        "traefik.io",
    }
)

#: kinds of these that are in none
CLUSTER: Final = frozenset(
    {
        ("apps.kruise.io", "NodeImage"),
        ("apps.kruise.io", "SidecarSet"),
        ("argoproj.io", "ClusterAnalysisTemplate"),
        ("argoproj.io", "ClusterWorkflowTemplate"),
        ("cert-manager.io", "ClusterIssuer"),
        ("elbv2.k8s.aws", "IngressClassParams"),
        ("external-secrets.io", "ClusterExternalSecret"),
        ("external-secrets.io", "ClusterPushSecret"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("keda.sh", "ClusterTriggerAuthentication"),
        ("postgresql.cnpg.io", "ClusterImageCatalog"),
    }
)


class Scopes:
    """The scope of each kind, also of those whose definitions are among some manifests."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        """Read the CustomResourceDefinitions among *manifests*."""
        self._table = Table()
        self._known: dict[tuple[str, str], bool | None] = {}
        for manifest in manifests:
            if (manifest.group, manifest.kind) == CRD:
                self._define(manifest.get(("spec",)))

    def _define(self, spec: Any) -> None:
        if isinstance(spec, Mapping) and isinstance(names := spec.get("names"), Mapping):
            kind = (str(spec.get("group")), str(names.get("kind")))
            self._known[kind] = spec.get("scope") != "Cluster"

    def namespaced(self, kind: tuple[str, str]) -> bool | None:
        """Tell whether objects of *kind*, its group and name, are in namespaces.

        None means that nobody knows.
        """
        if kind not in self._known:
            self._known[kind] = self._find(kind)
        return self._known[kind]

    def _find(self, kind: tuple[str, str]) -> bool | None:
        if kind[0] in WELL_KNOWN:
            return kind not in CLUSTER
        found = self._table.kind("/".join((kind[0], "", kind[1])).removeprefix("/"))
        return found.is_namespaced if found else None
