"""Generated clients from a shell: `gridwright call`, `find` and `doctor`. Never names a system."""
