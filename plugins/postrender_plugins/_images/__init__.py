"""Images of containers, for all that change them: references, entries, and where images stand."""
