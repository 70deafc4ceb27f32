"""Verdicts borrowed from Go and from Prometheus' shared Go code.

The servers and the operator judge many texts with the libraries of their language: regular expressions, URLs,
durations, templates, X.509 pairs. Each module here gives one such verdict as a small function that raises a
`ValueError` with a message when the text is refused.
"""
