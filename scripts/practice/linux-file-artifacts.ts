import { note, record } from './linux-records.ts';
import type { LinuxState } from './linux-state.ts';

export function systemd(state: LinuxState): string[] {
  return [
    ...state.units
      .filter((unit) => unit.enabled)
      .flatMap((unit) => {
        const system = unit.scope === 'system';
        const folder = system ? '/etc/systemd/system' : `/home/${unit.scope}/.config/systemd/user`;
        const owner = system ? '-' : unit.scope;
        const link = `${folder}/${system ? 'multi-user' : 'default'}.target.wants/${unit.name}`;
        return [
          record('E', owner, system ? 'system' : 'user', link, unit.location),
          ...lineRecords(owner, unit.location, state.files[unit.location]?.text ?? ''),
        ];
      }),
    note('end', 'systemd'),
  ];
}

export function lines(state: LinuxState, pattern: RegExp): string[] {
  return Object.entries(state.files)
    .filter(([path, file]) => file.text !== undefined && pattern.test(path))
    .flatMap(([path, file]) => lineRecords(/^\/(etc|lib)\//.test(path) ? '-' : file.owner, path, file.text!));
}

export function linesOrAbsent(state: LinuxState, path: string): string[] {
  const text = state.files[path]?.text;
  return text === undefined ? [note('absent', path)] : lineRecords('-', path, text);
}

function lineRecords(user: string, path: string, text: string): string[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => record('L', user, path, index + 1, line));
}

export function found(state: LinuxState, wanted: (path: string, mode: string) => boolean): string[] {
  return Object.entries(state.files)
    .filter(([path, file]) => wanted(path, file.mode))
    .map(([path, file]) =>
      record(
        'F',
        file.mode.replace(/^0+/, ''),
        file.owner,
        file.sizeBytes,
        `${Date.parse(file.modifiedAt) / 1000}.0000000000`,
        path,
      ),
    );
}
