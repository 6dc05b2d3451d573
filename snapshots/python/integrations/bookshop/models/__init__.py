"""What Bookshop sends and takes: a module a resource, and `shared` for several."""
