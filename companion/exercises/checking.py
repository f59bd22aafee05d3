"""``companion check``: find the work, grade it, keep the progress, show what is next."""

from companion.exercises.failures import CompanionError, Unreadable
from companion.exercises.progress import editing
from companion.exercises.results import FAILED, NOT_STARTED, SOLVED, ChapterResult, report
from companion.exercises.work import check_file, chosen, find_work


class Checking:
    """One learner's folder or file, ready to be checked once or for ever.

    Parameters
    ----------
    course : Course
    path : Path
        File or folder.
    only : str, optional
        Id of the one exercise to check.

    Raises
    ------
    CompanionError
        If there is nothing to check there.
    """

    def __init__(self, course, path, only=None):
        self.course = course
        self.path = path
        self.only = only
        self.folder, found = find_work(course, path)
        self.work = [one for one in found if chosen(one, only)]
        if not self.work:
            raise CompanionError(self._no_such_exercise(found))
        self._known = {}
        # All checks are in memory before the first submission runs: none can rewrite them.
        for one in self.work:
            one.chapter.all_checks  # noqa: B018

    def run(self, *, hint=False, quiet=False):
        """Check everything once and return the report, as for ``--json``."""
        results, unreadable = [], []
        for one in self.work:
            try:
                results.append(check_file(one, chosen(one, self.only)))
            except Unreadable as error:
                unreadable.append(error)
        if not results:
            raise unreadable[0]
        with editing(self.folder) as progress:
            for result in (exercise for chapter in results for exercise in chapter.exercises):
                progress.record(result)
            lines = list(map(str, unreadable))
            document = report(results, self._next(results, progress), lines)
            given = self._hint(results, progress) if hint else None
        document["hint"] = given and {"check": given[1].name, "level": given[2], "text": given[3]}
        if not quiet:
            self._show(results, document, progress.warning, given)
            if hint and not given and not unreadable:
                self._screen().line("Nothing fails: there is nothing to give a hint for.")
        return document

    def watch(self):
        """Check whatever changes until Ctrl-C; returns then."""
        from companion.exercises.watch import watch

        show = self._screen()

        def checked(changes):
            results = [check_file(one, which, cells=cells) for one, which, cells in changes]
            with editing(self.folder) as progress:
                for chapter in results:
                    for result in chapter.exercises:
                        progress.record(result)
                everything = self._merged(results)
                document = report(everything, self._next(everything, progress))
            self._show(results, document, progress.warning)
            show.line("Watching; Ctrl-C ends it.", "dim")

        def told(line):
            show.line(f"{line}; waiting", "yellow")

        def find():
            return [one for one in find_work(self.course, self.path)[1] if chosen(one, self.only)]

        try:
            watch(find, checked, told, self.only)
        except KeyboardInterrupt:
            show.line("\nStopped; your progress is kept.", "dim")

    def _merged(self, results):
        """Return the last results of all files, these among them."""
        for new in results:
            exercises = {e.id: e for e in self._known.get(new.chapter, new).exercises}
            exercises |= {e.id: e for e in new.exercises}
            order = [e.id for e in self.course.chapter(new.chapter).exercises]
            kept = [exercises[name] for name in order if name in exercises]
            self._known[new.chapter] = ChapterResult(new.chapter, new.file, kept)
        return list(self._known.values())

    def _screen(self):
        from companion.exercises.show import Show

        return Show()

    def _show(self, results, document, warning, given=None):
        show = self._screen()
        for result in results:
            show.chapter(result)
        if given:
            show.hint(*given)
        show.summary(document)
        if warning:
            show.line(warning, "yellow")

    def _next(self, results, progress):
        """Return the first exercise in reading order that is not solved, None when all are."""
        places = {e.id: e.place for chapter in results for e in chapter.exercises}
        for chapter in self.course.chapters:
            for exercise in chapter.exercises:
                if progress.status(exercise.id) != SOLVED:
                    return {
                        "exercise": exercise.id,
                        "title": exercise.title,
                        "chapter": chapter.id,
                        "place": places.get(exercise.id) or chapter.id,
                    }
        return None

    def _hint(self, results, progress):
        """Return exercise, check, level and text of the hint to give, None when nothing fails."""
        exercises = [exercise for chapter in results for exercise in chapter.exercises]
        for status in (FAILED, NOT_STARTED):
            for exercise in exercises:
                for check in exercise.checks:
                    if check.status == status and check.slip:
                        return exercise, check, 0, f"First put this right: {check.slip}"
                    if check.status == status:
                        return exercise, check, *progress.next_hint(exercise.id, check)
        return None

    def _no_such_exercise(self, found):
        import difflib

        ids = [exercise.id for one in found for exercise in one.chapter.exercises]
        close = difflib.get_close_matches(self.only or "", ids, n=1)
        guess = f"did you mean {close[0]}?" if close else f"there are: {', '.join(ids)}"
        return f"there is no exercise {self.only} in {self.path}; {guess}"
