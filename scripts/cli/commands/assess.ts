import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { openCapsule, openEvidenceDirectory, verifyCapsule } from '../../../adapters/evidence-store/capsule.ts';
import { parsePeer } from '../../../adapters/intake/peer.ts';
import { canonicalAddress } from '../../../domain/address.ts';
import { assess } from '../../../domain/assess.ts';
import type { Alert } from '../../../domain/alert.ts';
import { pointInTime } from '../arguments.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { describeAssessment } from '../show-assessment.ts';
import { offlineSnapshot, subjectOf } from '../offline-snapshot.ts';
import { printJson, printText } from '../print.ts';

interface AssessOptions {
  readonly address: string;
  readonly peer?: string;
  readonly seen?: string;
  readonly json?: boolean;
}

export function addAssess(program: Command): void {
  program
    .command('assess')
    .description(
      'judge a capsule, or a directory of raw outputs collected by hand, with the rules a case is judged with',
    )
    .argument('<capsule-or-directory>', 'zip file, or directory of files named after artifact ids')
    .option('--address <ip>', 'address of the host, to match the alert', '0.0.0.0')
    .option('--peer <peer>', 'far end of the alert, for example 82.221.103.246:6881/tcp')
    .option('--seen <time>', 'when the traffic was seen, ISO-8601', pointInTime)
    .option('--json', 'for scripts')
    .addHelpText(
      'after',
      '\nNeeds no server and no configuration. Ids: swarmcase artifacts.\n\nExample:\n  swarmcase assess ./collected --peer 82.221.103.246:6881/tcp',
    )
    .action(async (path: string, options: AssessOptions) => {
      const found = statSync(path, { throwIfNoEntry: false });
      if (!found) throw new CommandError(EXIT.not_found, `There is nothing at ${path}.`);
      const isDirectory = found.isDirectory();
      if (!isDirectory) {
        const verified = await verifyCapsule(path);
        if (!verified.ok)
          throw new CommandError(EXIT.refused, `${path} does not verify; see: swarmcase verify ${path}`);
      }
      const catalog = loadCatalog();
      const source = await (isDirectory ? openEvidenceDirectory(path) : openCapsule(path));
      const snapshot = await offlineSnapshot(catalog, source);
      const assessment = assess({
        snapshot,
        alerts: [alertOf(options, snapshot.collectedAt)],
        subject: subjectOf(snapshot, options.address),
        catalog,
        policy: catalog.policy,
      });
      if (options.json) printJson(assessment);
      else printText(describeAssessment(assessment, source.ignored));
    });
}

function alertOf(options: AssessOptions, collectedAt: string): Alert {
  const peer = options.peer === undefined ? undefined : parsePeer(options.peer);
  if (options.peer !== undefined && !peer)
    throw new CommandError(EXIT.usage, `"${options.peer}" is not a peer; give for example 82.221.103.246:6881/tcp.`);
  const address = canonicalAddress(options.address);
  if (!address) throw new CommandError(EXIT.usage, `"${options.address}" is not an IP address.`);
  return {
    source: 'assess',
    address,
    observedAt: options.seen ?? collectedAt,
    ...(peer ? { peer } : {}),
  };
}
