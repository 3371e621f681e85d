"""Files of other systems given in batches (7.1, 11.2-11.3): what any app that reads such files has in common."""
