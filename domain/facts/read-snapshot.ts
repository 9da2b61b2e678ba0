import type { Artifact } from '../artifact.ts';
import type { MissingArtifact } from '../evidence.ts';
import type { Platform } from '../subject.ts';
import { coverageOf, type PartReading } from './coverage-of.ts';
import { parseHostsFile } from './hosts-file.ts';
import { readIdentity } from './identity.ts';
import { joinHashes, joinOwners, joinWindowsProcesses } from './join-facts.ts';
import { FACT_KINDS, type FactKindName } from './kinds.ts';
import { parseLinuxCron } from './linux-cron.ts';
import { parseLinuxDesktopEntries } from './linux-desktop-entries.ts';
import { parseLinuxExecutableHashes } from './linux-executable-hashes.ts';
import { parseLinuxFiles } from './linux-files.ts';
import { parseLinuxFirewall } from './linux-firewall.ts';
import { parseLinuxIdentity } from './linux-identity.ts';
import { parseLinuxPackages } from './linux-packages.ts';
import { parseLinuxPreload } from './linux-preload.ts';
import { parseLinuxProcesses } from './linux-processes.ts';
import { parseLinuxSessions } from './linux-sessions.ts';
import { parseLinuxSocketOwners } from './linux-socket-owners.ts';
import { parseSocketTable } from './linux-socket-table.ts';
import { parseLinuxSockets } from './linux-sockets.ts';
import { parseLinuxSystemd } from './linux-systemd.ts';
import type { Reading } from './records.ts';
import type { HostSnapshot } from './snapshot.ts';
import { parseWindowsAutostart } from './windows-autostart.ts';
import { parseWindowsFiles } from './windows-files.ts';
import { parseWindowsFirewall } from './windows-firewall.ts';
import { parseWindowsIdentity } from './windows-identity.ts';
import { parseWindowsNetstat } from './windows-netstat.ts';
import { parseWindowsProcessPaths } from './windows-process-paths.ts';
import { parseWindowsPrograms } from './windows-programs.ts';
import { parseWindowsSessions } from './windows-sessions.ts';
import { parseWindowsServices, parseWindowsTasklist } from './windows-tasklist.ts';

export interface SnapshotPart {
  readonly artifact: Artifact;
  readonly evidenceId: string;
  readonly text: string;
  /** The output was cut: absence in it proves nothing. */
  readonly truncated: boolean;
}

export interface SnapshotInput {
  readonly platform: Platform;
  /** ISO-8601 UTC. */
  readonly collectedAt: string;
  readonly parts: readonly SnapshotPart[];
  readonly missing: readonly MissingArtifact[];
  /** The catalogue's artifacts: say which facts a missing artifact would have given. */
  readonly artifacts: ReadonlyMap<string, Artifact>;
}

/** Turns the raw output of one collection into facts. Pure: parsing again after a parser was mended gives better facts from old evidence. */
export function readSnapshot(input: SnapshotInput): HostSnapshot {
  const readings: PartReading[] = [];
  const read = <T>(kind: FactKindName, parse: (text: string, evidenceId: string) => Reading<T>): readonly T[] =>
    input.parts
      .filter(({ artifact }) => artifact.facts === kind)
      .flatMap((part) => {
        const reading = parse(part.text, part.evidenceId);
        readings.push({ part, kind: FACT_KINDS[kind], reading });
        return reading.facts;
      });

  const meta = Object.fromEntries([
    ...read('linux-identity', parseLinuxIdentity),
    ...read('windows-identity', parseWindowsIdentity),
  ]);
  const bias = Number(meta['utc_bias'] ?? Number.NaN);
  const linuxProcesses = joinHashes(
    read('linux-processes', parseLinuxProcesses),
    read('linux-executable-hashes', parseLinuxExecutableHashes),
  );
  const windowsProcesses = joinWindowsProcesses(
    read('windows-tasklist', withSource(parseWindowsTasklist)),
    read('windows-services', withSource(parseWindowsServices)),
    read('windows-process-paths', parseWindowsProcessPaths),
  );
  const processes = [...linuxProcesses, ...windowsProcesses];
  const rows = [
    ...read('linux-sockets', parseLinuxSockets),
    ...read('linux-socket-table', parseSocketTable),
    ...read('windows-netstat', parseWindowsNetstat),
  ];
  const facts = {
    processes,
    sockets: joinOwners(rows, read('linux-socket-owners', parseLinuxSocketOwners), processes),
    autostart: [
      ...read('linux-systemd', parseLinuxSystemd),
      ...read('linux-desktop-entries', parseLinuxDesktopEntries),
      ...read('linux-cron', parseLinuxCron),
      ...read('linux-preload', parseLinuxPreload),
      ...read('windows-autostart', parseWindowsAutostart),
    ],
    files: [
      ...read('linux-files', parseLinuxFiles),
      ...read('windows-files', (text, evidenceId) => parseWindowsFiles(text, evidenceId, bias)),
    ],
    packages: [...read('linux-packages', parseLinuxPackages), ...read('windows-programs', parseWindowsPrograms)],
    sessions: [...read('linux-sessions', parseLinuxSessions), ...read('windows-sessions', parseWindowsSessions)],
    firewall: [...read('linux-firewall', parseLinuxFirewall), ...read('windows-firewall', parseWindowsFirewall)],
    hostsFile: read('hosts-file', parseHostsFile),
  };
  const { privileged } = readIdentity({ meta, platform: input.platform });
  return {
    platform: input.platform,
    collectedAt: input.collectedAt,
    meta,
    ...facts,
    coverage: coverageOf(readings, input.missing, input.artifacts, privileged),
    unparsed: Object.fromEntries(
      readings
        .filter(({ reading }) => reading.unparsed > 0)
        .map(({ part, reading }) => [part.evidenceId, reading.unparsed]),
    ),
  };
}

function withSource<T extends object>(parse: (text: string) => Reading<T>) {
  return (text: string, evidenceId: string): Reading<T & { evidenceId: string }> => {
    const reading = parse(text);
    return { ...reading, facts: reading.facts.map((fact) => ({ ...fact, evidenceId })) };
  };
}
