"""What a client gets to read: the log's History → Sections, which are values → HTML, Markdown and JSON (pure)."""
