from __future__ import annotations

import pytest

from onefold.match.names import company_similarity, person_similarity

NEAR, FAR = 0.8, 0.7


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("maria garcia lopez", "garcia lopez maria"),
        ("jean luc martin", "jl martin"),
        ("j smith", "john smith"),
        ("bill turner", "william turner"),
        ("muhammad hussein", "mohamed husayn"),
        ("annemarie koch", "anne marie koch"),
        ("peter van der berg", "peter vanderberg"),
        ("katarina novakova", "katarina novaková".replace("á", "a")),
        ("anna schmidt", "anna schmitd"),
        ("karl friedrich weber", "karl weber"),
        ("ali bin hassan", "ibn hassan ali"),
        ("1gor petrov", "igor petrov".replace("i", "l", 1)),
    ],
)
def test_spellings_of_one_person_are_near(left: str, right: str) -> None:
    assert person_similarity(left, right) >= NEAR
    assert person_similarity(left, right) == pytest.approx(person_similarity(right, left))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("anna schmidt", "anna schulze"),
        ("karl weber", "kurt weber"),
        ("weber", "karl weber"),
        ("ahmad al rashid", "ahmad al masri"),
        ("ali bin hassan al said", "hassan bin ali al said"),
        ("kim min ho", "kim su jin"),
        ("j s", "john smith"),
    ],
)
def test_names_of_two_people_are_far(left: str, right: str) -> None:
    assert person_similarity(left, right) < FAR


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("northern foods", "foods northern"),
        ("hypertek software", "hypertec software"),
        ("first harbor bank", "1st harbor bank"),
        ("twenty one pilots catering", "21 pilots catering"),
        ("acme and sons", "acme sons"),
        ("van der bilt", "vanderbilt"),
        ("international business machines", "ibm"),
        ("muellerag", "mueller"),
        ("stahlbau krause aktiengeselschaft", "stahlbau krause"),
        ("o r i gi nal apparel", "original apparel"),
    ],
)
def test_spellings_of_one_company_are_near(left: str, right: str) -> None:
    assert company_similarity(left, right) >= NEAR
    assert company_similarity(left, right) == pytest.approx(company_similarity(right, left))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("acme mexico", "acme chile"),
        ("meyer logistics", "meyer insurance"),
        ("group holding", "acme group holding"),
    ],
)
def test_names_of_two_companies_are_far(left: str, right: str) -> None:
    assert company_similarity(left, right) < FAR


def test_common_words_count_for_less() -> None:
    rarity = {"turnstone": 1.0, "textiles": 0.3, "weaving": 0.3}
    assert company_similarity("turnstone textiles", "turnstone weaving", rarity) > company_similarity(
        "turnstone textiles", "turnstone weaving"
    )


def test_nothing_is_like_nothing() -> None:
    assert person_similarity("", "anna") == company_similarity("acme", "") == 0.0
