"""Where the demo plays: five places of Los Angeles County, and invented hosts in them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from goround.domain.privacy import coarse_cell

NETWORK = "la-circles-demo"
TIME_ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class Room:
    """A place to meet; ``north`` and ``east`` are degrees from the middle of its community."""

    name: str
    north: float
    east: float
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """An invented organisation in a real community."""

    slug: str
    name: str
    community: str
    lat: float
    lon: float
    rooms: tuple[Room, ...]
    # Share of parents who speak Spanish, English, both.
    spanish: float
    english: float

    def home(self, rng: Random) -> str:
        """A coarse cell within a few kilometres."""
        return coarse_cell(self.lat + rng.gauss(0, 0.014), self.lon + rng.gauss(0, 0.017))


METRO = Host(
    "childrens-circle-la",
    "Children's Circle Los Angeles (demo)",
    "Metro Los Angeles",
    34.052,
    -118.271,
    (
        Room("Westlake family room", 0.006, -0.008, ("step-free", "childcare")),
        Room("Pico-Union library, upper room", -0.006, -0.012, ("step-free",)),
        Room("Courtyard Homes community room", 0.011, 0.022, ("childcare",)),
    ),
    0.5,
    0.35,
)
PACOIMA = Host(
    "family-lantern-pacoima",
    "Family Lantern Pacoima (demo)",
    "Pacoima",
    34.262,
    -118.421,
    (
        Room("Family Lantern house", 0.001, 0.002, ("step-free", "childcare")),
        Room("Van Nuys Boulevard community centre", 0.007, -0.006, ("step-free",)),
        Room("San Fernando Gardens meeting room", -0.004, 0.008, ("childcare",)),
    ),
    0.6,
    0.2,
)
PANORAMA = Host(
    "open-table-panorama",
    "Open Table Panorama City (demo)",
    "Panorama City and neighbours",
    34.224,
    -118.443,
    (
        Room("Open Table dining room", 0.002, -0.002, ("step-free", "childcare")),
        Room("Roscoe library, children's corner", -0.003, 0.006, ("childcare",)),
        Room("Parkside apartments, common room", 0.008, 0.004),
    ),
    0.5,
    0.25,
)
EL_MONTE = Host(
    "two-bridges-el-monte",
    "Two Bridges Families El Monte (demo)",
    "El Monte and South El Monte",
    34.064,
    -118.029,
    (
        Room("Two Bridges house", 0.002, 0.002, ("step-free", "childcare")),
        Room("South El Monte community centre", -0.014, -0.012, ("step-free", "childcare")),
        Room("Tyler Avenue school, parents' room", 0.012, -0.004),
    ),
    0.45,
    0.3,
)
EAST_LA = Host(
    "kitchen-table-east-la",
    "Kitchen Table East Los Angeles (demo)",
    "East Los Angeles",
    34.034,
    -118.168,
    (
        Room("The kitchen on First Street", 0.003, -0.006, ("step-free", "childcare")),
        Room("Whittier Boulevard library, room B", -0.008, 0.01, ("step-free",)),
        Room("Terrace Homes community room", 0.01, 0.006, ("childcare",)),
    ),
    0.55,
    0.25,
)
HOSTS = (METRO, PACOIMA, PANORAMA, EL_MONTE, EAST_LA)

# Post offices' areas, by roughly their middle.
POSTCODES = {
    "90012": (34.066, -118.238),
    "90015": (34.039, -118.266),
    "90017": (34.053, -118.264),
    "90022": (34.024, -118.156),
    "90026": (34.078, -118.264),
    "90031": (34.081, -118.211),
    "90033": (34.050, -118.211),
    "90057": (34.061, -118.277),
    "90063": (34.045, -118.185),
    "91331": (34.255, -118.421),
    "91352": (34.231, -118.365),
    "91402": (34.224, -118.444),
    "91405": (34.200, -118.446),
    "91731": (34.079, -118.037),
    "91732": (34.074, -118.014),
    "91733": (34.046, -118.053),
}
