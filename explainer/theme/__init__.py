"""Themes: theme.toml, inheritance, templates, assets, and the views that templates are given."""
