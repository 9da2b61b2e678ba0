import { z } from 'zod';
import type { Artifact, Collection } from '../domain/artifact.ts';
import { Fault } from '../domain/errors.ts';
import { FACT_KINDS, type FactKindName } from '../domain/facts/kinds.ts';
import type { AlternativeDefinition, CompromiseRule, P2pClient } from '../domain/knowledge.ts';
import { RULE_FIELDS } from '../domain/fact-fields.ts';
import { assertLinearRegex } from '../domain/linear-regex.ts';

/** An object that refuses unknown keys and says which ones it knows. */
export function strict<const Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}; accepted are: ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{1,63}$/, 'an id is 2-64 lower-case letters, digits and hyphens');
const text = z.string().trim().min(1);
const texts = z.array(text);
const port = z.int().min(1).max(65_535);
const references = z.array(z.url());
const factKinds = ['none', ...(Object.keys(FACT_KINDS) as FactKindName[])] as const;

export const artifactSchema = strict({
  id,
  description: text,
  platform: z.enum(['linux', 'windows', 'macos']),
  facts: z.enum(factKinds),
  command: text,
  timeout_seconds: z.int().min(1).max(600),
  max_bytes: z
    .int()
    .min(1)
    .max(64 * 1024 * 1024),
  sensitive: z.boolean(),
  required_permission: z.enum(['user', 'root', 'administrator']),
  references,
}).transform(
  (raw) =>
    ({
      id: raw.id,
      description: raw.description,
      platform: raw.platform,
      facts: raw.facts,
      command: raw.command,
      timeoutSeconds: raw.timeout_seconds,
      maxBytes: raw.max_bytes,
      sensitive: raw.sensitive,
      requiredPermission: raw.required_permission,
      references: raw.references,
    }) satisfies Artifact,
);

export const collectionSchema = strict({
  id,
  description: text,
  platform: z.enum(['linux', 'windows', 'macos']),
  artifacts: z.array(id).min(1),
}) satisfies z.ZodType<Collection>;

const clientPlatform = strict({
  process_names: texts,
  executables: texts,
  command_line_contains: texts,
  state_paths: texts,
  quarantine_paths: z.array(
    text.refine(
      (path) => !/[*?[\]]|(^|[\\/])\.\.([\\/]|$)/.test(path),
      'a path that may be moved is literal: no wildcards, no ..',
    ),
  ),
  package_names: texts,
  autostart_names: texts,
});

export const p2pClientSchema = strict({
  id,
  name: text,
  status: z.enum(['stable', 'experimental', 'deprecated']),
  network: z.enum(['bittorrent', 'edonkey', 'gnutella', 'soulseek', 'other']),
  platforms: strict({
    linux: clientPlatform.exactOptional(),
    windows: clientPlatform.exactOptional(),
    macos: clientPlatform.exactOptional(),
  }),
  default_ports: z.array(port),
  references,
  false_positives: texts,
}) satisfies z.ZodType<P2pClient>;

export const alternativeSchema = strict({
  id,
  title: text,
  explains: text,
  ruled_out_by_protocol: z.boolean(),
  when: z
    .array(
      strict({
        alert_ports: z.array(port).min(1).exactOptional(),
        alert_signature_ids: texts.min(1).exactOptional(),
        socket_owner_names: texts.min(1).exactOptional(),
        process_command_line_contains: texts.min(1).exactOptional(),
      }).refine((condition) => Object.keys(condition).length > 0, 'an empty condition would explain every alert'),
    )
    .min(1),
  references,
  false_positives: texts,
}) satisfies z.ZodType<AlternativeDefinition>;

const pattern = z.string().superRefine((source, context) => {
  try {
    assertLinearRegex(source);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});
const factGroups = [...new Set(Object.values(FACT_KINDS).map((kind) => kind.group))];

export const compromiseRuleSchema = strict({
  id,
  version: z.int().min(1),
  title: text,
  category: z.enum(['execution', 'persistence', 'impairment', 'credentials', 'network', 'impact', 'hiding']),
  weight: z.int().min(0).max(100),
  decisive: z.boolean(),
  attack: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/, 'an ATT&CK technique id looks like T1053.003')),
  platforms: z.array(z.enum(['linux', 'windows', 'macos'])).min(1),
  needs: z.array(z.enum(factGroups)).min(1),
  match: strict({
    fact: z.enum(['process', 'autostart', 'file', 'socket', 'hosts-file']),
    fields: z
      .record(z.string().min(1), pattern)
      .refine((fields) => Object.keys(fields).length > 0, 'a rule without fields would match everything'),
  }).superRefine(({ fact, fields }, context) => {
    for (const field of Object.keys(fields).filter((name) => !RULE_FIELDS[fact].includes(name))) {
      const message = `a ${fact} has no such field; accepted are: ${RULE_FIELDS[fact].join(', ')}`;
      context.addIssue({ code: 'custom', path: ['fields', field], message });
    }
  }),
  references,
  false_positives: texts,
}) satisfies z.ZodType<CompromiseRule>;
