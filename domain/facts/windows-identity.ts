import type { MetaEntry } from './linux-identity.ts';
import { readLocalTime } from './windows-time.ts';
import { readRegistry } from './windows-registry.ts';
import { textLines, type Reading } from './records.ts';

/** Registry values that say who the machine is, and what we call them. */
const VALUES = new Map(
  Object.entries({
    MachineGuid: 'machine_id',
    ProductType: 'product_type',
    ActiveTimeBias: 'utc_bias',
    ProductName: 'os_pretty_name',
    CurrentBuildNumber: 'os_build',
    'NV Hostname': 'hostname',
    Domain: 'dns_domain',
  }),
);

/**
 * `windows-identity`: `key=value` lines of `echo`, and `reg query` blocks. A variable that is not set stays `%NAME%` in cmd.exe.
 * The clock becomes `epoch_ms` only when the host's date format leaves no doubt about day and month.
 */
export function parseWindowsIdentity(text: string): Reading<MetaEntry> {
  const facts = new Map<string, string>();
  const put = (key: string, value: string): void => {
    const shown = value.trim().slice(0, 500);
    if (shown !== '' && !/^%.*%$/.test(shown) && !facts.has(key)) facts.set(key, shown);
  };
  const registry: string[] = [];
  for (const line of textLines(text)) {
    const [, key, value] = /^([a-z_]{1,40})=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) put(key, value);
    else registry.push(line);
  }
  const { values, unparsed } = readRegistry(registry.join('\n'));
  for (const { name, type, data } of values) {
    const key = VALUES.get(name);
    if (key === undefined) continue;
    put(key, type === 'REG_DWORD' ? String(Number.parseInt(data, 16) | 0) : data);
  }
  const clock = readLocalTime(facts.get('local_time') ?? '', Number(facts.get('utc_bias') ?? Number.NaN));
  if (clock !== undefined) put('epoch_ms', String(Date.parse(clock)));
  return { facts: [...facts], unparsed, problems: [], answered: facts.size > 0 };
}
