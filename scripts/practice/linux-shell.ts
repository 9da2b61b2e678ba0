import { setTimeout as sleep } from 'node:timers/promises';
import { unwrapPosixCommand } from '../../adapters/ssh/remote-command.ts';
import type { Invocation, PlayedShell, Printed } from './played-host.ts';

/** Output of one artifact as a host would print it. */
export interface ArtifactOutput {
  readonly bytes: Buffer | AsyncIterable<Buffer>;
  readonly exitCode: number;
  readonly delayMs?: number;
  /** A hostile host need not run our `head`: it may send more than it was asked for. */
  readonly ignoresLimit?: boolean;
}

/** What a played Linux host is asked for. */
export interface LinuxStory {
  /** Answers one artifact of a collection; a host sees the script and so knows its nonce. */
  readonly artifact: (artifactId: string, nonce: string) => ArtifactOutput;
  /** Answers any other script on the standard input of `sh`; `undefined` when it is none that the host knows. */
  readonly script: (command: string, stdin: string) => { stdout: string; stderr: string; exitCode: number } | undefined;
}

const FIRST_PID = 20_000;

/**
 * A POSIX login shell that runs nothing: it reads which artifacts a collection script asks for and prints their played
 * output between the markers that the script would print.
 * It also plays the wrapping of the SSH adapter: a command announces its process id, and a second command can end it.
 */
export function linuxShell(story: LinuxStory): PlayedShell {
  const running = new Map<number, AbortController>();
  let nextPid = FIRST_PID;

  return async function* (invocation) {
    const kill = /^exec \/bin\/sh -c '.*' sh ([1-9]\d*)$/s.exec(invocation.command);
    if (kill) {
      running.get(Number(kill[1]))?.abort();
      return 0;
    }
    const pid = nextPid++;
    const killed = new AbortController();
    running.set(pid, killed);
    try {
      const token = /printf "%s %s\\n" (swarmcase-[0-9a-f]+) \$\$/.exec(invocation.command)?.[1];
      if (token !== undefined) yield err(`${token} ${pid}\n`);
      const signal = AbortSignal.any([invocation.signal, killed.signal]);
      return yield* runCommand({ ...invocation, command: unwrapPosixCommand(invocation.command), signal }, story);
    } finally {
      running.delete(pid);
    }
  };
}

async function* runCommand(invocation: Invocation, story: LinuxStory): AsyncGenerator<Printed, number> {
  const { command } = invocation;
  if (command === 'uname -s') {
    yield out('Linux\n');
    return 0;
  }
  if (!/\bsh -s\b/.test(command)) {
    const word = command.trim().split(/\s/)[0] ?? '';
    yield err(`sh: 1: ${word}: not found\n`);
    return 127;
  }
  const script = (await invocation.stdin()).toString('utf8');
  const collection = readCollectionScript(script);
  if (collection) return yield* runCollection(collection, invocation.signal, story);
  const answer = story.script(command, script);
  if (!answer) {
    yield err('sh: 1: this played host does not know that script\n');
    return 2;
  }
  if (answer.stdout !== '') yield out(answer.stdout);
  if (answer.stderr !== '') yield err(answer.stderr);
  return answer.exitCode;
}

interface CollectionScript {
  readonly nonce: string;
  readonly artifacts: readonly { readonly id: string; readonly maxBytes: number }[];
}

/** Finds the nonce and the `artifact ID SECONDS BYTES` calls of `buildPosixScript`; anything else is not a collection. */
function readCollectionScript(script: string): CollectionScript | undefined {
  const nonce = /^N=([A-Za-z0-9]{16,64})$/m.exec(script)?.[1];
  if (nonce === undefined || !script.endsWith('\nmain\n')) return undefined;
  const calls = script.matchAll(/^ {2}artifact ([a-z0-9-]+) \d+ (\d+) '/gm);
  return { nonce, artifacts: [...calls].map((call) => ({ id: call[1]!, maxBytes: Number(call[2]) })) };
}

async function* runCollection(
  { nonce, artifacts }: CollectionScript,
  signal: AbortSignal,
  story: LinuxStory,
): AsyncGenerator<Printed, number> {
  for (const { id, maxBytes } of artifacts) {
    const { bytes, exitCode, delayMs, ignoresLimit } = story.artifact(id, nonce);
    yield out(`\n@@${nonce} BEGIN ${id} max=${maxBytes}\n`);
    if (delayMs !== undefined) await sleep(delayMs, undefined, { signal });
    // The script lets one byte more through than allowed; `head` then ends the command with SIGPIPE.
    let left = ignoresLimit ? Number.POSITIVE_INFINITY : maxBytes + 1;
    for await (const chunk of Buffer.isBuffer(bytes) ? [bytes] : bytes) {
      signal.throwIfAborted();
      yield { to: 'stdout', bytes: chunk.subarray(0, left) };
      left -= chunk.length;
      if (left <= 0) break;
    }
    yield out(`\n@@${nonce} END ${id} rc=${left <= 0 ? 141 : exitCode}\n`);
  }
  yield out(`\n@@${nonce} DONE\n`);
  return 0;
}

const out = (text: string): Printed => ({ to: 'stdout', bytes: Buffer.from(text) });
const err = (text: string): Printed => ({ to: 'stderr', bytes: Buffer.from(text) });
