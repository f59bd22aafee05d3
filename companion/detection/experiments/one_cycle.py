"""The training that all networks of part V share: Adam, its rate up and down once."""

from companion.data.batches import Batches
from companion.training import Schedule, fit


def one_cycle(model, X, targets, loss, optim, *, epochs, rate, seed=0, batch_size=32, **options):
    """Train a network of either engine, and put it into evaluation mode.

    Parameters
    ----------
    model : Module
        Of the engine of `optim`.
    X, targets : array_like
        Images and what to say about them, equally many.
    loss : callable
        ``loss(model(X), targets)``.
    optim : module
        ``companion.optim`` or ``torch.optim``.
    epochs : int
        Passes over the images.
    rate : float
        Largest learning rate.
    seed : int
        Of the order of the images.
    batch_size : int
        Images an update.
    **options
        `transform` of `companion.data.batches.Batches`; `callbacks`, `validation` of
        `companion.training.fit`.

    Returns
    -------
    History
        Of `companion.training.fit`.

    Notes
    -----
    Rate of Smith and Topin (2018), chapter :ref:`schedules`.
    """
    transform = options.pop("transform", None)
    data = Batches(X, targets, batch_size=batch_size, seed=seed, transform=transform)
    optimizer = optim.Adam(model.parameters(), lr=rate)
    steps = epochs * -(-len(X) // batch_size)
    schedule = Schedule(optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps), "step")
    callbacks = [schedule, *options.pop("callbacks", ())]
    history = fit(model, data, loss, optimizer, epochs=epochs, callbacks=callbacks, **options)
    model.eval()
    return history
