"""The administration pages: organisations and teams, accounts, roles."""
