"""A program whose amount of work is set by a variable."""
import os


def count_digits(n):
    return sum(len(str(i)) for i in range(n))


def sort_numbers(n):
    return sorted(range(n), key=lambda x: -x)


def main(rounds):
    for _ in range(rounds):
        count_digits(8000)
        sort_numbers(4000)


main(5 * int(os.environ.get("REPEAT", "1")))
