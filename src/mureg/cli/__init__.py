"""The command line: one file per noun, rendering, and the one error boundary."""
