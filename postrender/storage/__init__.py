"""Helm's release records, read and written in Secrets, ConfigMaps, PostgreSQL and memory."""
