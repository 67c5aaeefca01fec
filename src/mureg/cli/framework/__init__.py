"""What all commands share: options, session, output, tables, prompts."""
