"""What the tables of `crm` have in common."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """A row of a table."""
