"""The applications of one register, imported into an empty one: the same list, licences and sales, or a refusal."""

from oracle.driver import Driver, ImportFault
from oracle.facts import MONTHS, Facts
from oracle.judging import expected_charges
from oracle.running import Failure, Run, random_run


def faults_of_round_trip(run: Run, engine: str) -> list[str]:
    """What is different in the other register, or refused without a reason."""
    facts = run.model.facts
    other = Driver(engine, run.rounding)
    try:
        items = run.driver.applications()
        is_late = any(licence.is_late for licence in facts.licences.values())
        try:
            other.import_applications(items)
        except ImportFault as fault:
            if other.numbers():
                return ["a refused import has written something"]
            # Its month is open in the empty register.
            return [] if is_late else [f"the import was refused: {fault}"]
        if is_late:
            return ["a late sale was imported into an open month"]
        return _differences(facts, items, other)
    finally:
        other.close()


def _differences(facts: Facts, items: list[dict[str, object]], other: Driver) -> list[str]:
    faults = [f"check: {fault}" for fault in other.faults()]
    if other.applications() != items:
        faults.append(f"the list is {other.applications()}, expected {items}")
    for inn, kpp in {(each.inn, each.kpp) for each in facts.licences.values()}:
        licences = sorted((each.number, each.tier, each.starts_on, each.ends_on)
                          for each in facts.of_organization(inn, kpp))  # fmt: skip
        if other.products(inn, kpp) != licences:
            faults.append(f"the licences are {other.products(inn, kpp)}, expected {licences}")
    # No month of the other register is closed: each has its own sales.
    all_open = Facts(facts.applications, facts.licences)
    for month in MONTHS:
        shown = [{**charge, "name": None} for charge in other.month(month)["charges"]]
        names = shown[0].keys() if shown else ()
        expected = [
            {name: charge.get(name, "0.00" if name == "promotion_discount" else None) for name in names}
            for charge in expected_charges(all_open, month, {})
        ]
        if shown != expected and (shown or expected_charges(all_open, month, {})):
            faults.append(f"{month} has the charges {shown}, expected {expected}")
    return faults


def try_round_trip(seed: int, engine: str = "sqlite", length: int = 14) -> Failure | None:
    """A random history, exported and imported."""
    run, steps, faults = random_run(seed, length, engine)
    try:
        faults = faults or faults_of_round_trip(run, engine)
        return Failure(steps, faults) if faults else None
    finally:
        run.driver.close()
