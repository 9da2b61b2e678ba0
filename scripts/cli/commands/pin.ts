import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { inRanges } from '../../../adapters/ssh/ranges.ts';
import { scanHostKey } from '../../../adapters/ssh/keyscan.ts';
import { canonicalAddress } from '../../../domain/address.ts';
import { commandConfig, siteFor } from '../context.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printText } from '../print.ts';

export function addPin(program: Command): void {
  program
    .command('pin')
    .description("pin a host's SSH key: show its fingerprint, ask, and add it to the site's known_hosts")
    .argument('<address>', 'address of the host')
    .option('--site <site>', 'site of the host')
    .option(
      '--fingerprint <SHA256:...>',
      'fingerprint that you read on the host itself; needed where nobody can be asked',
    )
    .addHelpText(
      'after',
      '\nOn the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n\nExample:\n  swarmcase pin 10.20.0.12 --fingerprint SHA256:AbC...',
    )
    .action(async (text: string, options: { site?: string; fingerprint?: string }, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const site = config.sites[siteFor(config, options.site)]!;
      const address = canonicalAddress(text);
      if (!address || !inRanges(site.ranges, address)) {
        throw new CommandError(
          EXIT.usage,
          `"${text}" is no address inside the site's ranges (${site.ranges.join(', ')}).`,
        );
      }
      const endpoint = site.ssh.endpoints[address] ?? { host: address, port: site.ssh.port };
      const key = await scanHostKey(endpoint, { address, port: site.ssh.port });
      printText(`${address} shows a ${key.type} key with fingerprint ${key.fingerprint}`);
      const refusal = await whyNot(key.fingerprint, options.fingerprint);
      if (refusal !== undefined) throw new CommandError(EXIT.refused, `Not pinned: ${refusal}.`);
      appendFileSync(site.ssh.known_hosts, `${key.line}\n`);
      printText(`Pinned in ${site.ssh.known_hosts}.`);
    });
}

/** @returns why the key is not to be trusted; nothing when it is. */
async function whyNot(shown: string, expected: string | undefined): Promise<string | undefined> {
  if (expected !== undefined) return expected === shown ? undefined : `that is not ${expected}`;
  if (!process.stdin.isTTY) return 'nobody can be asked here; give --fingerprint with what you read on the host itself';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Is that what you read on the host itself? Type yes: ');
    return answer.trim() === 'yes' ? undefined : 'the answer was not yes';
  } finally {
    terminal.close();
  }
}
