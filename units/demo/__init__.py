"""The demonstration: two counties, the sample ledgers through the importer, one account for each role."""
