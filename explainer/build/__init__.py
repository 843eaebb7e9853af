"""The build: the whole way from a folder to a published tree."""
