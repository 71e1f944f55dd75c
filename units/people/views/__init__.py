"""Pages of 人员与授权, one file a subject."""
