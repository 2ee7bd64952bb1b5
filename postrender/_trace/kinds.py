"""What kubectl lets people call a kind: in any case, in the plural, or by its short name."""

from typing import Final

#: the short names that Kubernetes gives to its own kinds
SHORT: Final = {
    "cj": "cronjob",
    "cm": "configmap",
    "crd": "customresourcedefinition",
    "crds": "customresourcedefinition",
    "csr": "certificatesigningrequest",
    "deploy": "deployment",
    "ds": "daemonset",
    "ep": "endpoints",
    "ev": "event",
    "hpa": "horizontalpodautoscaler",
    "ing": "ingress",
    "limits": "limitrange",
    "netpol": "networkpolicy",
    "no": "node",
    "ns": "namespace",
    "pc": "priorityclass",
    "pdb": "poddisruptionbudget",
    "po": "pod",
    "pv": "persistentvolume",
    "pvc": "persistentvolumeclaim",
    "quota": "resourcequota",
    "rc": "replicationcontroller",
    "rs": "replicaset",
    "sa": "serviceaccount",
    "sc": "storageclass",
    "sts": "statefulset",
    "svc": "service",
}


def is_called(word: str, kind: str, api_version: str) -> bool:
    """Tell whether *word* may mean *kind*: `deploy`, `Deployments`, `deployment.apps`.

    Behind the kind may stand its group, or version and group as in `deployment.v1.apps`.
    """
    name, dot, rest = word.lower().partition(".")
    group, slash, version = api_version.lower().partition("/")
    if dot and not (slash and rest in (group, f"{version}.{group}")):
        return False
    kind = kind.lower()
    plurals = (kind + "s", kind + "es", kind.removesuffix("y") + "ies")
    return name == kind or name in plurals or SHORT.get(name) == kind
