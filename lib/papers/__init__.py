"""Word templates that people edit: checked before they are kept, filled without running anything of theirs."""
