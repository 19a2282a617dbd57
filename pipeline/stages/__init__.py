"""What each of the four stages makes, as steps that say what they depend on."""
