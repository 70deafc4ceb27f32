"""Which objects take part: label and namespace selectors, references to Secrets and ConfigMaps.

Accepted and rejected resources.
"""
