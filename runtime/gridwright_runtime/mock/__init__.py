"""Mock servers for generated systems; needs the extra ``mock``. The client side never imports it."""
