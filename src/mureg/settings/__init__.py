"""mureg.toml: where it is, what it says, and what is wrong with it."""
