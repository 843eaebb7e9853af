"""What a site consists of, one module for each sort of output."""
