import { randomBytes } from 'node:crypto';

/**
 * Why commands are wrapped: OpenSSH leaves a command running when its channel or its connection is closed, and its signal
 * request reaches neither a forced nor a sudo command. So a POSIX command first tells its process id on its standard error,
 * and a second channel can end that process and everything below it.
 */

/** Longest noise of a login shell that may stand before the announcement. */
const MAX_NOISE_BYTES = 16 * 1024;
const COMMAND_FOLLOWS = ' sh ';

/** `'...'` for any POSIX shell, csh and fish. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export interface WrappedCommand {
  readonly text: string;
  /** Takes the announcement out of the standard error. */
  readonly announcement: Announcement;
}

/** Wraps a command so that it announces its process id, then runs unchanged under `/bin/sh` in that same process. */
export function wrapPosixCommand(command: string): WrappedCommand {
  const token = `swarmcase-${randomBytes(8).toString('hex')}`;
  const script = `printf "%s %s\\n" ${token} $$ >&2;exec /bin/sh -c "$1"`;
  return {
    text: `exec /bin/sh -c ${shellQuote(script)}${COMMAND_FOLLOWS}${shellQuote(command)}`,
    announcement: new Announcement(token),
  };
}

/** The command inside a wrapped one, or the text itself; for servers that play a host. */
export function unwrapPosixCommand(text: string): string {
  const start = text.indexOf(COMMAND_FOLLOWS);
  if (!text.startsWith('exec /bin/sh -c ') || start === -1) return text;
  return text.slice(start + COMMAND_FOLLOWS.length + 1, -1).replaceAll(`'\\''`, "'");
}

/** Finds the line `token number` in a stream and passes on everything else. */
export class Announcement {
  readonly #line: RegExp;
  #held: Buffer | undefined = Buffer.alloc(0);
  /** Remote process id, once it is known. The host wrote it: it is used on that host only. */
  pid: number | undefined;

  constructor(token: string) {
    this.#line = new RegExp(`${token} +([1-9][0-9]{0,9})\\n`);
  }

  /** @returns the bytes that belong to the command. */
  take(chunk: Buffer): Buffer {
    if (this.#held === undefined) return chunk;
    this.#held = Buffer.concat([this.#held, chunk]);
    const held = this.#held;
    const found = this.#line.exec(held.toString('latin1'));
    if (found === null) return held.length > MAX_NOISE_BYTES ? this.rest() : Buffer.alloc(0);
    this.pid = Number(found[1]);
    this.#held = undefined;
    return Buffer.concat([held.subarray(0, found.index), held.subarray(found.index + found[0].length)]);
  }

  /** What is still held back when the stream ends. */
  rest(): Buffer {
    const held = this.#held ?? Buffer.alloc(0);
    this.#held = undefined;
    return held;
  }
}

/**
 * A shell line that ends a process, all its descendants and, when it leads a process session (as under OpenSSH), whatever
 * runs in that session; exits 0 when nothing is left. Processes that our account may not end are ended through sudo.
 * Out of reach: a process that made its own session and whose parent has ended. Without `/proc` (macOS, BSD) the process
 * group is ended.
 */
export function killCommand(pid: number): string {
  return `exec /bin/sh -c ${shellQuote(KILL_SCRIPT)}${COMMAND_FOLLOWS}${pid}`;
}

const KILL_SCRIPT = [
  's=$1;[ $s -gt 1 ]||exit 2;',
  'if [ ! -r /proc/self/stat ];then kill -KILL -- -$s||kill -KILL $s;exit;fi;',
  // Several passes, because a parent may stand behind its child in the list. Zombies are gone already.
  'tree(){ t=" ";m=1;while [ $m = 1 ];do m=0;for f in /proc/[0-9]*/stat;do ',
  '{ read -r l <$f;} 2>/dev/null||continue;p=${l%% *};set -- ${l##*) };',
  'case $1 in Z|X)continue;;esac;case "$t" in *" $p "*)continue;;esac;',
  'if [ $p = $s ]||[ $4 = $s ];then :;else case "$t" in *" $2 "*):;;*)continue;;esac;fi;',
  't="$t$p ";m=1;done;done;};',
  'for i in 1 2 3 4 5;do tree;[ "$t" = " " ]&&exit 0;kill -KILL $t 2>/dev/null||sudo -n kill -KILL $t 2>/dev/null;',
  'sleep 0.1 2>/dev/null||sleep 1;done;tree;[ "$t" = " " ]',
].join('');
