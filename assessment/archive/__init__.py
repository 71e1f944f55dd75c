"""The frozen year as a file that anybody can check: canonical JSON, its digest, and a reader that needs nothing of ours."""
