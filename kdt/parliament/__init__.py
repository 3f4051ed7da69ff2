"""What Parliament asks: each question with what was answered, and what it would be today."""
