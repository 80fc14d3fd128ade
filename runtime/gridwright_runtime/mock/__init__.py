"""Mock servers of generated systems; needs the extra ``mock``. No client ever imports it."""
