import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { linuxArtifact } from './linux-artifacts.ts';
import { playResponse } from './linux-response.ts';
import type { LinuxStory } from './linux-shell.ts';
import type { LinuxState } from './linux-state.ts';

/**
 * A played Linux host that remembers: what a response changes stays changed, over a restart too.
 * @param file where a changed state is kept; an unchanged host begins anew, with fresh times, at each start.
 */
export function linuxHost(fresh: LinuxState, file: string): { readonly story: LinuxStory; readonly state: LinuxState } {
  const state = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LinuxState) : fresh;
  const save = (): void => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(state, undefined, 1));
  };
  return {
    state,
    story: {
      artifact: (artifactId) => linuxArtifact(state, artifactId),
      script: (command, stdin) => {
        const before = JSON.stringify(state);
        const answer = playResponse(state, command, stdin);
        if (JSON.stringify(state) !== before) save();
        return answer;
      },
    },
  };
}
