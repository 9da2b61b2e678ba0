/** Directories of the system: nothing in them is the state of one program. Other words of a program's package stay too. */
const SYSTEM = [
  'bin',
  'boot',
  'dev',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'lost+found',
  'proc',
  'run',
  'sbin',
  'sys',
  'usr',
];
/** In these, only what lies this many parts deep belongs to one program. */
const DEPTH: Readonly<Record<string, number>> = {
  home: 3,
  var: 3,
  etc: 2,
  opt: 2,
  srv: 2,
  mnt: 2,
  media: 3,
  root: 2,
  tmp: 2,
};
const USR_LOCAL_DEPTH = 4;
/** What the system itself keeps among the state of programs. */
const KEPT: readonly RegExp[] = [
  /^\/var\/(?:log|mail|run|lock)(?:\/|$)/,
  /^\/var\/lib\/(?:apt|dbus|dpkg|NetworkManager|pacman|private|rpm|snapd|swarmcase|systemd)(?:\/|$)/,
  /^\/var\/spool\/(?:cron|mail)(?:\/|$)/,
  /^\/etc\/(?:alternatives|apparmor\.d|apt|audit|cron[^/]*|dbus-1|default|gshadow|group|host[^/]*|init\.d|ld\.so[^/]*|fstab|network|NetworkManager|nsswitch\.conf|pam[^/]*|passwd|polkit-1|profile[^/]*|rc[^/]*|resolv\.conf|security|selinux|shadow|ssh|ssl|sudo[^/]*|systemd|udev|X11|xdg)(?:\/|$)/,
];
const SHARED_IN_HOME =
  /^(?:\/root|\/home\/[^/]+)\/(?:\.config|\.local|\.local\/share|\.local\/state|\.cache|\.ssh|\.gnupg|\.mozilla|Desktop|Documents|Downloads|Music|Pictures|Public|Videos)$/;
const MAX_PATH = 4096;

/**
 * Whether a path may be quarantined at all, looking at its text. The host looks again at what really lies there.
 * @param root directory in which the host's system files lie, without a slash at its end.
 * @returns why it is refused.
 */
export function refusePath(path: string, root: string): string | undefined {
  if (!path.startsWith(`${root}/`) || path.length > MAX_PATH) return 'it is not an absolute path';
  const inside = path.slice(root.length);
  const parts = inside.split('/').slice(1);
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'the path is not plain';
  const [top = ''] = parts;
  const local = inside.startsWith('/usr/local/');
  if (SYSTEM.includes(top) && !local) return 'it belongs to the system';
  if (parts.length < (local ? USR_LOCAL_DEPTH : (DEPTH[top] ?? 2))) return 'it is more than the state of one program';
  if (KEPT.some((kept) => kept.test(inside))) return 'it belongs to the system';
  if (SHARED_IN_HOME.test(inside)) return 'it is a directory for all programs of a person, not the state of one';
  return undefined;
}
