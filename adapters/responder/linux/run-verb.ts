import { createHash, randomBytes } from 'node:crypto';
import { Fault } from '../../../domain/errors.ts';
import { visible } from '../../../domain/safe-text.ts';
import { shellQuote } from '../../ssh/remote-command.ts';
import type { SshSession } from '../../ssh/index.ts';
import { readScript } from './scripted-action.ts';

export type Verb = 'prepare' | 'apply' | 'verify' | 'undo';

/** What a script may answer. `refused` and `failed` differ in whether the host was left as it was. */
export type ReplyState = 'ready' | 'already_done' | 'ok' | 'not_ok' | 'refused' | 'failed';

export interface Reply {
  readonly state: ReplyState;
  /** Our own fixed words. */
  readonly detail: string;
  readonly before: Readonly<Record<string, string>>;
}

export interface HostAccess {
  readonly runAs: 'root' | 'sudo';
  /** Directory in which the host's system files lie, `/` on a running host. */
  readonly root: string;
  /** Directory on the host for quarantine and journal. */
  readonly stateDir: string;
}

export interface VerbCall {
  readonly verb: Verb;
  readonly caseId: string;
  readonly actionId: string;
  /** Defines the functions `prepare`, `apply`, `verify` and `undo`. */
  readonly script: string;
  readonly args: readonly string[];
  /** What `prepare` gave; the host compares it with what it gave. */
  readonly before: Readonly<Record<string, string>>;
}

const LIBRARY = readScript('library.sh');
/** Longest time a verb may take: stopping a service waits for its manager, 90 seconds by default. */
const DEADLINE_MS = 100_000;
const MAX_BYTES = 256 * 1024;
/** Of what the undo needs: it goes into the history several times for each of up to fifty steps, and a history ends at 50 MB. */
const MAX_BEFORE = 48 * 1024;
const STATES: readonly string[] = ['ready', 'already_done', 'ok', 'not_ok', 'refused', 'failed'];
const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._#-]{0,119}$/;

/**
 * Runs one verb as root on the host: the script goes over standard input and is nowhere stored, values go as quoted arguments.
 * @throws Fault AccessDenied (sudo says no), PlanRefused (a value that no shell should see), MalformedReply, OutputLimit
 * (never retried); ConnectionLost, HostTimeout (retried: every verb may run again).
 */
export async function runVerb(session: SshSession, host: HostAccess, call: VerbCall): Promise<Reply> {
  for (const id of [call.caseId, call.actionId]) {
    if (!IDENTIFIER.test(id))
      throw new Fault('PlanRefused', `"${visible(id, 80)}" is no case or action id. Nothing was changed.`);
  }
  const nonce = randomBytes(12).toString('hex');
  const words = [nonce, call.verb, call.caseId, call.actionId, host.root, host.stateDir, ...call.args];
  for (const word of words) refuseControlCharacters(word);
  const shell = host.runAs === 'sudo' ? 'sudo -n /bin/sh -s --' : '/bin/sh -s --';
  const result = await session.run(`${shell} ${words.map(shellQuote).join(' ')}`, {
    // One function, called by the last line: half a script does nothing. Its children must not read the rest of it.
    stdin: `main() {\n${LIBRARY}\n${call.script}\nbefore_digest=${digestOf(call.before)}\nopen_case_dir\nrequire_prepared\n"$verb" "$@"\n}\nmain "$@" </dev/null\n`,
    deadlineMs: DEADLINE_MS,
    maxBytes: MAX_BYTES,
  });
  const where = `${session.address} while it was to ${call.verb} ${call.actionId}`;
  switch (result.ended) {
    case 'exit':
      break;
    case 'deadline':
      throw new Fault('HostTimeout', `${where} took longer than ${DEADLINE_MS / 1000} s.`);
    case 'output_limit':
      throw new Fault('OutputLimit', `${where} said more than ${MAX_BYTES} bytes.`);
    case 'connection_lost':
    case 'signal':
    case 'cancelled':
      throw new Fault('ConnectionLost', `${where} went away (${result.ended.replaceAll('_', ' ')}).`);
  }
  const reply = parseReply(result.stdout.toString('latin1'), nonce);
  if (reply && JSON.stringify(reply.before).length > MAX_BEFORE) {
    throw new Fault('OutputLimit', `${where} gave more to remember than ${MAX_BEFORE} bytes.`);
  }
  if (reply) return reply;
  const said = visible(result.stderr.toString('utf8').trim(), 200);
  if (host.runAs === 'sudo' && !result.stdout.includes(nonce)) {
    throw new Fault(
      'AccessDenied',
      `${session.address} does not let this account become root. Allow it "sudo -n /bin/sh", or log in as root. It said: ${said}`,
    );
  }
  throw new Fault('MalformedReply', `${where} gave no answer (exit code ${String(result.code)}): ${said}`);
}

/** As `keep` of the library writes it down, in the order in which it was said. */
function digestOf(before: VerbCall['before']): string {
  const lines = Object.entries(before).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** @returns `undefined` without a result line. */
function parseReply(text: string, nonce: string): Reply | undefined {
  const before: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [mark, kind, name = '', ...rest] = line.split(' ');
    if (mark !== `@@${nonce}`) continue;
    if (kind === 'B' && /^[a-z][a-z_]{0,30}$/.test(name))
      before[name] = Buffer.from(rest[0] ?? '', 'base64').toString('utf8');
    if (kind === 'R' && STATES.includes(name))
      return { state: name as ReplyState, detail: visible(rest.join(' ')), before };
  }
  return undefined;
}

/** A tab is legal in a crontab; nothing else that is not text has any business on a command line. */
function refuseControlCharacters(word: string): void {
  if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(word)) return;
  throw new Fault('PlanRefused', `A value with control characters is not sent to a host: "${visible(word, 80)}".`);
}
