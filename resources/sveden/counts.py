"""Numbers of pupils as everybody may read them (8.1): small ones are not told, and can't be worked out. Pure.

What is printed depends only on the numbers that are told and on which classes are small. So a small class may be of one
pupil or of four, and nothing on the page differs: no subtraction leads to it.
"""

from collections.abc import Iterable

# Fewer pupils than this are not counted out loud: a number of two or three is as good as names.
SMALL = 5


def is_small(pupils: int) -> bool:
    return 0 < pupils < SMALL


def of_class(pupils: int) -> str:
    """The number of a class, or «менее 5»; an empty class names nobody."""
    return f"менее {SMALL}" if is_small(pupils) else str(pupils)


def of_classes(numbers: Iterable[int]) -> str:
    """The sum over classes; where some of them are small, its least and its greatest value: «от 31 до 34»."""
    numbers = list(numbers)
    told = sum(number for number in numbers if not is_small(number))
    small = sum(map(is_small, numbers))
    if not small:
        return str(told)
    if not told and small == 1:
        return of_class(1)
    return f"от {told + small} до {told + small * (SMALL - 1)}"
