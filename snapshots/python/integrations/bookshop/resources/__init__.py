"""The operations of Bookshop, a module a resource."""
