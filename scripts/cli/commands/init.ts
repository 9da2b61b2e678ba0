import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CONFIG_FILE } from '../../../adapters/config/index.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printText } from '../print.ts';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a commented configuration and policy to start from; nothing is overwritten')
    .argument('[directory]', 'where', '.')
    .addHelpText('after', '\nExample:\n  swarmcase init && swarmcase doctor')
    .action((directory: string) => {
      const files = { [CONFIG_FILE]: CONFIGURATION, 'policy.yaml': POLICY };
      for (const name of Object.keys(files)) {
        const path = resolve(directory, name);
        if (existsSync(path)) throw new CommandError(EXIT.refused, `${path} is there already; nothing was written.`);
      }
      for (const [name, text] of Object.entries(files)) {
        const path = resolve(directory, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        printText(`Wrote ${path}`);
      }
      mkdirSync(join(directory, 'secrets'), { recursive: true, mode: 0o700 });
      printText('Fill in the site, then check it with: swarmcase doctor');
    });
}

const CONFIGURATION = `# Swarmcase. Every setting is explained in docs/configuration.md; an unknown one stops the start.

# Evidence, reports, tickets as files, keys, logs.
state_dir: .swarmcase

# Temporal: TEMPORAL_ADDRESS goes before this; without either, "swarmcase up" runs an embedded server in state_dir.
# temporal:
#   address: temporal.example.com:7233
#   namespace: swarmcase

# What may be done; what it leaves out comes from the catalogue's policy.
policy: policy.yaml

sites:
  hq:
    # Swarmcase sends nothing to addresses outside of these.
    ranges: [10.20.0.0/16]
    # Reads hosts. The account needs sudo for the files of other users; see docs/runbook.md.
    ssh:
      user: swarmcase
      key: keys/collection_ed25519
      # Host keys are pinned, never learnt: swarmcase pin <address>
      known_hosts: known_hosts
      # port: 22
      # passphrase_secret: collection-key      # file secrets/collection-key or $SWARMCASE_SECRET_COLLECTION_KEY
      # jump: { host: 10.20.0.1, user: jump, key: keys/jump_ed25519 }
    # Changes hosts after approval. Without it nothing can be changed at this site.
    # response_ssh:
    #   user: swarmcase-response
    #   key: keys/response_ed25519
    #   known_hosts: known_hosts
    # Who had an address at a time: CSV with address,host,from,to,user,mail; or { kind: http, url: https://... }
    # address_log: { kind: csv, path: leases.csv }

# Without mail nobody is written to, and cases say so.
# mail:
#   host: mail.example.com
#   port: 587
#   security: starttls
#   user: swarmcase
#   password_secret: mail
#   from: swarmcase@example.com
#   analysts: [soc@example.com]
#   user_address: "{user}@example.com"

# Tickets are Markdown files in state_dir, or Jira issues.
# tickets:
#   kind: jira
#   url: https://example.atlassian.net
#   deployment: cloud
#   project: SEC
#   user: swarmcase@example.com
#   token_secret: jira
`;

const POLICY = `# Overrides catalog/policy.yaml leaf by leaf.

# observe: look and report; notify: also write to the user; ticket: also open a ticket; act: also change the host, after approval
mode: observe

# Host names (lower case) and addresses that are never changed.
protected_hosts: []

# Who may approve; empty means anybody but the requester.
approval:
  approvers: []
`;
