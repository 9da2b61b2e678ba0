import { type LinuxState, playedSha256 } from '../linux-state.ts';
import type { Verbs } from './verbs.ts';

/** Plays `cron-line.sh`. */
export function cronLineVerbs(): Verbs {
  const linesOf = (state: LinuxState, path: string): string[] => state.files[path]?.text?.split('\n') ?? [];
  const write = (state: LinuxState, path: string, text: string): void => {
    const file = state.files[path];
    if (file)
      state.files[path] = { ...file, text, sizeBytes: Buffer.byteLength(text), modifiedAt: new Date().toISOString() };
  };
  return {
    prepare: (state, [path = '', entry = ''], vault) => {
      const times = linesOf(state, path).filter((line) => line === entry).length;
      if (times === 0) return ['already_done', 'the line is not in the crontab'];
      if (times > 1) return ['refused', 'the line stands in the crontab more than once'];
      return [
        'ready',
        'the line stands in the crontab once',
        { copy: `${vault}/${playedSha256(path + entry)}.crontab` },
      ];
    },
    apply: (state, [path = '', entry = '', copy = '']) => {
      const file = state.files[path];
      if (file && copy !== '') state.files[copy] = file;
      write(
        state,
        path,
        linesOf(state, path)
          .filter((line) => line !== entry)
          .join('\n'),
      );
      return ['ok', 'the line was taken out of the crontab'];
    },
    verify: (state, [path = '', entry = '']) =>
      linesOf(state, path).includes(entry)
        ? ['not_ok', 'the line is in the crontab']
        : ['ok', 'the line is not in the crontab'],
    undo: (state, [path = '', entry = '', copy = '']) => {
      const text = state.files[copy]?.text;
      if (linesOf(state, path).includes(entry)) return ['ok', 'the line is in the crontab'];
      if (text === undefined) return ['failed', 'there is no copy of the crontab in quarantine'];
      write(state, path, text);
      return ['ok', 'the line is in the crontab again'];
    },
  };
}
