import { readFileSync } from 'node:fs';
import ssh2, { type AnyAuthMethod, type AuthenticationType, type AuthHandlerMiddleware, type ParsedKey } from 'ssh2';
import { Fault } from '../../domain/errors.ts';
import type { SshConfig } from '../config/index.ts';

/** How to log in at one hop. */
export type SshAuth = Pick<SshConfig, 'user' | 'key' | 'passphrase_secret' | 'agent' | 'password_secret'>;

/**
 * Resolves the credentials of one hop to the methods to try, in this order: key file, agent, password, and the same
 * password for a server that asks by keyboard-interactive.
 * @throws Fault SecretMissing, ConfigInvalid (never retried).
 */
export function createAuthMethods(auth: SshAuth, secret: (name: string) => string): () => readonly AnyAuthMethod[] {
  const readKey = createKeyReader(auth, secret);
  return () => {
    const username = auth.user;
    const methods: AnyAuthMethod[] = [];
    if (auth.key !== undefined) methods.push({ type: 'publickey', username, key: readKey(auth.key) });
    if (auth.agent !== undefined) methods.push({ type: 'agent', username, agent: auth.agent });
    if (auth.password_secret !== undefined) {
      const password = secret(auth.password_secret);
      methods.push({ type: 'password', username, password }, keyboardInteractive(username, password));
    }
    if (methods.length === 0) {
      throw new Fault('ConfigInvalid', `User ${username} has no way to log in. Give key, agent or password_secret.`);
    }
    return methods;
  };
}

/** Offers each method once and skips those that the server does not take. `onBegin` is told when the login starts. */
export function authHandlerFor(methods: readonly AnyAuthMethod[], onBegin: () => void): AuthHandlerMiddleware {
  const left = [...methods];
  // ssh2 calls it with `null` until the server has said what it takes; the published types do not know that.
  return (accepted: AuthenticationType[] | null, _partialSuccess, next) => {
    onBegin();
    for (;;) {
      const method = left.shift();
      if (method === undefined) {
        // `false` means that there is nothing more to try; the published types do not know that either.
        next(false as unknown as AuthenticationType);
        return;
      }
      const name = method.type === 'agent' ? 'publickey' : method.type;
      if (accepted === null || accepted.includes(name)) {
        next(method);
        return;
      }
    }
  };
}

/** Answers the first hidden prompt with the password and everything else with nothing, so that no server can make it wait. */
function keyboardInteractive(username: string, password: string): AnyAuthMethod {
  let answered = false;
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (_name, _instructions, _language, prompts, finish) => {
      finish(
        prompts.map((prompt) => {
          if (answered || prompt.echo) return '';
          answered = true;
          return password;
        }),
      );
    },
  };
}

/** Unlocking a key costs a tenth of a second of computing, so it is done again only when the file has changed. */
function createKeyReader(auth: SshAuth, secret: (name: string) => string): (path: string) => ParsedKey {
  let last: { readonly text: string; readonly key: ParsedKey } | undefined;
  return (path) => {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      throw new Fault('ConfigInvalid', `The private key ${path} cannot be read.`, { cause });
    }
    if (last?.text === text) return last.key;
    const passphrase = auth.passphrase_secret === undefined ? undefined : secret(auth.passphrase_secret);
    const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(text, passphrase);
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    if (key === undefined || key instanceof Error || !key.isPrivateKey()) {
      const unlocked =
        auth.passphrase_secret === undefined
          ? 'without a passphrase (set passphrase_secret)'
          : `with secret "${auth.passphrase_secret}"`;
      throw new Fault(
        'ConfigInvalid',
        `${path} is not a private key that opens ${unlocked}.`,
        key instanceof Error ? { cause: key } : {},
      );
    }
    last = { text, key };
    return key;
  };
}
