import type { LinuxState, PlayedProcess } from '../linux-state.ts';

/** What a verb answers: state, words, and what it keeps for later verbs. */
export type Reply = readonly [state: string, detail: string, before?: Readonly<Record<string, string>>];

/** @param vault quarantine directory of the case on the host. */
export type Verb = (state: LinuxState, args: readonly string[], vault: string) => Reply;

/** How a played host does what one script of the Linux responder does; `args` are the script's positional parameters. */
export type Verbs = Readonly<Record<'prepare' | 'apply' | 'verify' | 'undo', Verb>>;

/** Ends processes; they are remembered, so that an undo can start them again. */
export function end(state: LinuxState, processes: readonly PlayedProcess[]): void {
  state.processes = state.processes.filter((p) => !processes.includes(p));
  state.ended.push(...processes);
}

/** Starts ended processes again, as new ones. @returns whether there were any. */
export function begin(state: LinuxState, wanted: (process: PlayedProcess) => boolean): boolean {
  const back = state.ended.filter(wanted);
  const highest = Math.max(...state.processes.map((p) => p.pid));
  state.ended = state.ended.filter((p) => !wanted(p));
  state.processes.push(
    ...back.map((p, index) => ({ ...p, pid: highest + 7 + index, startedAt: new Date().toISOString() })),
  );
  return back.length > 0;
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
