"""What leaves mureg: JSON for programs, documents for people."""
