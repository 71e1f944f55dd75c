"""Library code without models: Chinese text, spreadsheets, periods. Imports no app."""
