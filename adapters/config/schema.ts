import { z } from 'zod';
import { strict } from '../../catalog/schema.ts';

const secretName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/i, 'a secret is given by its name (letters, digits, - and _), never by its value');
const endpoint = strict({ host: z.string().min(1), port: z.int().min(1).max(65535) });

const login = {
  user: z.string().min(1),
  /** Path of a private key file. */
  key: z.string().optional(),
  /** Name of the secret that unlocks the key. */
  passphrase_secret: secretName.optional(),
  /** Path of an agent socket. */
  agent: z.string().optional(),
  password_secret: secretName.optional(),
};

const ssh = strict({
  ...login,
  port: z.int().min(1).max(65535).default(22),
  known_hosts: z.string().min(1),
  /** One jump host, itself pinned in `known_hosts`. */
  jump: strict({ ...login, host: z.string().min(1), port: z.int().min(1).max(65535).default(22) }).optional(),
  /** Where an address is reached when it is not `address:port`, for example behind a static NAT. */
  endpoints: z.record(z.string(), endpoint).default({}),
});

export const siteSchema = strict({
  ranges: z
    .array(z.union([z.cidrv4(), z.cidrv6()], 'is no address range; write for example 10.20.0.0/16'))
    .min(1, 'name at least one address range, for example 10.20.0.0/16'),
  ssh,
  /** Credentials that may change a host; without them a site can only be investigated. */
  response_ssh: ssh.optional(),
  address_log: z
    .discriminatedUnion('kind', [
      strict({ kind: z.literal('csv'), path: z.string() }),
      strict({ kind: z.literal('http'), url: z.url(), token_secret: secretName.optional() }),
    ])
    .optional(),
});

const mail = strict({
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  security: z.enum(['starttls', 'tls', 'none']),
  user: z.string().optional(),
  password_secret: secretName.optional(),
  /** Extra certificate authority, PEM file. */
  ca: z.string().optional(),
  from: z.email(),
  analysts: z.array(z.email()).min(1),
  /** Mail address of a user whose directory entry is unknown; `{user}` is replaced. */
  user_address: z.string().includes('{user}').optional(),
});

const tickets = z.discriminatedUnion('kind', [
  strict({ kind: z.literal('files') }),
  strict({
    kind: z.literal('jira'),
    url: z.url(),
    deployment: z.enum(['cloud', 'data-center']),
    project: z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/),
    issue_type: z.string().default('Task'),
    user: z.string().optional(),
    token_secret: secretName,
    done_transition: z.string().default('Done'),
  }),
]);

export const configSchema = strict({
  state_dir: z.string().default('.swarmcase'),
  temporal: strict({ address: z.string().optional(), namespace: z.string().default('default') }).default({
    namespace: 'default',
  }),
  /** Operator's policy file; what it leaves out comes from the catalogue's. */
  policy: z.string().optional(),
  sites: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a site is named by 1-32 lower-case letters, digits and hyphens'),
    siteSchema,
  ),
  mail: mail.optional(),
  tickets: tickets.default({ kind: 'files' }),
});

export type ConfigFile = z.infer<typeof configSchema>;
export type SiteConfig = z.infer<typeof siteSchema>;
export type SshConfig = z.infer<typeof ssh>;
export type MailConfig = z.infer<typeof mail>;
export type TicketConfig = z.infer<typeof tickets>;
