"""JSON for programs, as docs/reference.md promises it."""
