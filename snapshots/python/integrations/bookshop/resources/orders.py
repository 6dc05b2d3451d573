"""The resource `orders` of Bookshop.

Written by integrate from openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from integrations.bookshop.models.orders import (
    Order,
    OrdersCreateBodyLineInput,
    PaymentInput,
)
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_encoding import OMIT, Omit, form_body
from integrations.runtime.http_request import Operation

_CREATE = Operation("orders.create", "POST", "/orders", Order.model_validate_json)
_GET = Operation("orders.get", "GET", "/orders/{}", Order.model_validate_json)


class Orders:
    """The operations of `orders`."""

    def __init__(self, http: HttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    def create(
        self,
        *,
        lines: Sequence[OrdersCreateBodyLineInput],
        payment: PaymentInput | Omit = OMIT,
        metadata: Mapping[str, str] | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Order:
        """Place an order.

        Args:
            lines: Sent as `lines` in the body.
            payment: Sent as `payment` in the body.
            metadata: Sent as `metadata` in the body.

        Source: POST /orders, `placeOrder` in openapi.yaml
        """
        in_body = {"lines": lines, "payment": payment, "metadata": metadata}
        request = _CREATE(body=form_body(in_body))
        return self._http.send(request, timeout_seconds)

    def get(
        self,
        id: int,
        *,
        x_trace: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Order:
        """Get an order.

        Args:
            id: Part of the path.
            x_trace: Sent as the header `X-Trace`.

        Source: GET /orders/{id}, `getOrder` in openapi.yaml
        """
        in_headers = {"X-Trace": x_trace}
        request = _GET(id, headers=in_headers)
        return self._http.send(request, timeout_seconds)


class AsyncOrders:
    """The operations of `orders`."""

    def __init__(self, http: AsyncHttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    async def create(
        self,
        *,
        lines: Sequence[OrdersCreateBodyLineInput],
        payment: PaymentInput | Omit = OMIT,
        metadata: Mapping[str, str] | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Order:
        """Place an order; see `Orders.create`."""
        in_body = {"lines": lines, "payment": payment, "metadata": metadata}
        request = _CREATE(body=form_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def get(
        self,
        id: int,
        *,
        x_trace: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Order:
        """Get an order; see `Orders.get`."""
        in_headers = {"X-Trace": x_trace}
        request = _GET(id, headers=in_headers)
        return await self._http.send(request, timeout_seconds)
