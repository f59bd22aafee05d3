"""Results for people: what is solved, what is wrong and why, what is next.

Everything is built from `rich.text.Text`, never from markup: text of a learner's code cannot
style or command the terminal.
"""

from rich.console import Console
from rich.text import Text

from companion.exercises.results import FAILED, NOT_STARTED, PASSED, SOLVED, WAITS
from companion.exercises.terminal import clean

SIGNS = {
    PASSED: ("✓", "green"),
    SOLVED: ("✓", "green"),
    FAILED: ("✗", "red"),
    "wrong": ("✗", "red"),
    WAITS: ("·", "dim"),
    NOT_STARTED: ("·", "dim"),
}
LINES = 20


class Show:
    """Writes results to a console.

    Parameters
    ----------
    console : rich.console.Console, optional
        Standard output by default.
    """

    def __init__(self, console=None):
        self.console = console or Console(highlight=False)

    def chapter(self, result):
        """Show one file: a line for each exercise, and what is wrong in it."""
        self.line(f"\n{result.chapter}  ", "bold", (result.file, "dim"))
        for exercise in result.exercises:
            self.exercise(exercise)

    def exercise(self, result):
        """Show one exercise."""
        sign, style = SIGNS[result.status]
        self.line(f"  {sign} ", style, (result.title, "bold"), (f"  {summary(result)}", "dim"))
        if result.status == NOT_STARTED:
            return
        for part in result.parts:
            self.line(f"      built from {part}", "dim")
        messages = []
        for check in result.checks:
            sign, style = SIGNS[check.status]
            waits = f" ({check.message})" if check.status == WAITS else ""
            self.line(f"      {sign} ", style, (check.title, ""), (waits, "dim"))
            # The same message under each check (a syntax error, say) is told once.
            if check.status == FAILED and check.message not in messages:
                messages.append(check.message)
                self.block(check.message)
                if check.output.strip():
                    self.block("it printed:\n" + check.output.rstrip(), "dim")

    def block(self, text, style=""):
        """Show indented text, at most some twenty lines of it."""
        lines = clean(text).splitlines()
        for line in lines[:LINES]:
            self.line(f"          {line}", style)
        if len(lines) > LINES:
            self.line(f"          … {len(lines) - LINES} more lines", "dim")

    def hint(self, exercise, check, level, text):
        """Show a hint; level 0 is what to put right before a hint can help."""
        if level == 0:
            self.line("\nNo hint yet ", "bold yellow", (f"for “{check.title}” ", ""))
            self.line(f"  {text}")
            return
        self.line(
            f"\nHint {level} of {len(check.hints)} ", "bold yellow", (f"for “{check.title}” ", "")
        )
        self.line(f"  {text}")
        if level < len(check.hints):
            self.line("  (--hint again for a stronger one)", "dim")

    def summary(self, report):
        """Show the points and what to do next."""
        hidden, public = report["hidden"], report["possible"] - report["hidden"]
        if hidden:
            more = f"{hidden} more {'is' if hidden == 1 else 'are'} in hidden checks"
            more = f"; {more}, which your instructor's grading runs."
            self.line(f"\n{report['points']} of {public} public points", "bold", (more, ""))
        else:
            self.line(f"\n{report['points']} of {public} points.", "bold")
        following = report["next"]
        if following:
            place = f" ({following['place']})" if following["place"] else ""
            self.line(f"Next: {following['title']}{place}")
        elif report["solved"]:
            self.line("All public checks pass. Well done.", "green")

    def line(self, text, style="", *more):
        """Show one line made of styled parts."""
        line = Text(clean(text), style)
        for part, part_style in more:
            line.append(clean(part), part_style or "default")
        self.console.print(line, soft_wrap=True)


def summary(result) -> str:
    """Return points and checks of an exercise in words."""
    if result.status == NOT_STARTED:
        return f"not started, {result.possible} point{'s' if result.possible != 1 else ''}"
    public = "public " if result.hidden else ""
    possible = result.possible - result.hidden_points
    points = f"{result.points} of {possible} {public}point{'s' if possible != 1 else ''}"
    if result.passed == len(result.checks):
        checks = f"{result.passed} {public}check{'s' if result.passed != 1 else ''} passed"
    else:
        checks = f"{result.passed} of {len(result.checks)} {public}checks passed"
    remain = (
        f", {result.hidden} hidden remain{'s' if result.hidden == 1 else ''}"
        if result.hidden
        else ""
    )
    return f"{points}, {checks}{remain}"
