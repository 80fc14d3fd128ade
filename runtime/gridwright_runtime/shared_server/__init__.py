"""What processes on several machines share, kept by a server of Valkey or Redis."""
