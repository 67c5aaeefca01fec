"""What is read from the register, one file for each noun."""
