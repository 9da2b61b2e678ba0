import { cronLine } from '../../adapters/responder/linux/cron-line.ts';
import { quarantinePath } from '../../adapters/responder/linux/quarantine-path.ts';
import { stopProcess } from '../../adapters/responder/linux/stop-process.ts';
import { systemdUnit } from '../../adapters/responder/linux/systemd-unit.ts';
import type { LinuxState } from './linux-state.ts';
import { cronLineVerbs } from './responses/cron-line.ts';
import { quarantinePathVerbs } from './responses/quarantine-path.ts';
import { stopProcessVerbs } from './responses/stop-process.ts';
import { systemdUnitVerbs } from './responses/systemd-unit.ts';
import { base64, type Verbs } from './responses/verbs.ts';

/** The scripts of the Linux responder, and how a played host does what they do. */
const PLAYED: readonly (readonly [script: string, verbs: Verbs])[] = [
  [stopProcess.script, stopProcessVerbs()],
  [quarantinePath.script, quarantinePathVerbs()],
  [cronLine.script, cronLineVerbs()],
  [systemdUnit.script, systemdUnitVerbs()],
];

/**
 * Plays one verb of the Linux responder on a state, in its protocol. `undefined` when the script is none of its scripts.
 * @param command `sh -s -- NONCE VERB CASE ACTION ROOT STATE_DIR ARGUMENTS...`, each word quoted.
 */
export function playResponse(
  state: LinuxState,
  command: string,
  stdin: string,
): { stdout: string; stderr: string; exitCode: number } | undefined {
  const verbs = PLAYED.find(([script]) => stdin.includes(script))?.[1];
  const quoted = /\/bin\/sh -s -- (.*)$/s.exec(command)?.[1]?.matchAll(/'((?:[^']|'\\'')*)'/g);
  if (verbs === undefined || quoted === undefined) return undefined;
  const [nonce = '', verb = '', caseId = '', , , stateDir = '', ...args] = [...quoted].map((word) =>
    word[1]!.replaceAll(`'\\''`, "'"),
  );
  const play = verb in verbs ? verbs[verb as keyof Verbs] : undefined;
  if (play === undefined) return undefined;
  const [result, detail, before = {}] = play(state, args, `${stateDir}/quarantine/${caseId}`);
  const kept = Object.entries(before).map(([name, value]) => `@@${nonce} B ${name} ${base64(value)}\n`);
  return { stdout: `${kept.join('')}@@${nonce} R ${result} ${detail}\n`, stderr: '', exitCode: 0 };
}
