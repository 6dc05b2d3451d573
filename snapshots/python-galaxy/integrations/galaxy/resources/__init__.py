"""The operations of Galaxy, a module a resource."""
