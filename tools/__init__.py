"""Tools of the developers and of the first start. ``task.py`` is behind ``make``."""
