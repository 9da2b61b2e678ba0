import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { Plan, SealedPlan } from '../domain/plan.ts';

/** Binds a plan to the SHA-256 of its canonical JSON: what is approved is these bytes and no others. */
export function sealPlan(plan: Plan): SealedPlan {
  return { plan, digest: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}
