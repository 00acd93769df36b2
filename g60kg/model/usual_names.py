"""Names that sources and curators use for classes and stages, beside the labels of the ontology.

Sheets and `g60kg terms` accept them. They are no labels: a question with "park" or 规划 is seldom
about all zones or all policy documents.
"""

from __future__ import annotations

from typing import Final

from g60kg.model.names import Names
from g60kg.namespaces import g60

CLASS_NAMES: Final = {
    "Enterprise": "company/firm/公司",
    "Organization": "school/hospital/学校/医院",
    "University": "college/大学/学院",
    "ResearchInstitute": "institute/laboratory/研究院/研究所/实验室",
    "FinancialInstitution": "bank/银行",
    "GovernmentBody": "ministry/committee/委员会",
    "TransportLine": "railway/铁路",
    "TransportNode": "station/airport/车站/机场",
    "Zone": "park/园区",
    "PrefectureCity": "市",
    "CountyDivision": "county/县/区",
    "Township": "town/镇",
    "Meeting": "conference/forum/大会/论坛",
    "PolicyDocument": "规划",
    "Recognition": "award/奖项",
}
STAGE_NAMES: Final = {
    "PlannedStage": "planned/规划中",
    "UnderConstruction": "being built/建设中/在建设",
    "Completed": "built/建成/竣工",
    "InOperation": "operational/open/in use/投入运营/运营/投运/投产/启用",
    "Discontinued": "closed/shut/repealed/停产/停运/关停/废止",
}


def with_usual(names: Names, usual: dict[str, str]) -> Names:
    """Return an index that has the usual names of terms of the ontology too."""
    more = names.copy()
    for term, of_term in usual.items():
        for name in of_term.split("/"):
            more.add(name, g60(term))
    return more
