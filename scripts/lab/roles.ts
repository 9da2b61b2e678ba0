/** What a role needs from the golden root, and who sits at such a host. The behaviour is in `roles/<role>.sh`. */
interface RoleDefinition {
  /** Layer over the base root, from `root/layers.conf`. */
  readonly layer: string | undefined;
  /** Whose desktop it is: the user the address log names. */
  readonly user: string;
}

export const ROLES = {
  seed: { layer: 'seed', user: 'bob' },
  transmission: { layer: 'transmission', user: 'alice' },
  qbittorrent: { layer: 'qbittorrent', user: 'alice' },
  deluge: { layer: 'deluge', user: 'bob' },
  aria2: { layer: 'aria2', user: 'bob' },
  rtorrent: { layer: 'rtorrent', user: 'bob' },
  clean: { layer: undefined, user: 'alice' },
  decoy: { layer: undefined, user: 'alice' },
  compromised: { layer: 'transmission', user: 'alice' },
  systemd: { layer: 'transmission', user: 'alice' },
  mail: { layer: 'mail', user: 'bob' },
  off: { layer: undefined, user: 'alice' },
} as const satisfies Record<string, RoleDefinition>;

export type Role = keyof typeof ROLES;

export interface HostSpec {
  /** Letters, digits and `-`; becomes the host name. */
  readonly name: string;
  readonly role: Role;
}

/** The eight hosts that show every behaviour once; more are taken from the front again. */
const USUAL: readonly Role[] = [
  'transmission',
  'qbittorrent',
  'deluge',
  'aria2',
  'rtorrent',
  'clean',
  'decoy',
  'compromised',
];

export function usualHosts(count: number): HostSpec[] {
  return Array.from({ length: count }, (_, n) => {
    const role = USUAL[n % USUAL.length] ?? 'clean';
    return { name: n < USUAL.length ? role : `${role}-${Math.floor(n / USUAL.length) + 1}`, role };
  });
}

/** `transmission,clean` or `pc-7=transmission,mail`. @throws Error naming the roles there are. */
export function parseHosts(text: string): HostSpec[] {
  return text.split(',').map((part) => {
    const [name = '', role = name] = part.split('=');
    if (!Object.hasOwn(ROLES, role) || role === 'seed') {
      const known = Object.keys(ROLES).filter((known) => known !== 'seed');
      throw new Error(`"${role}" is no role of a lab host. Roles: ${known.join(', ')}.`);
    }
    return { name, role: role as Role };
  });
}
