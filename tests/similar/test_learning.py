"""What texts are compared by: the same for the same text, whatever its length, and near for texts
about the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt.similar.features import fold, words
from kdt.similar.learning import COMMON, DIRECTIONS, Learnt, learn
from tests.similar.invented import QUERIES, texts

TEXTS = texts(200)
LEARNT = learn([text for _, text in TEXTS])


@given(st.text(max_size=400))
def test_any_text_is_at_one_point_of_length_one_or_at_none(text: str) -> None:
    point = LEARNT.point(text)
    assert point.shape == (DIRECTIONS,)
    assert np.isfinite(point).all()
    assert np.linalg.norm(point) == pytest.approx(1, abs=1e-5) or not point.any()
    assert (LEARNT.point(text) == point).all()


@given(st.sampled_from(TEXTS), st.integers(2, 6))
def test_saying_it_again_and_again_moves_a_text_little(one: tuple[str, str], times: int) -> None:
    once = LEARNT.point(one[1])
    assert once @ LEARNT.point(" ".join([one[1]] * times)) > 0.98
    assert once @ LEARNT.point(one[1].upper().replace(" ", "\n ")) == pytest.approx(1, abs=1e-4)


def test_what_says_nothing_is_nowhere() -> None:
    for text in ("", " \n", "?!…", "\ud800", "zq wx"):
        assert not LEARNT.point(text).any()
    assert learn([]).point("Een pleegkind.").shape == (DIRECTIONS,)
    assert not learn([]).point("Een pleegkind.").any()


def test_numbers_of_a_file_and_of_a_person_are_not_told_apart() -> None:
    assert fold("Zaak Z-2041, geboren 03-04-1989") == fold("zaak z 7777: GEBOREN 11 12 2001")


def test_what_was_learnt_is_kept_as_it_was_and_learnt_the_same_again() -> None:
    again = Learnt.unpacked(LEARNT.packed())
    afresh = learn([text for _, text in TEXTS])
    for text in QUERIES.values():
        assert (again.point(text) == LEARNT.point(text)).all()
        assert afresh.point(text) == pytest.approx(LEARNT.point(text), abs=1e-3)


def test_only_words_that_several_texts_have_are_ever_shown_as_shared() -> None:
    rare = ["Alleen hier staat Zwartepoortes.", "Ook hier staat Zwartepoortes."]
    known = learn([*(text for _, text in TEXTS), *rare])
    assert "zwartepoortes" not in known.telling(rare[0])
    several = [f"{number} keer staat hier Zwartepoortes." for number in range(COMMON)]
    assert "zwartepoortes" in learn([*(text for _, text in TEXTS), *several]).telling(rare[0])
    assert {"pleegkind"} <= {word for word, _ in words("Het PLEEGKIND, een kind.")}


def test_of_invented_texts_the_nearest_are_about_the_same() -> None:
    points = np.array([LEARNT.point(text) for _, text in TEXTS])
    for subject, query in QUERIES.items():
        nearest = np.argsort(-points @ LEARNT.point(query))[:5]
        assert [TEXTS[one][0] for one in nearest] == [subject] * 5, query
