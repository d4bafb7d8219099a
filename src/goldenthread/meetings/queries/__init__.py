"""What the pages of meetings read, as far as the policies let the actor see."""
