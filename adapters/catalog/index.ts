import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { overridePolicy, partialPolicySchema, policySchema, toPolicy } from '../../catalog/policy-schema.ts';
import {
  alternativeSchema,
  artifactSchema,
  collectionSchema,
  compromiseRuleSchema,
  p2pClientSchema,
} from '../../catalog/schema.ts';
import type { Catalog } from '../../catalog/types.ts';
import type { Artifact, Collection } from '../../domain/artifact.ts';
import { Fault } from '../../domain/errors.ts';
import type { Policy } from '../../domain/policy.ts';
import { parseYamlFile } from '../config/index.ts';

const SHIPPED = fileURLToPath(new URL('../../catalog', import.meta.url));

interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the whole catalogue: one definition per file, the id is the file name. Files that begin with `_` are templates.
 * @param directory default: the catalogue that is shipped.
 * @param policyFile operator's policy; overrides the catalogue's leaf by leaf.
 * @throws Fault CatalogInvalid (never retried) with every problem at once, one per line: file, line, key, what was wrong.
 */
export function loadCatalog(directory: string = SHIPPED, policyFile?: string): Catalog {
  const problems: string[] = [];
  const sources: Source[] = [];
  const read = <T extends { id: string }>(kind: string, schema: z.ZodType<T>): T[] =>
    readDefinitions(resolve(directory), kind, schema, sources, problems);
  const artifacts = byId(read('artifacts', artifactSchema));
  const collections = byId(read('collections', collectionSchema));
  checkCollections(collections, artifacts, sources, problems);
  const clients = read('p2p-clients', p2pClientSchema);
  const alternatives = read('alternatives', alternativeSchema);
  const rules = read('rules', compromiseRuleSchema);
  const policy = readPolicy(join(resolve(directory), 'policy.yaml'), policyFile, sources, problems);
  if (problems.length > 0 || policy === undefined) throw new Fault('CatalogInvalid', problems.join('\n'));
  return { artifacts, collections, clients, alternatives, rules, policy, sha256: digest(sources, directory) };
}

function readDefinitions<T extends { id: string }>(
  directory: string,
  kind: string,
  schema: z.ZodType<T>,
  sources: Source[],
  problems: string[],
): T[] {
  const seen = new Map<string, string>();
  const definitions: T[] = [];
  for (const path of yamlFiles(join(directory, kind))) {
    const source = { path, text: readFileSync(path, 'utf8') };
    sources.push(source);
    const definition = attempt(problems, () => parseYamlFile(shown(path), source.text, schema));
    if (!definition) continue;
    const at = `${shown(path)}:${lineOf(source.text, /^id:/)}: id:`;
    if (definition.id !== basename(path, '.yaml'))
      problems.push(`${at} must be the file name, "${basename(path, '.yaml')}"`);
    const folder = relative(join(directory, kind), path).split(sep);
    if ('platform' in definition && folder.length > 1 && definition.platform !== folder[0]) {
      problems.push(
        `${shown(path)}:${lineOf(source.text, /^platform:/)}: platform: must be its folder, "${folder[0]}"`,
      );
    }
    const other = seen.get(definition.id);
    if (other) problems.push(`${at} is also the id of ${shown(other)}`);
    seen.set(definition.id, path);
    definitions.push(definition);
  }
  return definitions;
}

function checkCollections(
  collections: ReadonlyMap<string, Collection>,
  artifacts: ReadonlyMap<string, Artifact>,
  sources: readonly Source[],
  problems: string[],
): void {
  for (const collection of collections.values()) {
    const source = sources.find(({ path }) => path.endsWith(`${sep}collections${sep}${collection.id}.yaml`));
    for (const [index, id] of collection.artifacts.entries()) {
      const line = source ? lineOfItem(source.text, index) : 1;
      const at = `${source ? shown(source.path) : collection.id}:${line}: artifacts.${index}:`;
      const artifact = artifacts.get(id);
      if (!artifact) problems.push(`${at} there is no artifact "${id}"`);
      else if (artifact.platform !== collection.platform) problems.push(`${at} "${id}" is for ${artifact.platform}`);
      if (collection.artifacts.indexOf(id) !== index) problems.push(`${at} "${id}" is listed twice`);
    }
  }
}

function readPolicy(
  path: string,
  operatorPath: string | undefined,
  sources: Source[],
  problems: string[],
): Policy | undefined {
  const load = (file: string): Source | undefined => {
    try {
      return { path: file, text: readFileSync(file, 'utf8') };
    } catch {
      problems.push(`${shown(file)}:1: the policy file cannot be read`);
      return undefined;
    }
  };
  const shipped = load(path);
  const base = shipped && attempt(problems, () => parseYamlFile(shown(path), shipped.text, policySchema));
  if (shipped) sources.push(shipped);
  if (operatorPath === undefined) return base && toPolicy(base);
  const operator = load(resolve(operatorPath));
  const over =
    operator && attempt(problems, () => parseYamlFile(shown(operator.path), operator.text, partialPolicySchema));
  if (!base || !over) return undefined;
  const joined = overridePolicy(base, over);
  const checked = policySchema.safeParse(joined);
  for (const issue of checked.error?.issues ?? []) {
    const line = lineOf(operator.text, new RegExp(`^\\s*${String(issue.path.at(-1))}:`));
    problems.push(`${shown(operator.path)}:${line}: ${issue.path.join('.')}: ${issue.message}`);
  }
  sources.push({ path: 'operator-policy', text: operator.text });
  return toPolicy(joined);
}

/** Runs a check; its problems are kept for the one list instead of ending the reading at the first. */
function attempt<T>(problems: string[], check: () => T): T | undefined {
  try {
    return check();
  } catch (fault) {
    if (!(fault instanceof Fault) || fault.type !== 'ConfigInvalid') throw fault;
    problems.push(...fault.message.split('\n'));
    return undefined;
  }
}

function yamlFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.yaml') && !basename(name).startsWith('_'))
    .sort(byCodeUnit)
    .map((name) => join(folder, name));
}

/** Same files, same digest on every machine: locale must not order them. */
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function digest(sources: readonly Source[], directory: string): string {
  const hash = createHash('sha256');
  const named = sources.map(({ path, text }) => ({
    name: path === 'operator-policy' ? path : relative(resolve(directory), path).split(sep).join('/'),
    text,
  }));
  for (const { name, text } of named.sort((a, b) => byCodeUnit(a.name, b.name))) {
    hash.update(`${name}\0${Buffer.byteLength(text)}\0`).update(text);
  }
  return hash.digest('hex');
}

function byId<T extends { id: string }>(definitions: readonly T[]): ReadonlyMap<string, T> {
  return new Map(definitions.map((definition) => [definition.id, definition]));
}

function lineOf(text: string, pattern: RegExp): number {
  return Math.max(1, text.split('\n').findIndex((line) => pattern.test(line)) + 1);
}

/** Line of the n-th entry of the only list that a collection has. */
function lineOfItem(text: string, index: number): number {
  const items = text.split('\n').flatMap((line, at) => (/^\s*-\s/.test(line) ? [at + 1] : []));
  return items[index] ?? lineOf(text, /^artifacts:/);
}

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
