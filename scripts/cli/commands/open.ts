import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { environment } from '../../../adapters/config/index.ts';
import { parsePeer } from '../../../adapters/intake/peer.ts';
import { inRanges } from '../../../adapters/ssh/ranges.ts';
import { startOrJoin } from '../../../adapters/temporal/start-or-join.ts';
import { canonicalAddress } from '../../../domain/address.ts';
import type { Alert } from '../../../domain/alert.ts';
import { pointInTime } from '../arguments.ts';
import { commandClient, commandConfig, siteFor } from '../context.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { openList } from '../open-list.ts';
import { printJson, printText } from '../print.ts';

export interface OpenOptions {
  readonly site?: string;
  readonly peer?: string;
  readonly seen?: string;
  readonly signature?: string;
  readonly signatureId?: string;
  readonly file?: string;
  readonly format: 'auto' | 'list' | 'csv' | 'ndjson';
  readonly columns?: string;
  readonly by: string;
  readonly json?: boolean;
}

export function addOpen(program: Command): void {
  program
    .command('open')
    .description('open a case per suspect address, from the command line or from a list')
    .argument('[addresses...]', 'suspect addresses')
    .option('--site <site>', 'site of the addresses; the only one when there is one')
    .option('--peer <peer>', 'far end of the flow, for example 82.221.103.246:6881/tcp')
    .option('--seen <time>', 'when the traffic was seen, ISO-8601', pointInTime)
    .option('--signature <text>', 'name of the detection')
    .option('--signature-id <id>', 'id of the detection, for example a Suricata sid')
    .option('--file <path>', 'list of addresses, CSV with a header, or NDJSON; - reads standard input')
    .addOption(
      new Option('--format <format>', 'of the file').choices(['auto', 'list', 'csv', 'ndjson']).default('auto'),
    )
    .option('--columns <map>', 'CSV columns, for example address=src_ip,peer=dest_ip,port=dest_port,seen=timestamp')
    .option('--by <name>', 'who asks; may not approve the plans of these cases', environment.userName())
    .option('--json', 'for scripts')
    .addHelpText(
      'after',
      `
Exit codes: 0 all opened, 3 some lines refused (the others are opened), 1 nothing opened.

Examples:
  swarmcase open 10.0.0.5 --peer 82.221.103.246:6881/tcp --seen 2026-11-21T09:00:00Z --signature "ET P2P BitTorrent peer sync"
  swarmcase open --file hosts.csv --columns address=src_ip,peer=dest_ip,seen=timestamp
  jq -c 'select(.alert)' eve.json | swarmcase open --file - --format ndjson`,
    )
    .action(async (addresses: string[], options: OpenOptions, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const site = siteFor(config, options.site);
      if (addresses.length > 0 === (options.file !== undefined)) {
        throw new CommandError(EXIT.usage, 'Give addresses, or a list with --file; not both, not neither.');
      }
      if (options.file !== undefined) {
        const input = options.file === '-' ? process.stdin : fileOf(options.file);
        await openList(config, site, input, { ...options, name: options.file });
        return;
      }
      const alerts = addresses.map((address) => alertOf(address, options));
      const { ranges } = config.sites[site]!;
      const outside = alerts.filter(({ address }) => !inRanges(ranges, address)).map(({ address }) => address);
      if (outside.length > 0) {
        throw new CommandError(
          EXIT.usage,
          `Outside the ranges of site ${site} (${ranges.join(', ')}): ${outside.join(', ')}. No case was opened.`,
        );
      }
      const client = await commandClient(config);
      const results = [];
      for (const alert of alerts) {
        const state = await startOrJoin(client, { site, alert, openedBy: options.by });
        results.push({ address: alert.address, state });
        if (!options.json) {
          printText(
            state === 'started'
              ? `${alert.address}: case opened`
              : `${alert.address}: joined the open case as a further sighting`,
          );
        }
      }
      await client.connection.close();
      if (options.json) printJson(results);
      else printText('Watch them with: swarmcase watch');
    });
}

function fileOf(path: string): ReadStream {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new CommandError(EXIT.not_found, `There is no file ${path}.`);
  if (found.isDirectory()) throw new CommandError(EXIT.usage, `${path} is a directory; give a file.`);
  return createReadStream(path);
}

function alertOf(text: string, options: OpenOptions): Alert {
  const address = canonicalAddress(text);
  if (!address)
    throw new CommandError(
      EXIT.usage,
      `"${text}" is not an IP address. Accepted: 10.0.0.5 or 2001:db8::5, one per argument.`,
    );
  const peer = options.peer === undefined ? undefined : parsePeer(options.peer);
  if (options.peer !== undefined && !peer) {
    throw new CommandError(
      EXIT.usage,
      `"${options.peer}" is not a peer. Accepted: 82.221.103.246, 82.221.103.246:6881, 82.221.103.246:6881/tcp, [2001:db8::9]:6881/udp.`,
    );
  }
  return {
    source: 'cli',
    observedAt: options.seen ?? new Date().toISOString(),
    address,
    ...(peer ? { peer } : {}),
    ...(options.signature ? { signature: options.signature } : {}),
    ...(options.signatureId ? { signatureId: options.signatureId } : {}),
  };
}
