"""From single entries to a linked site: URLs, references, backlinks, timelines."""
