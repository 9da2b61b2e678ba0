import type { SshSession } from '../adapters/ssh/index.ts';
import type { Platform } from '../domain/subject.ts';

/**
 * Finds out which shell answers with two harmless commands that no platform localises: `uname -s` is unknown to cmd.exe
 * and PowerShell, `ver` is unknown to a POSIX shell.
 */
export async function probePlatform(session: SshSession, signal: AbortSignal): Promise<Platform> {
  const limits = { deadlineMs: 20_000, maxBytes: 64 * 1024, signal };
  const uname = await session.run('uname -s', limits);
  const name = uname.stdout.toString('latin1').trim();
  if (uname.code === 0 && name === 'Linux') return 'linux';
  if (uname.code === 0 && name === 'Darwin') return 'macos';
  const version = await session.run('cmd.exe /d /c ver', limits);
  if (version.code === 0 && version.stdout.toString('latin1').includes('Windows')) return 'windows';
  return 'unknown';
}
