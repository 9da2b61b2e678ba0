import type { FirewallFact } from './snapshot.ts';
import type { Reading } from './records.ts';
import { readRegistry } from './windows-registry.ts';

/**
 * Rules of `FirewallPolicy\FirewallRules` (`v2.30|Action=Allow|Active=TRUE|...|App=...|Name=...|`) and of the older
 * `AuthorizedApplications\List` (`C:\x.exe:*:Enabled:Name`). Rules that are switched off are left out.
 */
export function parseWindowsFirewall(text: string, evidenceId: string): Reading<FirewallFact> {
  const { values, keys, unparsed } = readRegistry(text);
  const facts = values.flatMap(({ key, name, data }): readonly FirewallFact[] => {
    if (/\\AuthorizedApplications\\List$/i.test(key)) {
      const [, application, state, title] = /^(.*?):[^:]*:(Enabled|Disabled):(.*)$/i.exec(data) ?? [];
      if (application === undefined || state?.toLowerCase() !== 'enabled') return [];
      return [{ evidenceId, name: title || name, application, action: 'allow' }];
    }
    const parts = new Map(
      data.split('|').flatMap((part): [string, string][] => {
        const equals = part.indexOf('=');
        return equals > 0 ? [[part.slice(0, equals), part.slice(equals + 1)]] : [];
      }),
    );
    if (!parts.has('Action') || parts.get('Active') === 'FALSE') return [];
    const application = parts.get('App');
    const action = parts.get('Action') === 'Allow' ? 'allow' : parts.get('Action') === 'Block' ? 'block' : 'unknown';
    return [{ evidenceId, name: parts.get('Name') ?? name, action, ...(application ? { application } : {}) }];
  });
  return { facts, unparsed, problems: [], answered: keys.length > 0 };
}
