"""Known wrong answers to the exercises of the chapter on receptive fields."""

from companion.exercises import wrong


@wrong("four-layers", fails="test_the_field")
def four_layers():
    """Forgets the dilation."""
    return 27, 4


@wrong("four-layers", fails="test_the_field")
def four_layers():
    """Multiplies the jump before the size grows."""
    return 45, 4


@wrong("four-layers", fails="test_the_field")
def four_layers():
    """Forgets the jumps."""
    return 15, 4


@wrong("four-layers", fails="test_the_jump")
def four_layers():
    """Takes dilation for a stride."""
    return 35, 8


@wrong("four-times-as-deep", fails="test_how_much_wider")
def four_times_as_deep():
    """Thinks of the whole field."""
    return "four times"


@wrong("four-times-as-deep", fails="test_how_much_wider")
def four_times_as_deep():
    """Thinks that only the kernel counts."""
    return "not"


@wrong("four-times-as-deep", fails="test_how_much_wider")
def four_times_as_deep():
    """Answers with a number."""
    return 2


@wrong("field-of-a-list", fails="test_without_stride")
def field_of(layers):
    """Adds whole kernels."""
    size, jump = 0, 1
    for kernel, stride, dilation in layers:
        size += dilation * kernel * jump
        jump *= stride
    return size, jump


@wrong("field-of-a-list", fails="test_with_strides_and_dilation")
def field_of(layers):
    """Multiplies the jump first."""
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= stride
        size += dilation * (kernel - 1) * jump
    return size, jump


@wrong("field-of-a-list", fails="test_with_strides_and_dilation")
def field_of(layers):
    """Forgets the dilation."""
    size, jump = 1, 1
    for kernel, stride, _ in layers:
        size += (kernel - 1) * jump
        jump *= stride
    return size, jump


@wrong("field-of-a-list", fails="test_with_strides_and_dilation")
def field_of(layers):
    """Takes the stride of the last layer for the jump."""
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * jump
        jump = stride
    return size, jump


@wrong("which-pixels", fails="test_one_layer")
def pixels_of(layers):
    """Multiplies the dilation by the kernel's length."""
    needed = {0}
    for kernel, stride, dilation in reversed(layers):
        needed = {stride * i + n for i in needed for n in range(dilation * kernel)}
    return sorted(needed)


@wrong("which-pixels", fails="test_several_layers")
def pixels_of(layers):
    """Begins with the first layer."""
    needed = {0}
    for kernel, stride, dilation in layers:
        needed = {stride * i + dilation * n for i in needed for n in range(kernel)}
    return sorted(needed)


@wrong("which-pixels", fails="test_several_layers")
def pixels_of(layers):
    """Looks from the previous layer's output as if its stride were 1."""
    needed = {0}
    for kernel, _, dilation in reversed(layers):
        needed = {i + dilation * n for i in needed for n in range(kernel)}
    return sorted(needed)


@wrong("which-pixels", fails="test_one_layer")
def pixels_of(layers):
    """Fills the holes."""
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += dilation * (kernel - 1) * jump
        jump *= stride
    return [*range(size)]


@wrong("which-pixels", fails="test_several_layers")
def pixels_of(layers):
    """Keeps pixels that are reached twice."""
    needed = [0]
    for kernel, stride, dilation in reversed(layers):
        needed = [stride * i + dilation * n for i in needed for n in range(kernel)]
    return sorted(needed)


@wrong("which-pixels", fails="test_one_layer")
def pixels_of(layers):
    """Returns the middles of pixels."""
    needed = {0}
    for k, s, d in reversed(layers):
        needed = {s * i + d * n for i in needed for n in range(k)}
    return sorted(n + 0.5 for n in needed)
