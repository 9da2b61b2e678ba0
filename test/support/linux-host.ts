import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinuxResponder } from '../../adapters/responder/linux/index.ts';
import type { Responder } from '../../adapters/responder/index.ts';
import type { SshSession } from '../../adapters/ssh/index.ts';
import type { Backup, ResponseAction } from '../../domain/plan.ts';
import { HOST_ADDRESS, siteOf } from './ssh-site.ts';
import { type Sshd, startSshd } from './sshd.ts';

export const CASE_ID = 'lab-20260301-1a2b';

/** This machine as a host of a case, entered over a real sshd; its system directories are empty ones in a scratch folder. */
export interface LinuxHost {
  /** Stands for `/` of the host. */
  readonly root: string;
  /** `/var/lib/swarmcase/quarantine/<case>` of the host. */
  readonly caseDir: string;
  readonly session: SshSession;
  readonly responder: Responder;
  prepare(action: ResponseAction): Promise<Backup>;
  apply(action: ResponseAction, backup: Backup): Promise<void>;
  verify(action: ResponseAction, backup: Backup): Promise<{ ok: boolean; detail: string }>;
  undo(action: ResponseAction, backup: Backup): Promise<void>;
  stop(): Promise<void>;
}

export async function startLinuxHost(): Promise<LinuxHost> {
  const sshd: Sshd = await startSshd();
  const root = mkdtempSync(join(tmpdir(), 'swarmcase-host-'));
  chmodSync(root, 0o755);
  for (const path of ['var/lib', 'etc/cron.d', 'var/spool/cron/crontabs', 'home']) {
    mkdirSync(join(root, path), { recursive: true, mode: 0o755 });
  }
  const session = await siteOf(sshd).connector.connect(HOST_ADDRESS);
  const responder = createLinuxResponder({ runAs: 'root', root });
  return {
    root,
    caseDir: join(root, 'var/lib/swarmcase/quarantine', CASE_ID),
    session,
    responder,
    prepare: (action) => responder.prepare(session, CASE_ID, action),
    apply: (action, backup) => responder.apply(session, CASE_ID, action, backup.before),
    verify: (action, backup) => responder.verify(session, CASE_ID, action, backup.before),
    undo: (action, backup) => responder.undo(session, CASE_ID, action, backup.before),
    stop: async () => {
      session.close();
      await sshd.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
