"""What labels and annotations share: maps of keys and values in the metadata of objects."""
