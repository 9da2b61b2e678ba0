import type { Platform } from '../subject.ts';
import type { FactGroup } from './snapshot.ts';

/** What an artifact's output is about, and on which platform it exists. */
export interface FactKind {
  readonly group: FactGroup;
  readonly platforms: readonly Platform[];
  /** Adds to facts that another artifact reads: alone it answers nothing. */
  readonly supplement?: true;
}

/**
 * Every value that an artifact's `facts` may have besides `none`. Each has one parser of the same name in this folder;
 * `read-snapshot.ts` joins them.
 */
export const FACT_KINDS = {
  'linux-identity': { group: 'identity', platforms: ['linux'] },
  'linux-processes': { group: 'processes', platforms: ['linux'] },
  'linux-executable-hashes': { group: 'processes', platforms: ['linux'], supplement: true },
  'linux-sockets': { group: 'sockets', platforms: ['linux'] },
  'linux-socket-owners': { group: 'sockets', platforms: ['linux'], supplement: true },
  'linux-socket-table': { group: 'sockets', platforms: ['linux'], supplement: true },
  'linux-sessions': { group: 'sessions', platforms: ['linux'] },
  'linux-systemd': { group: 'autostart', platforms: ['linux'] },
  'linux-desktop-entries': { group: 'autostart', platforms: ['linux'] },
  'linux-cron': { group: 'autostart', platforms: ['linux'] },
  'linux-preload': { group: 'autostart', platforms: ['linux'] },
  'linux-packages': { group: 'packages', platforms: ['linux'] },
  'linux-files': { group: 'files', platforms: ['linux'] },
  'linux-firewall': { group: 'firewall', platforms: ['linux'] },
  'hosts-file': { group: 'hosts-file', platforms: ['linux', 'windows'] },
  'windows-identity': { group: 'identity', platforms: ['windows'] },
  'windows-tasklist': { group: 'processes', platforms: ['windows'] },
  'windows-services': { group: 'processes', platforms: ['windows'] },
  'windows-process-paths': { group: 'processes', platforms: ['windows'], supplement: true },
  'windows-netstat': { group: 'sockets', platforms: ['windows'] },
  'windows-sessions': { group: 'sessions', platforms: ['windows'] },
  'windows-autostart': { group: 'autostart', platforms: ['windows'] },
  'windows-programs': { group: 'packages', platforms: ['windows'] },
  'windows-files': { group: 'files', platforms: ['windows'] },
  'windows-firewall': { group: 'firewall', platforms: ['windows'] },
} as const satisfies Readonly<Record<string, FactKind>>;

export type FactKindName = keyof typeof FACT_KINDS;
