"""The pages of meetings. Thin: queries gather, policies decide, actions write, the journal keeps who looked."""
