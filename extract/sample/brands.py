"""Networks and companies as `/network/{id}` and `/company/{id}` answer them."""

from typing import Any

from extract.sample.facts import Facts, Row

Document = dict[str, Any]


def network_details(facts: Facts, network_id: int) -> Document:
    """`/network/{id}`: what is not known is empty, as TMDb has it."""
    return _details(facts.networks[network_id])


def network_images(facts: Facts, network_id: int) -> Document:
    """`/network/{id}/images`."""
    return _images(facts.networks[network_id])


def company_details(facts: Facts, company_id: int) -> Document:
    """`/company/{id}`: no parent is known."""
    return _details(facts.companies[company_id]) | {"description": "", "parent_company": None}


def company_images(facts: Facts, company_id: int) -> Document:
    """`/company/{id}/images`."""
    return _images(facts.companies[company_id])


def alternative_names(facts: Facts, brand_id: int) -> Document:
    """`/network/{id}/alternative_names` and the company's: none are bundled."""
    return {"id": brand_id, "results": []}


def _details(row: Row) -> Document:
    return {
        "headquarters": "",
        "homepage": "",
        "id": int(row["id"]),
        "logo_path": row["logo"] or None,
        "name": row["name"],
        "origin_country": row["origin_country"],
    }


def _images(row: Row) -> Document:
    logo = {
        "aspect_ratio": 2.5,
        "file_path": row["logo"],
        "height": 80,
        "id": f"{int(row['id']):024x}",
        "file_type": f".{row['logo'].rpartition('.')[2]}",
        "vote_average": 0.0,
        "vote_count": 0,
        "width": 200,
    }
    return {"id": int(row["id"]), "logos": [logo] if row["logo"] else []}
