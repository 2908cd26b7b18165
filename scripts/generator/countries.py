"""Facts about the countries that the sample customers live in: share, language, mail domains, telephone numbering."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CODES", "COUNTRIES", "Country", "Numbering"]


@dataclass(frozen=True)
class Numbering:
    """A numbering range: area codes, first subscriber digits and the number of subscriber digits."""

    areas: tuple[str, ...]
    first: str
    length: int


@dataclass(frozen=True)
class Country:
    """What the generator knows about a country."""

    code: str
    name: str
    german: str
    share: float
    language: str
    calling: str
    trunk: str
    tld: str
    mail: tuple[str, ...]
    mobile: Numbering
    fixed: Numbering


def _range(areas: str, length: int, first: str = "23456789") -> Numbering:
    return Numbering(tuple(areas.split()), first, length)


_ANY = "0123456789"
_NANP = _range(
    "201 202 206 212 213 214 215 216 303 305 310 312 313 314 317 401 402 404 405 407 408 412 414 415 416 503 504 505 510 512 "
    "513 515 602 603 608 612 614 615 617 619 702 703 704 713 714 716 717 718 719 801 802 803 804 808 812 813 816 818 901 913",
    7,
)

COUNTRIES: tuple[Country, ...] = (
    Country("US", "United States", "USA", 27, "EN", "1", "", "com",
            ("gmail.com", "yahoo.com", "hotmail.com", "aol.com", "icloud.com", "outlook.com", "comcast.net"), _NANP, _NANP),
    Country("GB", "United Kingdom", "Großbritannien", 14, "EN", "44", "0", "co.uk",
            ("gmail.com", "hotmail.co.uk", "btinternet.com", "yahoo.co.uk", "outlook.com", "sky.com"),
            _range("7712 7725 7733 7747 7753 7768 7771 7786 7799 7801 7813 7825 7837 7841 7850 7866 7872 7889 7890 7903 7925 "
                   "7939 7947 7951 7966 7973 7985 7990", 6, _ANY),
            _range("121 131 141 151 161", 7, "234567")),
    Country("DE", "Germany", "Deutschland", 17, "DE", "49", "0", "de",
            ("gmail.com", "gmx.de", "web.de", "t-online.de", "freenet.de", "outlook.de", "yahoo.de"),
            _range("1511 1512 1514 1515 1520 1522 1573 1575 1577 1590 170 171 172 173 174 175 177 178 1762 1763", 7),
            _range("30 40 69 89 221 211 711 351 341 911", 7)),
    Country("FR", "France", "Frankreich", 9, "FR", "33", "0", "fr",
            ("gmail.com", "orange.fr", "free.fr", "wanadoo.fr", "hotmail.fr", "laposte.net", "sfr.fr"),
            _range("612 623 634 645 650 661 672 683 698 760 766 778", 6, _ANY),
            _range("142 145 148 240 251 320 383 388 467 472 478 491 493 556 561", 6, _ANY)),
    Country("ES", "Spain", "Spanien", 6, "ES", "34", "", "es",
            ("gmail.com", "hotmail.com", "yahoo.es", "telefonica.net", "outlook.es"),
            _range("605 610 615 620 626 630 636 646 650 655 660 666 670 677 680 689 690 696", 6, _ANY),
            _range("911 912 913 914 915 916 917 932 933 934 944 954 963 976", 6, _ANY)),
    Country("IT", "Italy", "Italien", 6, "IT", "39", "", "it",
            ("gmail.com", "libero.it", "hotmail.it", "virgilio.it", "tiscali.it", "alice.it"),
            _range("320 328 333 335 338 340 347 348 349 388 389 391 392", 7, _ANY), _range("02 06 011 081 051 055 041", 7)),
    Country("NL", "Netherlands", "Niederlande", 5, "NL", "31", "0", "nl",
            ("gmail.com", "hotmail.com", "ziggo.nl", "kpnmail.nl", "live.nl", "xs4all.nl"),
            _range("610 612 615 620 621 624 628 630 634 641 646 651 653 655", 6, _ANY), _range("20 10 30 70 40 50 24 26 43", 7)),
    Country("SE", "Sweden", "Schweden", 4, "SE", "46", "0", "se",
            ("gmail.com", "hotmail.com", "telia.com", "live.se", "outlook.com"),
            _range("70 72 73 76", 7), _range("31 40 46", 6)),
    Country("BR", "Brazil", "Brasilien", 4, "BR", "55", "", "com.br",
            ("gmail.com", "hotmail.com", "uol.com.br", "yahoo.com.br", "terra.com.br"),
            _range("119 219 319 419 519 619 719 819 859", 8, "6789"), _range("11 21 31 41 51 61 71 81 85", 8, "2345")),
    Country("CH", "Switzerland", "Schweiz", 2, "DE", "41", "0", "ch",
            ("gmail.com", "bluewin.ch", "gmx.ch", "hispeed.ch", "outlook.com"),
            _range("76 77 78 79", 7), _range("44 43 31 61 22 21 41 52", 7)),
    Country("BE", "Belgium", "Belgien", 1.6, "FR", "32", "0", "be",
            ("gmail.com", "skynet.be", "telenet.be", "hotmail.com", "proximus.be"),
            _range("470 472 474 475 476 477 478 479 484 485 486 487 491 494 495 496 497 498", 6, _ANY),
            _range("2 3", 7, "2345678")),
    Country("AU", "Australia", "Australien", 2, "EN", "61", "0", "com.au",
            ("gmail.com", "bigpond.com", "hotmail.com", "outlook.com", "optusnet.com.au"),
            _range("401 402 403 404 407 408 409 410 411 412 413 414 415 416 417 418 419 421 422 423 431 432 433 438", 6, _ANY),
            _range("2 3 7 8", 8, "89")),
    Country("GR", "Greece", "Griechenland", 0.7, "GR", "30", "", "gr",
            ("gmail.com", "yahoo.gr", "otenet.gr", "hotmail.com"), _range("693 694 697 698", 7), _range("210", 7)),
    Country("RU", "Russia", "Russland", 0.7, "RU", "7", "8", "ru",
            ("mail.ru", "yandex.ru", "gmail.com", "rambler.ru"),
            _range("903 905 906 909 910 911 912 915 916 917 919 920 921 925 926", 7), _range("495 499 812 343 383", 7)),
    Country("JP", "Japan", "Japan", 0.7, "JP", "81", "0", "co.jp",
            ("gmail.com", "yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp"), _range("90 80", 8), _range("3 6", 8, "3456")),
    Country("CN", "China", "China", 0.6, "CN", "86", "0", "cn",
            ("163.com", "qq.com", "126.com", "gmail.com"), _range("135 136 137 138 139 150 151 158 159 186 188", 8, _ANY),
            _range("10 21", 8, "5678")),
)  # fmt: skip

CODES: tuple[str, ...] = tuple(country.code for country in COUNTRIES)
