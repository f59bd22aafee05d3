"""``companion check --watch``: look at the files again and again, check what has changed.

Polling, so that it works on every file system and with every editor, those that replace a file
by a new one too.
"""

import time

from companion.exercises import submission, work
from companion.exercises.failures import CompanionError, Unreadable

INTERVAL = 0.3


class Watch:
    """Knows what was checked last, and hands out what has to be checked now.

    Parameters
    ----------
    find : callable
        Returns the list of `Work` as it is now.
    only : str, optional
        Id of the one exercise to watch.
    """

    def __init__(self, find, only=None):
        self._find = find
        self._only = only
        self._stamps = {}
        self._prints = {}
        self._trouble = {}

    def changes(self):
        """Return the changes since the last call and what could not be read.

        Returns
        -------
        list of (Work, list of Exercise, list of Cell)
            Only exercises whose function, or something it needs, is not what it was.
        list of str
            One line for each file that has just become unreadable.
        """
        changed, troubles = [], []
        try:
            found = self._find()
        except CompanionError as error:
            return [], self._news("", str(error))
        self._news("", None)
        for one in found:
            try:
                status = one.path.stat()
                stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
                if self._stamps.get(one.path) == stamp:
                    continue
                cells = submission.read(one.path)
            except FileNotFoundError:  # an editor is just replacing it
                continue
            except Unreadable as error:
                troubles += self._news(one.path, str(error))
                continue
            self._stamps[one.path] = stamp
            self._news(one.path, None)
            exercises = [e for e in work.chosen(one, self._only) if self._is_new(one, e, cells)]
            if exercises:
                changed.append((one, exercises, cells))
        return changed, troubles

    def _is_new(self, one, exercise, cells):
        key = (one.path, exercise.id)
        text = work.fingerprint(exercise, cells, one.chapter.others(exercise))
        new = self._prints.get(key) != text
        self._prints[key] = text
        return new

    def _news(self, key, text):
        """Return a trouble that was not told yet."""
        told = self._trouble.get(key)
        self._trouble[key] = text
        return [text] if text and text != told else []


def watch(find, checked, told, only=None, rounds=None):
    """Check what changes until the learner interrupts.

    Parameters
    ----------
    find : callable
        Returns the list of `Work`.
    checked : callable
        Called with the list of changes of a round, when there are any.
    told : callable
        Called with each line of trouble.
    only : str, optional
        Id of one exercise.
    rounds : int, optional
        Stop after so many looks; without it, never.
    """
    state = Watch(find, only)
    while rounds is None or rounds > 0:
        changed, troubles = state.changes()
        for line in troubles:
            told(line)
        if changed:
            checked(changed)
        rounds = None if rounds is None else rounds - 1
        time.sleep(INTERVAL)
