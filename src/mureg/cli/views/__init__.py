"""What people see of an application and of a month."""
