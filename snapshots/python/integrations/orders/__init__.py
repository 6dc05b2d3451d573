"""Orders over a message broker.

`OrdersPublisher` sends, `OrdersConsumer` receives.
"""

from integrations.orders.config import OrdersConfig
from integrations.orders.consumer import OrdersConsumer
from integrations.orders.publisher import OrdersPublisher
from integrations.runtime.broker import Unroutable
from integrations.runtime.broker_consumer import Reject

__all__ = ["OrdersConfig", "OrdersConsumer", "OrdersPublisher", "Reject", "Unroutable"]
