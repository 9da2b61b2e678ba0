import type { Backup, ResponseAction } from '../../domain/plan.ts';
import type { SshSession } from '../ssh/index.ts';

/** The verbs of one transactional change on one platform. Each is idempotent given the same `before`. */
export interface Responder {
  /** Checks the precondition and records what the undo needs. Changes nothing on the host but its own journal. */
  prepare(session: SshSession, caseId: string, action: ResponseAction): Promise<Backup>;
  apply(session: SshSession, caseId: string, action: ResponseAction, before: Backup['before']): Promise<void>;
  /** Looks both ways: the change is there, and nothing else of the plan's target came back. */
  verify(
    session: SshSession,
    caseId: string,
    action: ResponseAction,
    before: Backup['before'],
  ): Promise<{ ok: boolean; detail: string }>;
  /** Puts back; "already back" is success. @throws Fault when it cannot: the caller reports `stuck`. */
  undo(session: SshSession, caseId: string, action: ResponseAction, before: Backup['before']): Promise<void>;
}
