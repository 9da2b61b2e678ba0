import { type LinuxState, type PlayedProcess, playedSha256, startTicks, uidOf } from '../linux-state.ts';
import { base64, begin, end, type Verbs } from './verbs.ts';

/** Plays `stop-process.sh`. */
export function stopProcessVerbs(): Verbs {
  const same = (state: LinuxState, [pid, start]: readonly string[]): PlayedProcess | undefined =>
    state.processes.find((p) => String(p.pid) === pid && String(startTicks(state, p)) === start);
  return {
    prepare: (state, args) => {
      const [pid, , executable, hash] = args;
      if (!state.processes.some((p) => String(p.pid) === pid)) return ['already_done', 'the process has ended'];
      const found = same(state, args);
      if (!found) return ['refused', 'the process id belongs to another process now'];
      if (found.executable !== executable) return ['refused', 'the process runs another executable than the plan says'];
      if (hash !== '' && hash !== (found.executableSha256 ?? playedSha256(found.executable ?? ''))) {
        return ['refused', 'the executable is not the one that was examined'];
      }
      const uid = String(uidOf(state, found.user));
      const text = `${found.commandLine.split(' ').join('\0')}\0`;
      const before = {
        prepared_at: String(ticksNow(state)),
        uid,
        gid: uid,
        cwd: base64('/'),
        cmdline: base64(text),
        environ: '',
      };
      return ['ready', 'the process is the one in the plan', before];
    },
    apply: (state, args) => {
      const found = same(state, args);
      if (!found) return ['ok', 'the process has ended'];
      end(state, [found]);
      return ['ok', 'the process ended when asked to'];
    },
    verify: (state, args) => {
      if (same(state, args)) return ['not_ok', 'the process still runs'];
      const again = state.processes.some((p) => p.executable === args[2] && startTicks(state, p) > Number(args[4]));
      return again
        ? ['not_ok', 'the same program was started again']
        : ['ok', 'the process is gone and nothing started it again'];
    },
    undo: (state, args) => {
      if (same(state, args)) return ['ok', 'the process still runs'];
      return begin(state, (p) => String(p.pid) === args[0])
        ? ['ok', 'the program was started again']
        : ['failed', 'the command line is not known'];
    },
  };
}

function ticksNow(state: LinuxState): number {
  return Math.round((Date.now() - Date.parse(state.bootedAt)) / 10);
}
