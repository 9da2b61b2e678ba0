import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { Fault } from '../../domain/errors.ts';
import { schemaProblems } from './schema-problems.ts';
import { type ConfigFile, configSchema } from './schema.ts';

export type { ConfigFile, MailConfig, SiteConfig, SshConfig, TicketConfig } from './schema.ts';

/** The configuration of one installation. Paths are absolute; secrets are names until a worker resolves them. */
export interface Config extends ConfigFile {
  /** File it came from. */
  readonly file: string;
  readonly secret: (name: string) => string;
}

export const CONFIG_FILE = 'swarmcase.yaml';

/**
 * Reads and checks the configuration; every problem is listed at once, with its line.
 * @param file path; default `$SWARMCASE_CONFIG`, else `swarmcase.yaml` in the working directory.
 * @throws Fault ConfigInvalid (never retried).
 */
export function loadConfig(file = environment.configFile() ?? CONFIG_FILE): Config {
  const path = resolve(file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Fault('ConfigInvalid', `No configuration at ${path}. Write one with: swarmcase init`, { cause });
  }
  const parsed = parseYamlFile(path, text, configSchema);
  return { ...absolutePaths(parsed, dirname(path)), file: path, secret: secretReader(dirname(path)) };
}

/**
 * Parses YAML against a schema. Used for configuration, policy and catalogue alike.
 * @throws Fault ConfigInvalid with one line per problem: file, line, path, what was wrong.
 */
export function parseYamlFile<T extends z.ZodType>(path: string, text: string, schema: T): z.infer<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problems = document.errors.map((e) => `${path}:${lines.linePos(e.pos[0]).line}: ${e.message.split('\n')[0]}`);
  visit(document, {
    Alias: (_, { range }) => {
      problems.push(
        `${path}:${lines.linePos(range?.[0] ?? 0).line}: an alias (*name) is not accepted; write the value out`,
      );
    },
  });
  if (problems.length === 0) {
    const result = schema.safeParse(document.toJS());
    if (result.success) return result.data;
    problems.push(...schemaProblems(path, document, lines, result.error.issues));
  }
  throw new Fault('ConfigInvalid', problems.join('\n'));
}

function absolutePaths(config: ConfigFile, base: string): ConfigFile {
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(base, path));
  const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
    value === undefined ? {} : ({ [key]: absolute(value) } as Record<K, string>);
  type Ssh = ConfigFile['sites'][string]['ssh'];
  const ssh = (s: Ssh): Ssh => ({
    ...s,
    known_hosts: absolute(s.known_hosts),
    ...optional('key', s.key),
    ...(s.jump ? { jump: { ...s.jump, ...optional('key', s.jump.key) } } : {}),
  });
  return {
    ...config,
    state_dir: absolute(config.state_dir),
    ...optional('policy', config.policy),
    ...(config.mail ? { mail: { ...config.mail, ...optional('ca', config.mail.ca) } } : {}),
    sites: Object.fromEntries(
      Object.entries(config.sites).map(([id, site]) => [
        id,
        {
          ...site,
          ssh: ssh(site.ssh),
          ...(site.response_ssh ? { response_ssh: ssh(site.response_ssh) } : {}),
          ...(site.address_log?.kind === 'csv'
            ? { address_log: { ...site.address_log, path: absolute(site.address_log.path) } }
            : {}),
        },
      ]),
    ),
  };
}

/** A secret is `$SWARMCASE_SECRET_<NAME>` or the file `secrets/<name>` beside the configuration. */
function secretReader(base: string): (name: string) => string {
  return (name) => {
    const variable = `SWARMCASE_SECRET_${name.toUpperCase().replaceAll('-', '_')}`;
    const fromEnvironment = process.env[variable];
    if (fromEnvironment) return fromEnvironment;
    const file = join(base, 'secrets', name);
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      throw new Fault('SecretMissing', `Secret "${name}" is neither in $${variable} nor in ${file}.`, { cause });
    }
  };
}

/** What the environment decides besides the configuration file. The only other place that reads it is the SDK's own. */
export const environment = {
  configFile: (): string | undefined => process.env['SWARMCASE_CONFIG'],
  temporalAddress: (): string | undefined => process.env['TEMPORAL_ADDRESS'],
  temporalCliPath: (): string | undefined => process.env['TEMPORAL_CLI_PATH'],
  /** A profile of the Temporal CLI's own configuration file was asked for. */
  namesTemporalProfile: (): boolean => Boolean(process.env['TEMPORAL_PROFILE'] ?? process.env['TEMPORAL_CONFIG_FILE']),
  path: (): string => process.env['PATH'] ?? '',
  cacheHome: (): string => process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '.', '.cache'),
  isCi: (): boolean => process.env['CI'] === 'true',
  userName: (): string => process.env['SUDO_USER'] ?? process.env['USER'] ?? process.env['LOGNAME'] ?? 'unknown',
};
