"""Loading the registry: located rows → checks → a plan; the same plan is previewed and applied.

`seed` reads the TOML that the portal brings along; `tables` the XLSX and CSV that the school exports and gives back.
"""

from resources.importing.seed import DATA, Plan, RegistryFileError, Row, plan, read_elements, read_levels

__all__ = ["DATA", "Plan", "RegistryFileError", "Row", "plan", "read_elements", "read_levels"]
