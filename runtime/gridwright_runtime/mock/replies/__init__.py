"""What goes back: a verdict, a refusal, or what the world gives, in the operation's form."""
