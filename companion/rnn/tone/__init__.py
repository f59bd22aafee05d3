"""How good or bad words and sentences sound: by regression, by averages, and read in order."""
