/** How long a Lease that nobody renews counts as held. The three are those of every controller-runtime controller. */
export const LEASE_MS = 15_000;
/** A holder that could not renew for so long stops: well before anyone may take its Lease. */
export const RENEW_DEADLINE_MS = 10_000;
export const RETRY_MS = 2_000;
