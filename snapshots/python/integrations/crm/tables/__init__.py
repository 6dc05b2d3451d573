"""The tables of `crm`, each with its rows and what can be done with them."""

from integrations.crm.tables.customer import Customer, CustomerRepository
from integrations.crm.tables.order import Order, OrderRepository

__all__ = ["Customer", "CustomerRepository", "Order", "OrderRepository"]
