import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { CONFIG_FILE, type Config, environment, loadConfig } from '../../adapters/config/index.ts';
import { loadCodec } from '../../adapters/temporal/codec.ts';
import { connectClient, externalAddress } from '../../adapters/temporal/connect.ts';
import { Fault } from '../../domain/errors.ts';
import { statePaths } from '../../workers/installation.ts';
import { CommandError, EXIT } from './exit-code.ts';

/** Configuration that `npm start` writes for its practice range. */
export const PRACTICE_CONFIG = join('.swarmcase', 'practice', CONFIG_FILE);

/** File in the state directory that says where the embedded server is. */
export function serverFile(config: Pick<Config, 'state_dir'>): string {
  return join(config.state_dir, 'server.json');
}

export interface EmbeddedServer {
  readonly address: string;
  readonly uiUrl: string;
}

/** The configuration a command works with, with the address of the embedded server that runs for it. */
export function commandConfig(file?: string): Config {
  return withServer(ownConfig(file));
}

/**
 * The configuration as it is written: `--config`, `$SWARMCASE_CONFIG`, `swarmcase.yaml` here, else the practice range's.
 * For a start: the address of a server that an earlier start left behind is none to connect to.
 */
export function ownConfig(file?: string): Config {
  const found = file ?? environment.configFile() ?? (existsSync(CONFIG_FILE) ? CONFIG_FILE : PRACTICE_CONFIG);
  if (file === undefined && !existsSync(found)) {
    throw new CommandError(
      EXIT.fault,
      `No ${CONFIG_FILE} here, and no practice range either. Write a configuration with: swarmcase init, or try: npm start`,
    );
  }
  return loadConfig(found);
}

/** Puts the embedded server's address into a configuration that names none. */
export function withServer(config: Config): Config {
  if (externalAddress(config)) return config;
  const server = embeddedServer(config);
  return server ? { ...config, temporal: { ...config.temporal, address: server.address } } : config;
}

export function embeddedServer(config: Pick<Config, 'state_dir'>): EmbeddedServer | undefined {
  try {
    return JSON.parse(readFileSync(serverFile(config), 'utf8')) as EmbeddedServer;
  } catch {
    return undefined;
  }
}

/**
 * A client for one command. It never makes a key: what it encrypted with a fresh one no worker could read.
 * @throws Fault TemporalUnavailable, SecretMissing.
 */
export async function commandClient(config: Config): Promise<Client> {
  const key = statePaths(config).codecKey;
  if (!existsSync(key)) {
    throw new Fault(
      'SecretMissing',
      `No codec key at ${key}: start the installation first (swarmcase up), or copy its key here.`,
    );
  }
  if (config.temporal.address === undefined && !externalAddress(config)) {
    throw new Fault(
      'TemporalUnavailable',
      `Swarmcase does not run in ${config.state_dir}: start it with swarmcase up (or npm start for the practice range). ` +
        'Cases that have ended can be read without it: swarmcase list --closed, swarmcase show --offline.',
    );
  }
  return connectClient(config, loadCodec(key));
}

/** The site that a command means when it names none: the only one. */
export function siteFor(config: Config, asked?: string): string {
  const sites = Object.keys(config.sites);
  if (asked !== undefined) {
    if (sites.includes(asked)) return asked;
    throw new CommandError(EXIT.usage, `No site "${asked}". Sites: ${sites.join(', ')}.`);
  }
  if (sites.length === 0) throw new CommandError(EXIT.usage, `${config.file} configures no site: add one under sites.`);
  if (sites.length === 1) return sites[0]!;
  throw new CommandError(EXIT.usage, `Say which site with --site. Sites: ${sites.join(', ')}.`);
}
