"""What pages read about counties, accounts, feedback and the event log."""
