"""How long what is kept is kept: read from the configuration, carried out, and told in the record of processing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from copbot.core.house import House
from copbot.store import privacy, retention
from copbot.store.apart import Apart
from copbot.store.retention import Rule

#: For a table that the deployer's own retention.yaml does not know yet.
_KEPT = Rule(purpose="service", kept="as long as the community")


def rules(house: House) -> dict[str, Rule]:
    """The rule of each table: those of retention.yaml, with the deployer's days. Raises ValueError with a sentence."""
    listed = {name: Rule(**rule) for name, rule in house.listing("retention")["tables"].items()}
    found = {table.name: listed.get(table.name, _KEPT) for table in privacy.tables()}
    limited = [name for name, rule in found.items() if rule.days is not None]
    for name in house.keep_days:
        if name not in limited:
            raise ValueError(f"keep_days names {name}, but days can only be set for: {', '.join(sorted(limited))}")
    return {name: _with_days(rule, house.keep_days.get(name, rule.days)) for name, rule in found.items()}


def _with_days(rule: Rule, days: int | None) -> Rule:
    return Rule(rule.purpose, days, rule.since, rule.unless, rule.kept, rule.touched)


def days(house: House) -> dict[str, int]:
    """For how many days each table that has such a limit keeps its rows."""
    return {name: rule.days for name, rule in rules(house).items() if rule.days is not None}


def touched(house: House) -> Mapping[str, list[str]]:
    """The columns, by table, that tell who only had a hand in a row of somebody else's."""
    return {name: rule.touched for name, rule in rules(house).items()}


def purge(tx: Session, now: datetime, house: House, *, dry_run: bool = False) -> dict[str, int]:
    """Erase what was kept long enough; answer how many rows went from each table, or with `dry_run` would go."""
    return retention.purge(tx, now, rules(house), dry_run=dry_run)


def register(house: House) -> str:
    """The record of processing, as Markdown, from the schema as it is."""
    purposes = house.listing("retention")["purposes"]
    opening = [
        "# Record of processing",
        "",
        f"- Responsible: {house.controller or 'not said yet (controller in copbot.toml)'}",
        f"- Contact: {house.contact or 'not said yet (contact in copbot.toml)'}",
        "- About whom: members of the communities in which copbot works, and nobody else",
        "- Who receives it: members of the same community, as each member chose; the platforms that carry the messages",
    ]
    listed = house.listing("retention")["tables"]
    apart = {name: Rule(**listed[name]) if name in listed else _KEPT for name in Apart.metadata.tables}
    parts = [retention.register(rules(house), purposes), retention.register(apart, purposes, Apart.metadata)]
    return "\n\n".join(["\n".join(opening), *parts]) + "\n"
