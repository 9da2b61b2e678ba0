import { z } from 'zod';
import type { Policy } from '../domain/policy.ts';
import { strict } from './schema.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Fractions are allowed: a rehearsal wants hours that last seconds. */
const duration = z.number().positive().max(100_000);
const percent = z.number().min(0).max(100);

const approval = {
  expires_after_hours: duration,
  remind_every_hours: duration,
  required: z.int().min(1).max(10),
  approvers: z.array(z.string().trim().min(1)),
};
const unreachable = { retry_every_minutes: duration, give_up_after_hours: duration };
const budget = { remediations_per_day: z.int().min(0) };
const compromise = {
  compromised_from_score: percent,
  suspicious_from_score: percent,
  minimum_coverage_percent: percent,
};
const leaves = {
  mode: z.enum(['observe', 'notify', 'ticket', 'act']),
  cooldown_hours: duration,
  repeats_before_break_through: z.int().min(1),
  recheck_after_hours: z.array(duration).max(10),
  name_user_from: z.enum(['low', 'medium', 'high']),
  protected_hosts: z.array(z.string().trim().toLowerCase().min(1)),
  retention_days: z.int().min(1),
};

/** The whole policy: `catalog/policy.yaml`. */
export const policySchema = strict({
  ...leaves,
  approval: strict(approval),
  unreachable: strict(unreachable),
  budget: strict(budget),
  compromise: strict(compromise),
})
  .refine((p) => p.compromise.suspicious_from_score <= p.compromise.compromised_from_score, {
    path: ['compromise', 'suspicious_from_score'],
    message: 'must not be above compromised_from_score',
  })
  .refine((p) => p.approval.approvers.length === 0 || p.approval.approvers.length >= p.approval.required, {
    path: ['approval', 'approvers'],
    message: 'names fewer people than approval.required asks for',
  });

export type PolicyFile = z.infer<typeof policySchema>;

/** The operator's file: any leaf may be left out. */
export const partialPolicySchema = strict({
  ...optional(leaves),
  approval: strict(optional(approval)).exactOptional(),
  unreachable: strict(optional(unreachable)).exactOptional(),
  budget: strict(optional(budget)).exactOptional(),
  compromise: strict(optional(compromise)).exactOptional(),
});

type Optional<Shape extends Record<string, z.ZodType>> = { [K in keyof Shape]: z.ZodExactOptional<Shape[K]> };

function optional<Shape extends Record<string, z.ZodType>>(shape: Shape): Optional<Shape> {
  return Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => [key, schema.exactOptional()]),
  ) as Optional<Shape>;
}

/** The operator's leaves over the catalogue's; lists are replaced, not joined. */
export function overridePolicy(base: PolicyFile, over: z.infer<typeof partialPolicySchema>): PolicyFile {
  return {
    ...base,
    ...over,
    approval: { ...base.approval, ...over.approval },
    unreachable: { ...base.unreachable, ...over.unreachable },
    budget: { ...base.budget, ...over.budget },
    compromise: { ...base.compromise, ...over.compromise },
  };
}

/** From the file's units to the domain's milliseconds. */
export function toPolicy(file: PolicyFile): Policy {
  return {
    mode: file.mode,
    cooldownMs: file.cooldown_hours * HOUR_MS,
    repeatsBeforeBreakThrough: file.repeats_before_break_through,
    approval: {
      expiresAfterMs: file.approval.expires_after_hours * HOUR_MS,
      remindEveryMs: file.approval.remind_every_hours * HOUR_MS,
      required: file.approval.required,
      approvers: file.approval.approvers,
    },
    unreachable: {
      retryEveryMs: file.unreachable.retry_every_minutes * MINUTE_MS,
      giveUpAfterMs: file.unreachable.give_up_after_hours * HOUR_MS,
    },
    recheckAfterMs: file.recheck_after_hours.map((hours) => hours * HOUR_MS),
    nameUserFrom: file.name_user_from,
    budget: { remediationsPerDay: file.budget.remediations_per_day },
    protectedHosts: file.protected_hosts,
    retentionDays: file.retention_days,
    compromise: {
      compromisedFromScore: file.compromise.compromised_from_score,
      suspiciousFromScore: file.compromise.suspicious_from_score,
      minimumCoveragePercent: file.compromise.minimum_coverage_percent,
    },
  };
}
