"""What comes out: YAML text, files, what the terminal shows."""
