import type { WindowsAnswer } from './windows-shell.ts';
import type { WindowsState } from './windows-state.ts';

export function windowsCommand(_state: WindowsState, _line: string): WindowsAnswer {
  return { bytes: Buffer.alloc(0), errorLevel: 9009 };
}
