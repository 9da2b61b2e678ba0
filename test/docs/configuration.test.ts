import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configSchema } from '../../adapters/config/schema.ts';
import { policySchema } from '../../catalog/policy-schema.ts';

const page = readFileSync('docs/configuration.md', 'utf8');

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly oneOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string;
}

interface Setting {
  readonly default: string;
  readonly words: readonly string[];
}

/** Names of the keys that the operator chooses. */
const CHOSEN: Readonly<Record<string, string>> = { sites: '<site>', endpoints: '<address>' };

/** Every leaf of a schema by its dotted path. */
function settingsOf(schema: JsonSchema, path = '', into = new Map<string, Setting>()): Map<string, Setting> {
  for (const branch of schema.oneOf ?? [schema]) {
    for (const [name, child] of Object.entries(branch.properties ?? {})) {
      const here = path === '' ? name : `${path}.${name}`;
      const members = child.additionalProperties;
      if (child.properties || child.oneOf) settingsOf(child, here, into);
      else if (members) settingsOf(members, `${here}.${CHOSEN[name] ?? '<name>'}`, into);
      else {
        const inherited = (schema.default as Record<string, unknown> | undefined)?.[name];
        const value = child.default ?? inherited;
        const required = branch.required?.includes(name) ?? false;
        into.set(here, {
          default: value === undefined ? (required ? 'required' : 'none') : JSON.stringify(value),
          words: [
            ...(into.get(here)?.words ?? []),
            ...(child.enum ?? []),
            ...(child.const === undefined ? [] : [child.const]),
          ],
        });
      }
    }
  }
  return into;
}

/** The rows of the tables below a heading: setting, type and default as they stand there. */
function rowsBelow(heading: string): Map<string, { type: string; default: string }> {
  const part = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...part.matchAll(/^\| `([^`]+)` *\| ([^|]+) *\| ([^|]+) *\| ([^|]+) *\|$/gm)];
  return new Map(
    rows.map(([, name = '', type = '', value = '']) => {
      const text = value.trim();
      return [
        name,
        { type, default: text.startsWith('`') ? JSON.stringify(parse(text.replaceAll('`', ''))) : text },
      ] as const;
    }),
  );
}

function compare(documented: ReturnType<typeof rowsBelow>, settings: ReadonlyMap<string, Setting>): void {
  expect([...documented.keys()].sort()).toEqual([...settings.keys()].sort());
  for (const [name, setting] of settings) {
    expect([name, documented.get(name)?.default]).toEqual([name, setting.default]);
    for (const word of setting.words)
      expect([name, documented.get(name)?.type]).toEqual([name, expect.stringContaining(`\`${word}\``)]);
  }
}

describe('the page about the configuration', () => {
  it('has one row for every setting of swarmcase.yaml, with its default and its words', () => {
    const settings = settingsOf(z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema);
    const prefix = 'sites.<site>.response_ssh';
    const response = [...settings].filter(([name]) => name.startsWith(`${prefix}.`));
    // The page says "as `ssh`": that must be so.
    for (const [name, setting] of response) {
      expect(settings.get(name.replace(prefix, 'sites.<site>.ssh'))).toEqual(setting);
      settings.delete(name);
    }
    settings.set(prefix, { default: 'none', words: [] });
    // The kind of ticket system has a default as a whole.
    settings.set('tickets.kind', { ...settings.get('tickets.kind')!, default: '"files"' });
    compare(rowsBelow('swarmcase.yaml'), settings);
  });

  it('has one row for every setting of the policy, with the value of catalog/policy.yaml', () => {
    const settings = settingsOf(z.toJSONSchema(policySchema, { io: 'input' }) as JsonSchema);
    const defaults = parse(readFileSync('catalog/policy.yaml', 'utf8')) as Record<string, unknown>;
    for (const [name, setting] of settings) {
      const value = name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], defaults);
      settings.set(name, { ...setting, default: JSON.stringify(value) });
    }
    compare(rowsBelow('policy.yaml'), settings);
  });

  it('names every variable that the configuration reads', () => {
    const source = readFileSync('adapters/config/index.ts', 'utf8');
    const read = [...source.matchAll(/process\.env\['([A-Z_]+)'\]/g)].map(([, name]) => name!);
    const ordinary = new Set(['PATH', 'HOME', 'CI', 'USER', 'LOGNAME', 'SUDO_USER']);
    for (const name of read.filter((variable) => !ordinary.has(variable))) expect(page).toContain(`\`${name}\``);
  });
});
