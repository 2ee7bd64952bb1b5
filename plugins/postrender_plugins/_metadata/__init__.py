"""What plugins share: maps of keys and values in metadata, and the places of pod templates."""
