"""The mock among programs: who may ask, what is kept, how an answer leaves."""
