"""Wrong answers to the exercises on error rates and BLEU."""

from companion.exercises.wrong_answers import WrongAnswer
