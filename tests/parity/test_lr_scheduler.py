"""`companion.optim.lr_scheduler` is torch's: same names, arguments, rates, exact resumes."""

import inspect
import json
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.optim import lr_scheduler
from companion.training import checkpoint
from tests.parity.lr_scheduler_cases import BASES, PLAIN, PLATEAU, SEQUENCES, STEPS

pytestmark = pytest.mark.reads("book/reference/api/nn.md")

ENGINES = {
    "companion": (lr_scheduler, optim, lambda: nn.Parameter(np.ones(2))),
    "torch": (
        torch.optim.lr_scheduler,
        torch.optim,
        lambda: torch.nn.Parameter(torch.ones(2, dtype=torch.float64)),
    ),
}
EXACT = {"rtol": 1e-10, "atol": 1e-12}
CASES = [(name, options) for name, tried in PLAIN.items() for options in tried]


def optimizer_of(engine, kind="SGD"):
    """Two groups of different base rates."""
    _, face, parameter = ENGINES[engine]
    one, two = parameter(), parameter()
    extra = {"momentum": 0.9} if kind == "SGD" else {}
    groups = [{"params": [one]}, {"params": [two], "lr": 0.3}]
    return getattr(face, kind)(groups, lr=0.1, **extra)


def advance(engine, optimizer, scheduler, *measure):
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = np.ones(2) if engine == "companion" else torch.ones_like(p)
    optimizer.step()
    scheduler.step(*measure)


def settings(optimizer):
    """Rate and momentum of each group."""
    return [
        [group["lr"], group["betas"][0] if "betas" in group else group["momentum"]]
        for group in optimizer.param_groups
    ]


def course(engine, make, kind="SGD", steps=STEPS, measures=None):
    """Settings at each step, and what `get_last_lr` says."""
    optimizer = optimizer_of(engine, kind)
    scheduler = make(ENGINES[engine][0], optimizer)
    found, told = [settings(optimizer)], []
    for t in range(steps):
        measure = [] if measures is None else [measures[t]]
        advance(engine, optimizer, scheduler, *measure)
        found.append(settings(optimizer))
        told.append(scheduler.get_last_lr())
    return np.array(found), np.array(told)


def assert_same(make, **options):
    (ours, told), (theirs, also_told) = (course(engine, make, **options) for engine in ENGINES)
    np.testing.assert_allclose(ours, theirs, **EXACT)
    np.testing.assert_allclose(told, also_told, **EXACT)
    np.testing.assert_array_equal(told, ours[1:, :, 0])
    return ours


def test_every_name_is_tried():
    tried = PLAIN.keys() | {"ReduceLROnPlateau", "SequentialLR"} | BASES
    assert set(lr_scheduler.__all__) == tried
    assert optim.lr_scheduler is lr_scheduler
    for name, cases in {**PLAIN, "ReduceLROnPlateau": PLATEAU}.items():
        arguments = inspect.signature(getattr(lr_scheduler, name)).parameters.keys()
        used = set().union(*cases)
        assert arguments - {"optimizer", "last_epoch"} == used, name


@pytest.mark.parametrize("name", lr_scheduler.__all__)
def test_arguments_are_torch_s_in_name_order_and_default(name):
    def signature(face):
        parameters = inspect.signature(getattr(face, name)).parameters.values()
        return [(p.name, p.default) for p in parameters]

    assert signature(lr_scheduler) == signature(torch.optim.lr_scheduler)


def test_every_name_is_on_the_api_page():
    pages = Path(__file__).resolve().parents[2] / "book" / "reference" / "api" / "nn.md"
    section = pages.read_text(encoding="utf-8").split("## companion.optim.lr_scheduler")[1]
    listed = re.findall(r"^\| \{py:class\}`(\w+) <", section, flags=re.M)
    assert sorted(listed) == sorted(lr_scheduler.__all__)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_every_rate_is_torch_s(name, options):
    def make(face, optimizer):
        return getattr(face, name)(optimizer, **options)

    for kind in ("SGD", "Adam") if name == "OneCycleLR" else ("SGD",):
        assert_same(make, kind=kind)


@pytest.mark.parametrize(("parts", "milestones"), SEQUENCES)
def test_sequences_are_torch_s(parts, milestones):
    def make(face, optimizer):
        schedulers = [getattr(face, name)(optimizer, **options) for name, options in parts]
        return face.SequentialLR(optimizer, schedulers, milestones)

    assert_same(make)


def measures(seed):
    """Worse, better, level, and now and then no number at all."""
    rng = np.random.default_rng(seed)
    values = np.exp(-np.arange(STEPS) / 15) + 0.05 * rng.normal(size=STEPS)
    values[40:50] = values[40]
    values[[13, 52]] = np.nan, np.inf
    return values - 0.2


@pytest.mark.parametrize("options", PLATEAU)
def test_plateaus_are_torch_s(options):
    fell = 0
    for seed in range(2):
        rates = assert_same(
            lambda face, o: face.ReduceLROnPlateau(o, **options), measures=measures(seed)
        )
        fell += len(np.unique(rates[:, 0, 0])) > 1
    assert fell or options in ({}, {"eps": 0.05, "patience": 1})


def test_a_plateau_without_options_falls_after_ten_bad_epochs():
    rates = assert_same(lambda face, o: face.ReduceLROnPlateau(o), measures=[1.0] * STEPS)
    np.testing.assert_allclose(rates[:12, 0, 0], [0.1] * 12)
    assert rates[12, 0, 0] == pytest.approx(0.01)


# --- saved and resumed -----------------------------------------------------------------------


def sequence_of(parts, milestones):
    def make(face, optimizer):
        schedulers = [getattr(face, name)(optimizer, **options) for name, options in parts]
        return face.SequentialLR(optimizer, schedulers, milestones)

    return make


RESUMED = [
    *(
        pytest.param(lambda face, o, n=n, k=k: getattr(face, n)(o, **k), id=f"{n}-{i}")
        for n, tried in PLAIN.items()
        for i, k in enumerate(tried[:4])
    ),
    *(pytest.param(sequence_of(*parts), id=f"sequence-{i}") for i, parts in enumerate(SEQUENCES)),
]


@pytest.mark.parametrize("make", RESUMED)
@pytest.mark.parametrize("at", [1, 23])
def test_saved_and_resumed_exactly(make, at, tmp_path):
    whole, _ = course("companion", make)
    optimizer = optimizer_of("companion")
    scheduler = make(lr_scheduler, optimizer)
    for _ in range(at):
        advance("companion", optimizer, scheduler)
    checkpoint.save(tmp_path / "run.npz", [optimizer.state_dict(), scheduler.state_dict()])
    for order in (0, 1), (1, 0), (1,):
        kept = checkpoint.load(tmp_path / "run.npz")
        optimizer = optimizer_of("companion")
        scheduler = make(lr_scheduler, optimizer)
        for k in order:
            (optimizer, scheduler)[k].load_state_dict(kept[k])
        found = [settings(optimizer)]
        for _ in range(STEPS - at):
            advance("companion", optimizer, scheduler)
            found.append(settings(optimizer))
        np.testing.assert_array_equal(found, whole[at:])


@pytest.mark.parametrize("make", RESUMED)
def test_a_state_of_torch_is_taken_up(make):
    theirs = optimizer_of("torch")
    kept = make(torch.optim.lr_scheduler, theirs)
    for _ in range(23):
        advance("torch", theirs, kept)
    ours = optimizer_of("companion")
    scheduler = make(lr_scheduler, ours)
    scheduler.load_state_dict(kept.state_dict())
    for _ in range(20):
        np.testing.assert_allclose(settings(ours), settings(theirs), **EXACT)
        advance("companion", ours, scheduler)
        advance("torch", theirs, kept)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_plateau_is_resumed_exactly(engine, tmp_path):
    told = measures(1)

    def make(face, optimizer):
        return face.ReduceLROnPlateau(optimizer, patience=2, cooldown=3)

    whole, _ = course("companion", make, measures=told)
    optimizer = optimizer_of(engine)
    kept = make(ENGINES[engine][0], optimizer)
    for t in range(33):
        advance(engine, optimizer, kept, told[t])
    assert kept.cooldown_counter or kept.num_bad_epochs
    checkpoint.save(tmp_path / "run.npz", kept.state_dict())
    optimizer = optimizer_of("companion")
    scheduler = make(lr_scheduler, optimizer)
    scheduler.load_state_dict(checkpoint.load(tmp_path / "run.npz"))
    found = [settings(optimizer)]
    for t in range(33, STEPS):
        advance("companion", optimizer, scheduler, told[t])
        found.append(settings(optimizer))
    np.testing.assert_allclose(found, whole[33:], **EXACT)


def test_states_are_plain_numbers_and_copies():
    optimizer = optimizer_of("companion")
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    state = scheduler.state_dict()
    scheduler.step()
    assert state == {"last_epoch": 0, "base_lrs": [0.1, 0.3]}
    assert state.keys() <= torch.optim.lr_scheduler.ExponentialLR(
        optimizer_of("torch"), 0.5
    ).state_dict().keys()
    json.dumps(scheduler.state_dict())


def test_last_epoch_goes_on_from_the_rate_in_the_group():
    """As torch: the base rate comes from the saved optimizer, the count from the argument."""
    for engine, (face, _, _) in ENGINES.items():
        optimizer = optimizer_of(engine)
        for _ in range(9):
            advance(engine, optimizer, face.StepLR(optimizer, 4, 0.5))
        state = optimizer.state_dict()
        assert state["param_groups"][1]["initial_lr"] == 0.3
        fresh = optimizer_of(engine)
        fresh.load_state_dict(state)
        scheduler = face.CosineAnnealingLR(fresh, 40, last_epoch=9)
        expected = np.array([0.1, 0.3]) * (1 + np.cos(np.pi * 10 / 40)) / 2
        if engine == "companion":  # torch keeps the rates it finds at first
            np.testing.assert_allclose(scheduler.get_last_lr(), expected, rtol=1e-12)
        assert scheduler.base_lrs == [0.1, 0.3]
        assert scheduler.last_epoch == 10


# --- what only ours has ----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "options"), CASES)
def test_rates_can_be_told_in_advance(name, options):
    optimizer = optimizer_of("companion")
    scheduler = getattr(lr_scheduler, name)(optimizer, **options)
    before = settings(optimizer)
    told = [scheduler.rates(t) for t in range(STEPS)]
    assert settings(optimizer) == before
    for rates in told:
        assert scheduler.get_last_lr() == rates
        scheduler.step()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda s, o: s.StepLR(o, 0), "StepLR: step_size is 0; expected a whole number"),
        (lambda s, o: s.StepLR(o, 2.5), "step_size is 2.5"),
        (lambda s, o: s.StepLR(o, 2, -1), "gamma is -1; expected a number of at least 0"),
        (lambda s, o: s.MultiStepLR(o, [3, -1]), "milestones is -1"),
        (lambda s, o: s.ExponentialLR(o, np.nan), "ExponentialLR: gamma is nan"),
        (lambda s, o: s.ExponentialLR(o, np.inf), "gamma is inf"),
        (lambda s, o: s.ConstantLR(o, 1.5), "factor is 1.5; expected a number from 0 to 1"),
        (lambda s, o: s.LinearLR(o, 0.0), "start_factor is 0.0; expected a number above 0"),
        (lambda s, o: s.LinearLR(o, end_factor=2), "end_factor is 2"),
        (lambda s, o: s.LinearLR(o, total_iters=0), "total_iters is 0"),
        (lambda s, o: s.PolynomialLR(o, 5, -1), "power is -1"),
        (lambda s, o: s.CosineAnnealingLR(o, 0), "T_max is 0"),
        (lambda s, o: s.CosineAnnealingLR(o, 5, -0.1), "eta_min is -0.1"),
        (lambda s, o: s.CosineAnnealingWarmRestarts(o, 5, 0), "T_mult is 0"),
        (lambda s, o: s.LambdaLR(o, [abs]), "lr_lambda has 1 entries for 2 groups; pass one a"),
        (lambda s, o: s.LambdaLR(o, lambda t: -1), "the rate at step 0 is -0.1; expected a finite"),
        (lambda s, o: s.LambdaLR(o, lambda t: np.nan), "the rate at step 0 is nan"),
        (lambda s, o: s.OneCycleLR(o, 1.0), "got no length; pass total_steps, or epochs and"),
        (lambda s, o: s.OneCycleLR(o, 1.0, epochs=3), "got no length"),
        (lambda s, o: s.OneCycleLR(o, 1.0, 0), "total_steps is 0"),
        (lambda s, o: s.OneCycleLR(o, 1.0, 9, pct_start=2), "pct_start is 2"),
        (lambda s, o: s.OneCycleLR(o, 1.0, 9, anneal_strategy="cosine"), "'cos' or 'linear'"),
        (lambda s, o: s.OneCycleLR(o, 1.0, 9, div_factor=0), "div_factor is 0"),
        (lambda s, o: s.OneCycleLR(o, [1.0], 9), "max_lr has 1 entries for 2 groups"),
        (lambda s, o: s.ReduceLROnPlateau(o, mode="up"), "mode is up; expected 'min' or 'max'"),
        (lambda s, o: s.ReduceLROnPlateau(o, factor=1.0), "factor is 1.0; expected a number"),
        (lambda s, o: s.ReduceLROnPlateau(o, patience=-1), "patience is -1"),
        (lambda s, o: s.ReduceLROnPlateau(o, threshold_mode="x"), "threshold_mode is x"),
        (lambda s, o: s.SequentialLR(o, [], []), "0 schedules and 0 milestones"),
        (lambda s, o: s.SequentialLR(o, [s.LinearLR(o)] * 3, [4, 2]), "milestones is 2; expected"),
        (
            lambda s, o: s.SequentialLR(o, [s.LinearLR(optimizer_of("companion"))], []),
            "LinearLR belongs to another optimizer",
        ),
        (
            lambda s, o: s.SequentialLR(o, [s.LinearLR(o), s.ReduceLROnPlateau(o)], [3]),
            "ReduceLROnPlateau waits for a measure",
        ),
        (
            lambda s, o: s.LinearLR(o).load_state_dict({"last_epoch": 1, "base_lrs": [1.0]}),
            "1 base rates do not fit 2 groups",
        ),
    ],
)
def test_errors_name_the_value_and_the_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        make(lr_scheduler, optimizer_of("companion"))


def test_numbers_of_steps_may_be_numpy_s():
    optimizer = optimizer_of("companion")
    found = lr_scheduler.MultiStepLR(optimizer, np.array([3, 7]))
    expected = lr_scheduler.MultiStepLR(optimizer, [3, 7])
    assert [found.rates(t) for t in range(9)] == [expected.rates(t) for t in range(9)]
    assert lr_scheduler.StepLR(optimizer, np.int64(4)).rates(4) == pytest.approx([0.01, 0.03])


def test_other_errors():
    with pytest.raises(TypeError, match="StepLR: got a list as optimizer; make the"):
        lr_scheduler.StepLR([], 3)
    with pytest.raises(TypeError, match="LambdaLR: got a list"):
        lr_scheduler.LambdaLR([], abs)
    with pytest.raises(KeyError, match="last_epoch is 3, but a group has no 'initial_lr'"):
        lr_scheduler.StepLR(optimizer_of("companion"), 3, last_epoch=3)
    with pytest.raises(NotImplementedError, match="LRScheduler does not say which rate"):
        lr_scheduler.LRScheduler(optimizer_of("companion"))
    plain = optim.SGD([nn.Parameter(np.ones(1))], lr=0.1)
    del plain.defaults["momentum"]
    with pytest.raises(ValueError, match="SGD has no momentum to cycle; pass cycle_momentum=False"):
        lr_scheduler.OneCycleLR(plain, 1.0, 9)


def test_a_cycle_ends():
    """At its last step the rate is the smallest; one step more is borne, as in torch."""
    optimizer = optimizer_of("companion")
    scheduler = lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=9, anneal_strategy="linear")
    for _ in range(8):
        scheduler.step()
    last = scheduler.get_last_lr()
    np.testing.assert_allclose(last, 1 / 25 / 1e4)
    scheduler.step()
    assert scheduler.get_last_lr() == last
    with pytest.raises(ValueError, match="step 10 lies beyond the end of a cycle of 9 steps"):
        scheduler.step()


@pytest.mark.parametrize("share", [0.1, 1.0])
def test_a_cycle_that_torch_divides_by_zero_in(share):
    """With one step on the way up, or none on the way down."""
    optimizer = optimizer_of("companion")
    scheduler = lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=10, pct_start=share)
    rates = np.array([scheduler.rates(t)[0] for t in range(11)])
    assert rates[0 if share == 0.1 else 9] == pytest.approx(1)
    assert (rates <= 1).all()
    assert (rates > 0).all()


def test_where_ours_differs_on_purpose():
    """The page of differences says so: the rate depends on the step alone."""
    rates = {}
    for engine, (face, _, _) in ENGINES.items():
        optimizer = optimizer_of(engine)
        scheduler = face.ExponentialLR(optimizer, 0.5)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            optimizer.param_groups[0]["lr"] = 8.0
            scheduler.step()
        rates[engine] = scheduler.get_last_lr()[0]
    assert rates == {"companion": 0.05, "torch": 4.0}


def test_a_cycle_in_a_sequence_leaves_the_other_rates_alone():
    optimizer = optimizer_of("companion")
    warm = lr_scheduler.LinearLR(optimizer, 0.5, total_iters=5)
    cycle = lr_scheduler.OneCycleLR(optimizer, 0.9, total_steps=20, max_momentum=0.99)
    sequence = lr_scheduler.SequentialLR(optimizer, [warm, cycle], [5])
    found = [settings(optimizer)]
    for _ in range(24):
        sequence.step()
        found.append(settings(optimizer))
    found = np.array(found)
    np.testing.assert_allclose(found[:5, :, 0], np.outer(0.5 + np.arange(5) / 10, [0.1, 0.3]))
    np.testing.assert_allclose(found[5, :, 0], 0.9 / 25)
    np.testing.assert_allclose(found[5:, 0, 0], [cycle.rates(t)[0] for t in range(20)])
    np.testing.assert_allclose(found[5:, 0, 1], [cycle.momenta(t)[0] for t in range(20)])


def test_ends_that_torch_s_recursion_cannot_leave():
    """A fraction of 0: torch divides by it on the way out."""
    optimizer = optimizer_of("companion")
    scheduler = lr_scheduler.ConstantLR(optimizer, 0.0, 2)
    assert [scheduler.rates(t)[0] for t in range(4)] == [0, 0, 0.1, 0.1]
