"""The register: the only place with SQL."""
