"""One module for each program: how it wants to be given the content."""
