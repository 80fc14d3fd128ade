"""Use generated clients from a shell: `gridwright call`, `find` and `doctor`."""
