"""Patches as Kubernetes means them: what the plugins share that apply some."""
