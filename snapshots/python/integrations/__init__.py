"""Adapters to the services this project uses, one package each."""
