"""Alertmanager's configuration: the base file, what AlertmanagerConfigs add to it, and what its version allows."""
