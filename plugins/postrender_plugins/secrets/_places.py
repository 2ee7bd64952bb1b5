"""Fields of Kubernetes objects that hold no secrets, and files by their names."""

import re
from functools import lru_cache
from typing import Final

from postrender_plugins.secrets._words import words_of

VALUE: Final = "value"  #: one value under a name
CONFIG: Final = "config"  #: lines of names and values, or a shell's
CODE: Final = "code"  #: a program, of which literals count
SHAPES: Final = "shapes"  #: a text, of which only tokens with a shape count

#: Below these, everything is the name of something.
_REFERENCES: Final = words_of(
    "matchLabels matchExpressions tolerations affinity imagePullSecrets ownerReferences",
    "volumeMounts secretObjects finalizers managedFields encryptedData sops topologyKeys",
    "secretKeyRef configMapKeyRef resourceNames envFrom apiGroups verbs",
)
#: Public by nature, or a name.
_PUBLIC: Final = words_of(
    "image uid resourceVersion caBundle caCertificate certificate tls.crt ca.crt cert ca",
    "certificate-authority-data client-certificate-data topologyKey fieldPath mountPath",
    "subPath secretName existingSecret claimName serviceAccountName name namespace apiVersion",
    "kind hostname description message summary title documentation publicKey expression expr",
    "help reason note notes apiGroup generateName property serviceName digest sha256",
)
#: Kinds with schemas, rights and policies, in whose prose every word may stand.
_SHAPES_ONLY: Final = words_of(
    "CustomResourceDefinition Role ClusterRole RoleBinding ClusterRoleBinding ClusterPolicy",
    "Policy ConstraintTemplate ValidatingAdmissionPolicy ValidatingPolicy PrometheusRule",
    "ValidatingWebhookConfiguration MutatingWebhookConfiguration APIService",
)
_SUMS: Final = re.compile(
    r"(?i)^checksum/|/checksum|[-_.]?(?:hash|digest|checksum|sha256|sha)$|digest|cosign|sigstore"
)
_CODE: Final = re.compile(
    r"\.(?:m?js|cjs|jsx|tsx?|py|lua|tf|rb|go|java|groovy|php|pl|kts?|scala|cs|jsonnet)$"
)
_TEXT: Final = re.compile(
    r"(?i)\.(?:md|rego|html?|css|svg|xsd|ddl|crt|cer|proto|graphql)$|\bschema\.(?:json|ya?ml|sql)$|^messages[_.]|i18n|"
    r"locale|^(?:lang|translations?)[_.-]|(?:^|[/_.-])[a-z]{2}(?:[-_][A-Z]{2})?\.(?:json|ya?ml|po)$|"
    r"dashboards?[^/]*\.json$|^SHA\d*SUMS|authorized_keys|known_hosts"
)


def is_shapes_only(kind: str) -> bool:
    """Tell whether objects of *kind* are mostly about others' names."""
    return kind in _SHAPES_ONLY


@lru_cache(maxsize=4096)
def is_name(field: str) -> bool:
    """Tell whether the value of *field*, and all below it, is a name, a sum, or public."""
    return (
        field in _REFERENCES
        or field in _PUBLIC
        or field.endswith(("Ref", "Refs", "Selector", "Selectors"))
        or _SUMS.search(field) is not None
    )


def file_mode(name: str) -> str:
    """Return how to read the file *name* of a ConfigMap or a Secret."""
    if _TEXT.search(name):
        return SHAPES
    return CODE if _CODE.search(name) else CONFIG
