"""A static site generator for news explainers: stories, questions, topics and papers."""

__version__ = "0.1.0"
