"""The plugin of Helm 4 that starts us: written, packaged, removed, and looked after."""
