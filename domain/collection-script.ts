import type { Artifact, Collection } from './artifact.ts';
import { LINUX_LIBRARY } from './collection-library.ts';

export interface ScriptOptions {
  /** 16-64 letters and digits nobody on the host can guess: only markers that carry it are ours. */
  readonly nonce: string;
  /** Time for the whole script; artifacts that find none left are skipped, and say so. */
  readonly totalSeconds: number;
  /** 0-19, added to the host's own. */
  readonly niceness: number;
  /** Folders that are searched for tools; never the account's own PATH, which its owner chooses. */
  readonly path?: string;
}

/** Where system tools live on every distribution. */
export const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What to run on a POSIX host; the script goes to its standard input, so that it appears in no process list and on no disk.
 * An account that may become root without a password does: only root sees whose sockets and files they are. Where sudo refuses, it
 * does so before it reads anything, and the script runs with the rights there are.
 */
export const POSIX_LAUNCH =
  '{ [ "$(id -u)" != 0 ] && command -v sudo >/dev/null && sudo -n /bin/sh -s 2>/dev/null; } || sh -s';

/**
 * One read-only POSIX sh script for a whole collection: one round trip, no file on the host.
 * Works in dash, bash and busybox. Each artifact runs in its own shell with a time limit and a byte limit; its output stands
 * between marker lines (see `splitSections`). The script is one function that is called by its last line: half a script
 * does nothing.
 */
export function buildPosixScript(
  collection: Collection,
  artifacts: ReadonlyMap<string, Artifact>,
  options: ScriptOptions,
): string {
  const runs = inOrder(collection, artifacts).map(
    (a) => `  artifact ${a.id} ${a.timeoutSeconds} ${a.maxBytes} ${quote(a.command)}`,
  );
  return `${HEAD(options)}
main() {
${runs.join('\n')}
  printf '\\n@@%s DONE\\n' "$N"
}
main
`;
}

/** Artifacts of a collection in its order. @throws RangeError when the catalogue was not checked. */
export function inOrder(collection: Collection, artifacts: ReadonlyMap<string, Artifact>): readonly Artifact[] {
  return collection.artifacts.map((id) => {
    const artifact = artifacts.get(id);
    if (!artifact) throw new RangeError(`Collection "${collection.id}" names an unknown artifact "${id}"`);
    return artifact;
  });
}

/** @throws RangeError: a nonce that could be guessed or that a shell would read differently. */
export function checkNonce(nonce: string): string {
  if (!/^[A-Za-z0-9]{16,64}$/.test(nonce)) throw new RangeError('A nonce is 16-64 letters and digits');
  return nonce;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/*
 * The nonce stays in a shell variable that is not exported: in an argument or in the environment of a child every user of the
 * host could read it. `own_chain` lists this session's processes up to, without, the listening sshd.
 * One byte more than allowed is let through: that is how the reader knows that the output was cut.
 */
const HEAD = (options: ScriptOptions): string => `LC_ALL=C LANG=C TZ=UTC0
PATH=${quote(options.path ?? SYSTEM_PATH)}
export LC_ALL LANG TZ PATH
unset CDPATH ENV BASH_ENV GREP_OPTIONS SC_OWN SC_SECONDS SC_BEGAN SC_GNU_FIND
umask 077
N=${checkNonce(options.nonce)}
LIBRARY=${quote(LINUX_LIBRARY)}
exec 4>&1
renice -n ${Math.trunc(options.niceness)} -p $$ >/dev/null 2>&1
ionice -c 3 -p $$ >/dev/null 2>&1
END=$(($(date +%s) + ${Math.trunc(options.totalSeconds)}))
if timeout -k 1 5 true 2>/dev/null; then LIMIT='timeout -k 5'; elif timeout 5 true 2>/dev/null; then LIMIT=timeout; else LIMIT=; fi
own_chain() {
  p=$$ chain= sshd=
  while [ "$p" -gt 1 ] && [ -r "/proc/$p/status" ]; do
    name= parent=0
    while read -r key value rest; do
      case $key in Name:) name=$value ;; PPid:) parent=$value ;; esac
    done <"/proc/$p/status"
    case $name in
    sshd | sshd-session | sshd-auth) sshd="$sshd $p" ;;
    *) [ -z "$sshd" ] || break; chain="$chain $p" ;;
    esac
    p=$parent
  done
  if [ -n "$sshd" ]; then SC_OWN="$chain \${sshd% *}"; else SC_OWN=$$; fi
}
own_chain
if find / -maxdepth 0 -printf x >/dev/null 2>&1; then SC_GNU_FIND=1; else SC_GNU_FIND=; fi
export SC_OWN SC_SECONDS SC_BEGAN SC_GNU_FIND
artifact() {
  SC_BEGAN=$(date +%s)
  SC_SECONDS=$((END - SC_BEGAN))
  if [ "$SC_SECONDS" -lt 1 ]; then printf '\\n@@%s SKIP %s\\n' "$N" "$1"; return; fi
  [ "$SC_SECONDS" -le "$2" ] || SC_SECONDS=$2
  limit=
  [ -z "$LIMIT" ] || limit="$LIMIT $SC_SECONDS"
  printf '\\n@@%s BEGIN %s max=%s\\n' "$N" "$1" "$3"
  code=$({ { $limit sh -c "$LIBRARY$4" </dev/null 2>/dev/null 3>&- 4>&-; echo $? >&3; } | head -c "$(($3 + 1))" >&4; } 3>&1)
  printf '\\n@@%s END %s rc=%s\\n' "$N" "$1" "$code"
}`;
