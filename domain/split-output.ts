/** One artifact's output as it came, without markers. */
export interface OutputSection {
  readonly artifactId: string;
  readonly bytes: Buffer;
  /** Absent when the section never ended or the host could not say. */
  readonly exitCode?: number;
  /** Cut at the artifact's byte limit, or never ended: absence in it proves nothing. */
  readonly truncated: boolean;
}

export interface SplitOutput {
  /** In order of arrival. The same artifact twice gives two sections; nothing is joined or dropped. */
  readonly sections: readonly OutputSection[];
  /** Artifacts for which no time was left. */
  readonly skipped: readonly string[];
  /** The final marker was seen. */
  readonly complete: boolean;
  /** Everything outside sections: banners, login messages, forgeries. */
  readonly stray: Buffer;
  /** Artifact during which the output ended. */
  readonly unfinished?: string;
}

interface Marker {
  readonly verb: 'BEGIN' | 'END' | 'SKIP' | 'DONE';
  readonly id: string;
  readonly value: number | undefined;
  /** First byte of the marker line, and first byte after it. */
  readonly start: number;
  readonly end: number;
}

interface Open {
  readonly marker: Marker;
  readonly from: number;
}

/**
 * Cuts what a collection script printed into sections. Only whole lines with our nonce are markers; everything else is content of the
 * section it stands in. An END of another section is content too; a BEGIN inside a section ends it as unfinished. Every byte lands in
 * exactly one section, in `stray` or in a marker.
 * @param nonce the one the script was built with.
 */
export function splitSections(stdout: Buffer, nonce: string): SplitOutput {
  const sections: OutputSection[] = [];
  const skipped: string[] = [];
  const stray: Buffer[] = [];
  let complete = false;
  let open: Open | undefined;
  let outside = 0;
  for (const marker of markers(stdout, nonce)) {
    if (open && marker.verb === 'END' && marker.id === open.marker.id) {
      sections.push(section(open, stdout.subarray(open.from, withoutLineEnd(stdout, open.from, marker.start)), marker));
      open = undefined;
    } else if (open && marker.verb === 'BEGIN') {
      sections.push(section(open, stdout.subarray(open.from, marker.start)));
      open = { marker, from: marker.end };
    } else if (!open && marker.verb !== 'END' && !complete) {
      stray.push(stdout.subarray(outside, marker.start));
      if (marker.verb === 'BEGIN') open = { marker, from: marker.end };
      else if (marker.verb === 'SKIP') skipped.push(marker.id);
      else complete = true;
    } else {
      continue;
    }
    outside = marker.end;
  }
  if (open) {
    sections.push(section(open, stdout.subarray(open.from)));
    return { sections, skipped, complete: false, stray: Buffer.concat(stray), unfinished: open.marker.id };
  }
  stray.push(stdout.subarray(outside));
  return { sections, skipped, complete, stray: Buffer.concat(stray) };
}

function section(open: Open, content: Buffer, end?: Marker): OutputSection {
  const limit = open.marker.value ?? content.length;
  return {
    artifactId: open.marker.id,
    bytes: Buffer.from(content.subarray(0, limit)),
    ...(end?.value === undefined ? {} : { exitCode: end.value }),
    truncated: end === undefined || content.length > limit,
  };
}

/** The script prints a line end before each END, whatever the command printed last. */
function withoutLineEnd(bytes: Buffer, from: number, end: number): number {
  if (end <= from || bytes[end - 1] !== 0x0a) return end;
  return end - 1 > from && bytes[end - 2] === 0x0d ? end - 2 : end - 1;
}

function* markers(bytes: Buffer, nonce: string): Generator<Marker> {
  const needle = Buffer.from(`@@${nonce} `, 'latin1');
  for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 1)) {
    if (at > 0 && bytes[at - 1] !== 0x0a) continue;
    const newline = bytes.indexOf(0x0a, at);
    const line = bytes.subarray(at, Math.min(newline === -1 ? bytes.length : newline, at + 256)).toString('latin1');
    const found =
      /^@@\w+ (?:(DONE)|(SKIP) ([a-z0-9-]+)|(BEGIN) ([a-z0-9-]+) max=(\d+)|(END) ([a-z0-9-]+) rc=(\d*)) *\r?$/.exec(
        line,
      );
    if (!found || newline === -1) continue;
    const verb = (found[1] ?? found[2] ?? found[4] ?? found[7]) as Marker['verb'];
    const digits = found[6] ?? found[9];
    yield {
      verb,
      id: found[3] ?? found[5] ?? found[8] ?? '',
      value: digits ? Number(digits) : undefined,
      start: at,
      end: newline + 1,
    };
  }
}
