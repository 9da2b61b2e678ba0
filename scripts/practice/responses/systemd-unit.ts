import type { LinuxState, PlayedProcess, PlayedUnit } from '../linux-state.ts';
import { begin, end, type Verbs } from './verbs.ts';

/** Plays `systemd-unit.sh`. */
export function systemdUnitVerbs(): Verbs {
  const find = (state: LinuxState, [scope, name, , user]: readonly string[]): PlayedUnit | undefined =>
    state.units.find((u) => u.name === name && u.scope === (scope === 'user' ? user : 'system'));
  const runs = (state: LinuxState, name: string | undefined): PlayedProcess[] =>
    state.processes.filter((p) => p.unit === name);
  return {
    prepare: (state, args) => {
      const found = find(state, args);
      const running = runs(state, args[1]).length > 0;
      if (!found || (!found.enabled && !running)) return ['already_done', 'the unit is not enabled'];
      if (found.location !== args[2]) return ['refused', 'the unit file is not where the plan says'];
      const before = { enabled: found.enabled ? 'enabled' : 'disabled', active: running ? 'active' : 'inactive' };
      return ['ready', 'the unit is enabled', before];
    },
    apply: (state, args) => {
      const found = find(state, args);
      if (found) found.enabled = false;
      end(state, runs(state, args[1]));
      return ['ok', 'the unit is disabled and stopped'];
    },
    verify: (state, args) => {
      if (find(state, args)?.enabled) return ['not_ok', 'the unit is enabled'];
      return runs(state, args[1]).length > 0
        ? ['not_ok', 'the unit runs']
        : ['ok', 'the unit is disabled and does not run'];
    },
    undo: (state, args) => {
      const found = find(state, args);
      if (found && args[4] === 'enabled') found.enabled = true;
      if (args[5] === 'active') begin(state, (p) => p.unit === args[1]);
      return ['ok', 'the unit is as it was'];
    },
  };
}
