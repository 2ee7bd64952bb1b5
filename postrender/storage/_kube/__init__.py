"""Helm's release records in Secrets and ConfigMaps, over the Kubernetes API."""

from postrender.storage._kube._driver import ConfigMapDriver, SecretDriver

__all__ = ["ConfigMapDriver", "SecretDriver"]
