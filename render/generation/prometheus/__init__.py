"""Prometheus and PrometheusAgent: one module per configuration resource and per part of the file."""
