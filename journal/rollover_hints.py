"""What the journal tells the change of the year; filled in when the portal starts."""

from accounts.hints import PREFLIGHT_CHECKS, PROMOTION_PROPOSALS
from journal.attestation import debts

PROMOTION_PROPOSALS.register("academic-debts", debts.proposals)
PREFLIGHT_CHECKS.register("Промежуточная аттестация", debts.preflight)
