import type { Invocation, PlayedShell, Printed } from './played-host.ts';
import { oem, utf8 } from './windows-text.ts';

/** What one command line of a played Windows host leaves behind. */
export interface WindowsAnswer {
  readonly bytes: Buffer;
  readonly errorLevel: number;
}

export interface WindowsStory {
  readonly language: 'de' | 'en';
  /** For example `10.0.19045.5011`. */
  readonly version: string;
  /** Answers one command line of a collection; `artifactId` is the section it stands in. */
  readonly command: (line: string, artifactId: string) => WindowsAnswer;
}

/**
 * A cmd.exe login shell under OpenSSH for Windows that runs nothing. It reads a script from standard input line by line as
 * `cmd /q` does (banner, CRLF, `echo`, `%errorlevel%`) and answers each command with played bytes.
 */
export function windowsShell(story: WindowsStory): PlayedShell {
  return async function* (invocation) {
    const { command } = invocation;
    if (/^cmd(\.exe)? .*\/c ver$/i.test(command)) {
      yield out(utf8(['', `Microsoft Windows [Version ${story.version}]`]));
      return 0;
    }
    if (!/^cmd(\.exe)? \/q\b/i.test(command)) {
      yield { to: 'stderr', bytes: oem(notRecognised(story, command.trim().split(/\s/)[0] ?? '')) };
      return 1;
    }
    return yield* runScript(invocation, story);
  };
}

async function* runScript(invocation: Invocation, story: WindowsStory): AsyncGenerator<Printed, number> {
  yield out(
    oem([`Microsoft Windows [Version ${story.version}]`, '(c) Microsoft Corporation. Alle Rechte vorbehalten.', '']),
  );
  let errorLevel = 0;
  let artifactId = '';
  for (const line of (await invocation.stdin()).toString('utf8').split('\r\n')) {
    invocation.signal.throwIfAborted();
    if (line === 'exit') return errorLevel;
    const command = /^\( (.*) \) <nul 2>nul$/.exec(line)?.[1];
    if (command !== undefined) {
      const answer = story.command(command, artifactId);
      errorLevel = answer.errorLevel;
      yield out(answer.bytes);
    }
    for (const text of echoes(line)) {
      const shown = text.replaceAll('%errorlevel%', String(errorLevel));
      artifactId = /^@@\w+ BEGIN ([a-z0-9-]+) /.exec(shown)?.[1] ?? artifactId;
      yield out(utf8([shown]));
    }
  }
  return errorLevel;
}

/** What the `echo` commands of a line print; `&` joins commands, and the space before it belongs to the text. */
function echoes(line: string): string[] {
  if (!line.startsWith('echo')) return [];
  return line.split(/& ?/).map((part) => part.replace(/^echo[ (]/, ''));
}

/** Localised, and why nothing may be decided by such text. */
function notRecognised(story: WindowsStory, word: string): string[] {
  return story.language === 'de'
    ? [`Der Befehl "${word}" ist entweder falsch geschrieben oder`, 'konnte nicht gefunden werden.']
    : [`'${word}' is not recognized as an internal or external command,`, 'operable program or batch file.'];
}

const out = (bytes: Buffer): Printed => ({ to: 'stdout', bytes });
