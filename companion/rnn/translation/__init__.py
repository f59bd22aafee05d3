"""From one sequence to another: encoder, decoder, the search for a sentence, and its marks."""
