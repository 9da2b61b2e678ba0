import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ZipMember {
  readonly name: string;
  readonly sizeBytes: number;
  readonly open: () => Readable | Promise<Readable>;
}

export const MEMBER_MODE = 0o100600;

/**
 * Streams a zip whose bytes depend on nothing but its members. They are stored, not deflated: the output of zlib changes
 * between versions, and a stored member cannot be a zip bomb.
 * @returns a stream that fails when a member fails or has another size than it said.
 */
export function zipStored(members: readonly ZipMember[]): Readable {
  const zip = new ZipFile();
  const output = new PassThrough();
  const fail = (cause: unknown): void => {
    output.destroy(cause instanceof Error ? cause : new Error(String(cause)));
  };
  let current: Readable | undefined;
  output.once('close', () => current?.destroy());
  zip.on('error', fail);
  zip.outputStream.pipe(output);
  // Zip times are local: noon of one day, made of local parts, is the same bytes in every time zone.
  const options = { mtime: new Date(2000, 0, 1, 12), mode: MEMBER_MODE, compress: false, forceDosTimestamp: true };
  for (const member of members) {
    zip.addReadStreamLazy(member.name, { ...options, size: member.sizeBytes }, (give) => {
      Promise.resolve()
        .then(member.open)
        .then((stream) => {
          stream.once('error', fail);
          current = stream;
          give(null, stream);
        })
        .catch(fail);
    });
  }
  zip.end();
  return output;
}
