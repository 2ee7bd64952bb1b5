"""Helm as a host: the plugin that Helm 4 starts us by, and what each major makes of a stream."""
