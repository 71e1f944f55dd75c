"""The official list of divisions: reading an edition, setting a county up from it, accepting a newer one."""
