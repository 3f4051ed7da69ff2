"""An attacker's program: what can somebody work out from everything that was ever published?

It shares no code with the rounding. It reads what anybody can read, and of the inside only what an
attacker is measured by. It is as strong as can be: it knows every rule and every bound, what can
never happen, what is never more than another number, and between two publications which cells
changed and which way. What it does not know is the secret.

For each small cell it looks for the least and the most the cell can be, in whole numbers: a linear
program with fractions would be a weaker attacker.
"""

from kdt.publications.attack.certify import Report, attack
from kdt.publications.attack.model import Rule, Unsolved
from kdt.publications.attack.printed import Inside, Place, Printed, Seen
from kdt.publications.attack.search import Narrowed

__all__ = ["Inside", "Narrowed", "Place", "Printed", "Report", "Rule", "Seen", "Unsolved", "attack"]
