"""Names of people of many cultures, taken apart in one query."""

from __future__ import annotations

from pyspark.sql import SparkSession

from onefold.cleanse.names import standardise_names
from onefold.cleanse.reference import family_names, given_names

PARTS = ("name_title", "given_name", "middle_name", "family_name", "name_suffix")

# whole name, country: given, middle, family; doubt
WORLD: dict[tuple[str, str | None], tuple[str | None, str | None, str | None, str | None]] = {
    ("Karl Theodor von und zu Guttenberg", "DE"): ("Karl", "Theodor", "von und zu Guttenberg", None),
    ("Beethoven, Ludwig van", None): ("Ludwig", None, "van Beethoven", None),
    ("Pieter van 't Hoff", "NL"): ("Pieter", None, "van 't Hoff", None),
    ("DUPONT Jean-Pierre", "FR"): ("Jean-Pierre", None, "Dupont", None),
    ("Sergey Viktorovich LAVROV", None): ("Sergey", "Viktorovich", "Lavrov", None),
    ("Лавров Сергей Викторович", None): ("Сергей", "Викторович", "Лавров", None),
    ("Сергей Викторович Лавров", "RU"): ("Сергей", "Викторович", "Лавров", None),
    ("Petrova Anna Sergeevna", None): ("Anna", "Sergeevna", "Petrova", None),
    ("Иван Петрович", "RU"): ("Иван", None, "Петрович", "full_name:ambiguous_patronymic"),
    ("Aliyev Ilham Heydar oglu", "AZ"): ("Ilham", "Heydar oglu", "Aliyev", None),
    ("Jón Þór Sigurðsson", "IS"): ("Jón", "Þór", "Sigurðsson", None),
    ("María García López", "ES"): ("María", None, "García López", None),
    ("Juan Carlos García", "ES"): ("Juan", "Carlos", "García", None),
    ("Juan Carlos García Márquez", "MX"): ("Juan", "Carlos", "García Márquez", None),
    ("José Ortega y Gasset", "ES"): ("José", None, "Ortega y Gasset", None),
    ("Ana da Silva Santos", "BR"): ("Ana", None, "da Silva Santos", None),
    ("Eva Santiago Ruiz", "ES"): ("Eva", None, "Santiago Ruiz", "full_name:ambiguous_surnames"),
    ("María García López", "US"): ("María", "García", "López", None),
    ("Mohammed bin Salman Al Saud", "SA"): ("Mohammed", "bin Salman", "Al Saud", None),
    ("Abd al-Rahman Hassan", None): ("Abd al-Rahman", None, "Hassan", None),
    ("محمد بن سلمان", None): ("محمد", None, "بن سلمان", None),
    ("Nguyễn Văn An", "VN"): ("Văn", "An", "Nguyễn", None),
    ("An Nguyễn", "VN"): ("An", None, "Nguyễn", None),
    ("Zhang Xiaoming", "CN"): ("Xiaoming", None, "Zhang", None),
    ("Xiaoming Zhang", "CN"): ("Xiaoming", None, "Zhang", None),
    ("Zhang Wei", "CN"): ("Wei", None, "Zhang", "full_name:ambiguous_order"),
    ("Zhang Wei", None): ("Zhang", None, "Wei", "full_name:ambiguous_order"),
    ("Nagy János", "HU"): ("János", None, "Nagy", None),
    ("Taro Yamada", "JP"): ("Taro", None, "Yamada", None),
    ("Yamada Taro", "JP"): ("Taro", None, "Yamada", None),
    ("王小明", "CN"): ("小明", None, "王", None),
    ("欧阳娜娜", "CN"): ("娜娜", None, "欧阳", None),
    ("王小明", None): ("小明", None, "王", "full_name:split_by_surname"),
    ("김정은", None): ("정은", None, "김", None),
    ("남궁민수", "KR"): ("민수", None, "남궁", None),
    ("山田太郎", "JP"): ("太郎", None, "山田", None),
    ("田中 太郎 様", "JP"): ("太郎", None, "田中", None),
    ("贝拉克·奥巴马", "CN"): ("贝拉克", None, "奥巴马", None),
    ("Jack Ma", None): ("Jack", None, "Ma", None),
    ("Don Johnson", None): ("Don", None, "Johnson", None),
    ("Don Diego Vega", None): ("Diego", None, "Vega", None),
    ("Sir Winston", None): ("Winston", None, None, None),
    ("John & Mary Smith", None): ("John", "& Mary", "Smith", "full_name:several_people"),
    ("ANGUS MCDONALD", "GB"): ("Angus", None, "McDonald", None),
    ("Joseph O'Brien-Smith", "IE"): ("Joseph", None, "O'Brien-Smith", None),
}


def test_names_of_the_world(spark: SparkSession) -> None:
    rows = [(f"{name}|{country}", name, "auto", country, *[None] * 5) for name, country in WORLD]
    frame = spark.createDataFrame(
        rows, "case string, full_name string, name_order string, _country string, " + ", ".join(f"{p} string" for p in PARTS)
    )
    found = {row["case"]: row for row in standardise_names(frame.coalesce(1)).collect()}
    made = {
        case: (row["given_name"], row["middle_name"], row["family_name"], next(iter(row["_name_reasons"]), None))
        for case, row in found.items()
    }
    assert made == {f"{name}|{country}": wanted for (name, country), wanted in WORLD.items()}


def test_what_is_standard_stays(spark: SparkSession) -> None:
    """Names that were taken apart and put together come apart the same way where the order is told."""
    rows = [(f"{n}|{c}", n, "auto", c, *[None] * 5) for n, c in WORLD if n.isascii() and " " in n]
    schema = "case string, full_name string, name_order string, _country string, " + ", ".join(f"{p} string" for p in PARTS)
    once = standardise_names(spark.createDataFrame(rows, schema).coalesce(1)).drop("_name_reasons")
    again = standardise_names(once)
    kept = ("case", *PARTS[1:4], "full_name")
    assert sorted(again.select(*kept).collect()) == sorted(once.select(*kept).collect())


def test_the_lists_of_names() -> None:
    assert {n.country for n in family_names()} >= {"CN", "KR", "JP", "VN", "HU", "ES", "MX", "BR", "PT"}
    assert {n.script for n in family_names()} == {"latin", "han", "hangul"}
    assert {n.name for n in given_names() if n.country == "ES"} >= {"maría", "maria", "carlos"}
