"""What plugins share that look at pod specs: where they stand, and what is wrong with one."""
