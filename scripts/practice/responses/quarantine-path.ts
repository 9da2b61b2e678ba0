import { type LinuxState, playedSha256 } from '../linux-state.ts';
import type { Verbs } from './verbs.ts';

/** Plays `quarantine-path.sh`. */
export function quarantinePathVerbs(): Verbs {
  const below = (state: LinuxState, path: string): string[] =>
    Object.keys(state.files).filter((name) => name === path || name.startsWith(`${path}/`));
  const move = (state: LinuxState, from: string, to: string): void => {
    for (const name of below(state, from)) {
      state.files[to + name.slice(from.length)] = state.files[name]!;
      delete state.files[name];
    }
  };
  return {
    prepare: (state, [path = ''], vault) => {
      if (below(state, path).length === 0) return ['already_done', 'it is not there'];
      const before = { identity: `254:${playedSha256(path).slice(0, 6)}`, target: `${vault}/${playedSha256(path)}` };
      return ['ready', 'it can be moved into quarantine without copying', before];
    },
    apply: (state, [path = '', , target = '']) => {
      move(state, path, target);
      return ['ok', 'it is in quarantine'];
    },
    verify: (state, [path = '']) =>
      below(state, path).length > 0 ? ['not_ok', 'it is there again'] : ['ok', 'it is not at its place any more'],
    undo: (state, [path = '', , target = '']) => {
      move(state, target, path);
      return ['ok', 'it is at its place again'];
    },
  };
}
