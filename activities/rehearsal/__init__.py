"""Playing a programme year through before it is switched on."""
