"""Write replies: a verdict, a refusal, or the world's answer, in the operation's form."""
