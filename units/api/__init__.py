"""Units, villages, towns and people for programs: the same queries, actions and forms as the pages."""
