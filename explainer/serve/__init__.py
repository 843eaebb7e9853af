"""Live preview: a server on this machine that shows a site while it is written."""
