"""From the files that authors write to the model: reading, YAML, Markdown, schema."""
