"""Use a server of Valkey or Redis that processes on several machines share."""
