import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { run, waitFor } from '../../scripts/lab/run.ts';
import { enterHost, type Lab } from '../../scripts/lab/lab.ts';

const RUNBOOK = join(import.meta.dirname, '../../docs/runbook.md');

export interface ReceivedMail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
}

/** What lies in the Maildir of the lab's mail server about one case. */
export async function mailsAbout(lab: Lab, caseId: string): Promise<readonly ReceivedMail[]> {
  const { stdout } = await lab.exec('mail', [
    'sh',
    '-c',
    'for f in /srv/mail/box/new/*; do echo "@@@"; cat "$f"; done',
  ]);
  const messages = await Promise.all(
    stdout
      .split('@@@\n')
      .slice(1)
      .map((raw) => PostalMime.parse(raw)),
  );
  return messages
    .filter((mail) => mail.headers.some(({ key, value }) => key === 'x-swarmcase-case' && value === caseId))
    .map((mail) => ({
      messageId: mail.messageId ?? '',
      to: (mail.to ?? []).map(({ address }) => address).join(),
      subject: mail.subject ?? '',
    }));
}

/** Runs a shell command as root in a host. @throws Error when it fails. */
export async function onHost(lab: Lab, host: string, command: string): Promise<string> {
  const ran = await run(enterHost(lab.host(host), ['sh', '-c', command]));
  if (ran.code !== 0) throw new Error(`${command} failed on ${host} (${ran.code}): ${ran.stderr}`);
  return ran.stdout;
}

/** Path, kind, size, mode and owner of everything below some paths of a host; paths that are not there are left out. */
export async function filesOf(lab: Lab, host: string, paths: readonly string[], format: string): Promise<string[]> {
  const { stdout } = await lab.exec(host, ['find', ...paths, '-printf', `${format}\n`]);
  return stdout.split('\n').filter(Boolean).sort();
}

/** Process ids of a host whose command line matches. */
export async function pidsOf(lab: Lab, host: string, pattern: string): Promise<number[]> {
  const { stdout } = await lab.exec(host, ['pgrep', '-f', pattern]);
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** The shell text of the runbook that stands under a sentence beginning so. */
export function runbookCommand(sentence: string): string {
  const text = readFileSync(RUNBOOK, 'utf8');
  const from = text.indexOf(sentence);
  const [, command] = /```sh\n([\s\S]*?)```/.exec(text.slice(from)) ?? [];
  if (from < 0 || command === undefined) throw new Error(`The runbook has no command under "${sentence}".`);
  return command;
}

/** Follows the runbook's way to put back what a case moved on a host. */
export async function putBackByHand(lab: Lab, host: string, caseId: string): Promise<void> {
  await onHost(lab, host, `set -eu; CASE=${caseId}\n${runbookCommand('Put everything back whose place is free')}`);
}

/** `action verb result` of every line in the journal that a case left on a host. */
export async function journalOf(lab: Lab, host: string, caseId: string): Promise<string[]> {
  const text = await onHost(lab, host, `cat /var/lib/swarmcase/quarantine/${caseId}/journal`);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').slice(1, 4).join(' '));
}

/** Where traces of a change would show: everything but what kernel, log files and the lab's own clients write all the time. */
const CHANGES = [
  'find / -xdev -path /proc -prune -o -path /sys -prune -o -path /dev/pts -prune -o -path /run -prune',
  '-o -path /var/log -prune -o -name "*.mkv*" -prune -o -type f -printf "%p %s %m %U:%G %T@\\n"',
].join(' ');

/** Files with size, mode, owner and time of change; crontabs; and the programs that run, our own session left out. */
export async function stateOfHost(lab: Lab, host: string): Promise<readonly string[]> {
  const files = await onHost(lab, host, CHANGES);
  const crontabs = await onHost(lab, host, 'for u in root alice bob; do crontab -u $u -l 2>/dev/null; done; true');
  const processes = await onHost(lab, host, 'ps -eo pid=,lstart=,args=');
  const looking = /ps -eo pid=|sshd: |sudo|\/bin\/sh/;
  return [files, crontabs, processes]
    .flatMap((text) => text.split('\n').filter((line) => line !== '' && !looking.test(line)))
    .sort();
}

/** Stops every process of our account on a host in the middle of a script; `thawCollection` lets them go on. */
export async function freezeCollection(lab: Lab, host: string): Promise<void> {
  await waitFor(`a script to run on ${host}`, 20, async () =>
    (await lab.exec(host, ['pgrep', '-x', 'sudo'])).code === 0 ? true : undefined,
  );
  await signalCollection(lab, host, 'STOP');
}

export const thawCollection = (lab: Lab, host: string): Promise<void> => signalCollection(lab, host, 'CONT');

/** The shells of the login belong to our account, sudo to root. */
async function signalCollection(lab: Lab, host: string, signal: 'STOP' | 'CONT'): Promise<void> {
  await lab.exec(host, ['pkill', `-${signal}`, '-u', 'swarmcase']);
  await lab.exec(host, ['pkill', `-${signal}`, '-x', 'sudo']);
}
