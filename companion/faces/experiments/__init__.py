"""What the pages of part VI measure: training all share, contests, stored results."""
