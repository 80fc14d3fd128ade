"""The command line: arguments, what each command runs, and how it prints."""
