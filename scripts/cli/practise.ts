import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../../adapters/config/index.ts';
import { refuseHeldDatabase } from '../../adapters/temporal/server/database-holder.ts';
import { startOrJoin } from '../../adapters/temporal/start-or-join.ts';
import { caseWorkflowId } from '../../domain/case.ts';
import { statePaths } from '../../workers/installation.ts';
import { startMailbox } from '../practice/mailbox.ts';
import { startRange } from '../practice/range.ts';
import { closedCases } from './cases.ts';
import { PRACTICE_CONFIG } from './context.ts';
import { printText } from './print.ts';
import { startEverything } from './start-everything.ts';
import { untilStopped } from './until-stopped.ts';
import { watchCases } from './watch-cases.ts';

const SITE = 'practice';
const OPENED_BY = 'practice-siem';

/**
 * The newcomer's first minute: a range of played hosts, a mailbox, a server and the workers in one process tree; one
 * sample alert per host; a live table until every case rests; then where to look next.
 */
export async function practise(signal: AbortSignal): Promise<void> {
  const configFile = resolve(PRACTICE_CONFIG);
  const base = dirname(configFile);
  // Before anything is written: what is written names this process's hosts and mailbox.
  refuseHeldDatabase(statePaths({ state_dir: base }).temporalDb);
  mkdirSync(join(base, 'secrets'), { recursive: true, mode: 0o700 });
  const range = await startRange(base);
  const mailbox = await startMailbox(base);
  writeFileSync(join(base, 'secrets', 'mailbox'), mailbox.password, { mode: 0o600 });
  writeFileSync(join(base, 'policy.yaml'), PRACTICE_POLICY);
  const config = {
    state_dir: '.',
    policy: 'policy.yaml',
    sites: { [SITE]: range.site },
    mail: {
      host: mailbox.host,
      port: mailbox.port,
      security: 'starttls',
      user: mailbox.user,
      password_secret: 'mailbox',
      ca: mailbox.ca,
      from: 'swarmcase@example.test',
      analysts: ['soc@example.test'],
      user_address: '{user}@example.test',
    },
  };
  writeFileSync(
    configFile,
    `# Written anew at every start of the practice range.\n${stringify(config, { aliasDuplicateObjects: false })}`,
  );

  const stopPlay = async (): Promise<void> => {
    await range.stop();
    await mailbox.stop();
  };
  const running = await startEverything(loadConfig(configFile), signal).catch(async (error: unknown) => {
    await stopPlay();
    throw error;
  });
  printText(`Temporal ${running.config.temporal.address ?? ''}${running.uiUrl ? `, web UI ${running.uiUrl}` : ''}\n`);

  const seenBefore = (await closedCases(running.config, { limit: 1 })).length > 0;
  for (const alert of seenBefore ? [] : range.sampleAlerts) {
    await startOrJoin(running.client, { site: SITE, alert, openedBy: OPENED_BY });
  }
  printText(
    seenBefore
      ? 'A second start: cases that were open go on. Open new ones with: npx swarmcase open <address>\n'
      : `One sample alert per host:\n${range.hosts.map((host) => `  ${host.address.padEnd(14)} ${host.story}`).join('\n')}\n`,
  );
  await watchCases(running.client, {
    forever: false,
    signal,
    follow: seenBefore ? [] : range.sampleAlerts.map((alert) => caseWorkflowId(SITE, alert.address)),
  });
  if (!signal.aborted) printText(WHERE_NEXT(running.uiUrl, running.config.state_dir, mailbox.dir));
  await untilStopped(running, signal, stopPlay);
}

/** The practice range may act, with short waits; everything else is the default of `catalog/policy.yaml`. */
const PRACTICE_POLICY = `mode: act
unreachable:
  retry_every_minutes: 1
  give_up_after_hours: 1
`;

function WHERE_NEXT(uiUrl: string | undefined, stateDir: string, mailDir: string): string {
  return `
Where to look next (in another terminal, in this directory):
  npx swarmcase list --all          every case
  npx swarmcase list --waiting      what waits for you
  npx swarmcase show 10.20.0.12     one case on one screen
  npx swarmcase approve 10.20.0.12  see the exact plan, then approve it
  npx swarmcase report 10.20.0.12   the report
  npx swarmcase mailbox             what was mailed (files in ${mailDir})
Files of every case: ${join(stateDir, 'evidence', 'cases')}
${uiUrl ? `Audit trail in the Temporal UI: ${uiUrl}\n` : ''}Ctrl-C stops everything; open cases go on at the next start.`;
}
