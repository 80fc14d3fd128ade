"""What the specs say, against what the documents print, where the two once differed."""
