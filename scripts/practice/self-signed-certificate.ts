import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface SelfSignedCertificate {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM, X.509 v3 with the names as subject alternative names. */
  readonly certificate: string;
}

const OID = {
  commonName: '0603550403',
  ecdsaWithSha256: '06082a8648ce3d040302',
  subjectAltName: '0603551d11',
  basicConstraints: '0603551d13',
  subjectKeyIdentifier: '0603551d0e',
} as const;

/**
 * Makes a P-256 key and a certificate signed by itself, so that the practice mailbox speaks TLS on a machine without
 * openssl. Node can read certificates but not write them; the structure is RFC 5280 section 4.1 in DER.
 * @param names DNS names and IPv4 addresses that the certificate is valid for.
 * @param days how long, counted from an hour before `now`.
 */
export function selfSignedCertificate(names: readonly string[], days: number, now = new Date()): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const signedWith = sequence(hex(OID.ecdsaWithSha256));
  const name = sequence(set(sequence(hex(OID.commonName), der(0x0c, Buffer.from(names[0] ?? 'localhost')))));
  const from = new Date(now.getTime() - 3_600_000);
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    signedWith,
    name,
    sequence(utcTime(from), utcTime(new Date(from.getTime() + days * 86_400_000))),
    name,
    spki,
    der(0xa3, sequence(...extensions(names, spki))),
  );
  const signature = sign('sha256', body, privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(sequence(body, signedWith, der(0x03, Buffer.concat([Buffer.from([0]), signature])))),
  };
}

function extensions(names: readonly string[], spki: Buffer): Buffer[] {
  const alternative = names.map((name) => {
    const parts = name.split('.').map(Number);
    return parts.length === 4 && parts.every((part) => part >= 0 && part <= 255)
      ? der(0x87, Buffer.from(parts))
      : der(0x82, Buffer.from(name));
  });
  const keyId = createHash('sha1').update(spki).digest();
  return [
    sequence(hex(OID.subjectAltName), der(0x04, sequence(...alternative))),
    sequence(
      hex(OID.basicConstraints),
      der(0x01, Buffer.from([0xff])),
      der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
    ),
    sequence(hex(OID.subjectKeyIdentifier), der(0x04, der(0x04, keyId))),
  ];
}

/** One DER element: tag, length in the short or long form, content. */
function der(tag: number, content: Buffer): Buffer {
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const digits = content.length.toString(16);
  const length = hex(digits.padStart(digits.length + (digits.length % 2), '0'));
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]): Buffer => der(0x31, Buffer.concat(parts));
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

/** UTCTime, valid until 2049 (RFC 5280 section 4.1.2.5.1). */
function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
