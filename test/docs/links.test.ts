import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../scripts/cli/program.ts';
import packageJson from '../../package.json' with { type: 'json' };

const PAGES = [
  'README.md',
  'scripts/lab/README.md',
  ...readdirSync('docs', { recursive: true })
    .map((name) => join('docs', String(name)))
    .filter((name) => name.endsWith('.md')),
];
const textOf = (page: string): string => readFileSync(page, 'utf8');

/** GitHub's anchors of the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const headings = [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe.each(PAGES)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    for (const target of links.filter((link) => !/^https?:/.test(link))) {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect([target, existsSync(file)]).toEqual([target, true]);
      if (anchor !== undefined) expect([target, anchorsOf(file).has(anchor)]).toEqual([target, true]);
    }
  });

  it('names files and folders of this project that exist', () => {
    const rooms = readdirSync('.').filter((name) => !name.startsWith('.') && statSync(name).isDirectory());
    const named = [...textOf(page).matchAll(/`([a-z]+\/[A-Za-z0-9_./-]*)`/g)].map(([, path = '']) => path);
    const ours = named.filter((path) => rooms.includes(path.split('/')[0]!) && !path.startsWith('node_modules'));
    // `root/` and `roles/` of the lab's own page are relative to it.
    for (const path of ours) expect([path, existsSync(path)]).toEqual([path, true]);
  });

  it('names npm scripts that exist', () => {
    const named = [...textOf(page).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    for (const name of named) expect(Object.keys(packageJson.scripts)).toContain(name);
  });
});

const helps = new Map((await commandLine([])).commands.map((command) => [command.name(), command.helpInformation()]));

describe('the commands that the pages name', () => {
  const uses = PAGES.flatMap((page) =>
    [...textOf(page).matchAll(/\bswarmcase ([a-z]+)((?: +(?!&|\||>)[^`\n|>&;$]+)?)/g)]
      .filter(
        ([whole]) => !/swarmcase (?:ALL|is|stands|stops|turns|reads|never|tries|asks|does|itself|keeps)/.test(whole),
      )
      .map(([, command = '', rest = '']) => ({ command, options: rest.match(/--[a-z0-9-]+/g) ?? [] })),
  );

  it('exist, with the options that are given', () => {
    expect(uses.length).toBeGreaterThan(30);
    for (const { command, options } of uses) {
      expect([command, helps.has(command)]).toEqual([command, true]);
      for (const option of options)
        expect([command, option, helps.get(command)]).toEqual([command, option, expect.stringContaining(option)]);
    }
  });
});
