"""Adapter to the database crm. Start with `Crm()`.

Written by integrate from answers. Yours to edit, under no licence of the generator;
`README.md` says how to use and test it.
"""

from integrations.crm.client import AsyncCrm, Crm, Tables, Transaction
from integrations.crm.config import Config

__all__ = ["AsyncCrm", "Config", "Crm", "Tables", "Transaction"]
