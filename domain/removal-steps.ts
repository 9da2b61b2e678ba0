import type { ClientMatch } from './assessment.ts';
import type { Platform } from './subject.ts';

/** What a user has to know about one program besides the usual way. Keyed by the catalogue's id. */
const NOTES: Readonly<Record<string, string>> = {
  aria2: 'aria2 also downloads without peer-to-peer; if your work needs it, say so instead of removing it.',
  bittorrent: 'Its installer offers other programs: remove those that came on the same day, if you do not know them.',
  deluge: 'Its background service runs without a window; removing the program removes it.',
  qbittorrent: 'Closing its window may leave it running: use Exit in its menu or in the menu of its tray icon.',
  transmission:
    'If it runs as a service, removing the program with its service ends it; ask the service desk if you are not sure.',
  utorrent: 'Its installer offers other programs: remove those that came on the same day, if you do not know them.',
};

const WAYS: Readonly<Record<Platform, (name: string) => string>> = {
  linux: (name) =>
    `Remove ${name} with the program manager that it was installed with, or ask the service desk to do it.`,
  macos: (name) => `Move ${name} from Applications to the Bin.`,
  unknown: (name) => `Remove ${name} in the way that is usual on the device, or ask the service desk to do it.`,
  windows: (name) => `Open Settings, Apps, Installed apps, find ${name} and choose Uninstall.`,
};

/** Steps for the user of a device to end the use of one program. Nothing of their own files is touched by them. */
export function removalSteps(client: Pick<ClientMatch, 'clientId' | 'name'>, platform: Platform): readonly string[] {
  const name = client.name;
  const special = NOTES[client.clientId];
  return [
    `Exit ${name}.`,
    ...(special === undefined ? [] : [special]),
    WAYS[platform](name),
    `Start the device again and check that ${name} does not come back.`,
  ];
}
