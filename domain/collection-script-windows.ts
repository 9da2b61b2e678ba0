import type { Artifact, Collection } from './artifact.ts';
import { checkNonce, inOrder } from './collection-script.ts';

export interface WindowsScript {
  /** What to run; `script` goes to its standard input. */
  readonly launch: string;
  readonly script: string;
}

/**
 * One script of classic commands for cmd.exe, fed on standard input: no PowerShell, whose command lines security products
 * flag, no encoded text, no file on the host.
 *
 * `/q` keeps cmd from repeating prompt and lines, `/d` skips AutoRun, `/v:off` keeps `!` literal. Should a version show its
 * prompt nevertheless, it is an empty line. Every command reads from `nul`, so that it cannot eat the rest of the script.
 * The console is set to UTF-8; tools that ignore it are caught by `decodeText`.
 *
 * cmd.exe has neither a time limit nor a byte limit for one command: the reader cuts by bytes, the connection's deadline by time.
 */
export function buildWindowsScript(
  collection: Collection,
  artifacts: ReadonlyMap<string, Artifact>,
  options: { readonly nonce: string },
): WindowsScript {
  const nonce = checkNonce(options.nonce);
  const lines = ['@echo off', 'prompt $_', 'chcp 65001 >nul 2>nul'];
  for (const artifact of inOrder(collection, artifacts)) {
    lines.push('echo(', `echo @@${nonce} BEGIN ${artifact.id} max=${artifact.maxBytes}`);
    for (const command of commandLines(artifact)) lines.push(`( ${command} ) <nul 2>nul`);
    lines.push(`echo(& echo @@${nonce} END ${artifact.id} rc=%errorlevel%`);
  }
  lines.push(`echo @@${nonce} DONE`, 'exit');
  return { launch: 'cmd /q /d /v:off', script: lines.map((line) => `${line}\r\n`).join('') };
}

function commandLines(artifact: Artifact): readonly string[] {
  return artifact.command
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
