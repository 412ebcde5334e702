"""What fuzzing has tried stays tried."""

from pathlib import Path

import pytest

from .fuzz_dates import read_bytes

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_a_sample_of_the_corpus_is_read_without_an_error(path: Path) -> None:
    read_bytes(path.read_bytes())
