"""What the tables of `chinook` have in common."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """A row of a table."""
