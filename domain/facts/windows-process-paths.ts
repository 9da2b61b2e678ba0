import { keyName, programOf, readRegistry } from './windows-registry.ts';
import { present, readNumber, textLines, type Reading } from './records.ts';

/** What is known about the program behind a process or a service. */
export interface ProcessPath {
  readonly pid?: number;
  readonly service?: string;
  readonly parentPid?: number;
  readonly name?: string;
  readonly executable?: string;
  readonly commandLine?: string;
  readonly startId?: string;
  readonly startedAt?: string;
}

/**
 * Two sources of full paths. `wmic process get ... /value`, on Windows that still have it: blocks of `Key=Value` in alphabetical order.
 * `reg query ...\Services /v ImagePath`: program of each service, joined to a PID through `tasklist /svc`.
 * No other classic command tells the path of a running process.
 */
export function parseWindowsProcessPaths(text: string): Reading<ProcessPath> {
  if (textLines(text).some((line) => line.startsWith('HKEY_'))) return readServices(text);
  const facts: ProcessPath[] = [];
  let unparsed = 0;
  let block = new Map<string, string>();
  const close = (): void => {
    const fact = readBlock(block);
    if (fact) facts.push(fact);
    else unparsed += block.size;
    block = new Map();
  };
  for (const line of textLines(text)) {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      unparsed++;
      continue;
    }
    block.set(key, value.trim());
    // alphabetically the last of the keys that are asked for, so that it ends a block
    if (key === 'ProcessId') close();
  }
  if (block.size > 0) close();
  return { facts, unparsed, problems: [], answered: facts.length > 0 };
}

function readBlock(block: ReadonlyMap<string, string>): ProcessPath | undefined {
  const pid = readNumber(block.get('ProcessId'));
  if (pid === undefined) return undefined;
  const started = block.get('CreationDate') || undefined;
  return {
    pid,
    ...present({
      parentPid: readNumber(block.get('ParentProcessId')),
      name: block.get('Name') || undefined,
      executable: block.get('ExecutablePath') || undefined,
      commandLine: block.get('CommandLine') || undefined,
      startId: started,
      startedAt: started === undefined ? undefined : isoFromCim(started),
    }),
  };
}

/** CIM date `yyyymmddHHMMSS.mmmmmm+UUU`; the last number is the offset from UTC in minutes. */
function isoFromCim(text: string): string | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{3})\d{3}([+-]\d{3})$/.exec(text)?.slice(1).map(Number);
  if (!found) return undefined;
  const [year = 0, month = 0, day, hour, minute = 0, second, ms, offset = 0] = found;
  return new Date(Date.UTC(year, month - 1, day, hour, minute - offset, second, ms)).toISOString();
}

function readServices(text: string): Reading<ProcessPath> {
  const { values, unparsed } = readRegistry(text);
  const facts = values.flatMap(({ key, name, data }) => {
    const executable = name.toLowerCase() === 'imagepath' ? programOf(data) : undefined;
    return executable === undefined ? [] : [{ service: keyName(key), executable }];
  });
  return { facts, unparsed, problems: [], answered: facts.length > 0 };
}
