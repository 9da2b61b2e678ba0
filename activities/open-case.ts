import type { Claim } from '../domain/cooldown.ts';
import type { Policy } from '../domain/policy.ts';
import { claimLease, type LeaseDeps } from './claim-lease.ts';

export interface OpenCaseInput {
  readonly caseId: string;
  readonly site: string;
  readonly address: string;
}

export type OpenedCase = { readonly policy: Policy } & (
  { readonly scope: 'in'; readonly address: Claim } | { readonly scope: 'unknown_site' | 'outside_ranges' }
);

export interface OpenCaseDeps extends LeaseDeps {
  readonly policy: Policy;
  /** @returns whether the site may send anything to the address; `undefined` for a site that is not configured. */
  readonly inRanges: (site: string, address: string) => boolean | undefined;
}

/**
 * Reads the policy that the case will keep, checks the address against the site's ranges and claims its cooldown.
 * Sends nothing to the address.
 */
export function makeOpenCase(deps: OpenCaseDeps) {
  return async function openCase({ caseId, site, address }: OpenCaseInput): Promise<OpenedCase> {
    const { policy } = deps;
    const inside = deps.inRanges(site, address);
    if (inside === undefined) return { policy, scope: 'unknown_site' };
    if (!inside) return { policy, scope: 'outside_ranges' };
    const claim = await claimLease(deps, {
      caseId,
      key: 'address',
      value: `${site}/${address}`,
      ttlMs: policy.cooldownMs,
      takeOver: false,
    });
    return { policy, scope: 'in', address: claim };
  };
}
