/**
 * Atlassian Document Format, the part that a report needs. Text goes into text nodes only, which have no markup: an untrusted
 * `[link]`, `@mention` or `<tag>` stays the letters it is made of.
 * @source https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export interface AdfNode {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, string | number>>;
  readonly content?: readonly AdfNode[];
}

export interface AdfDocument {
  readonly version: 1;
  readonly type: 'doc';
  readonly content: readonly AdfNode[];
}

/** Deeper nesting than any editor makes is not read. */
const MAX_DEPTH = 20;

/**
 * Turns the block structure of Markdown (headings, bullets, fences, paragraphs) into nodes; everything inside a block is plain text.
 * @param lastLine paragraph at the end, for a marker.
 */
export function toAdf(markdown: string, lastLine?: string): AdfDocument {
  const content: AdfNode[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,6}) +(.*\S)/.exec(line);
    if (line.trim() === '') {
      at++;
    } else if (line.startsWith('```')) {
      const end = lines.indexOf('```', at + 1);
      const inside = lines.slice(at + 1, end === -1 ? undefined : end).join('\n');
      if (inside !== '') content.push({ type: 'codeBlock', content: [textNode(inside)] });
      at = end === -1 ? lines.length : end + 1;
    } else if (heading) {
      content.push({
        type: 'heading',
        attrs: { level: heading[1]?.length ?? 1 },
        content: [textNode(heading[2] ?? '')],
      });
      at++;
    } else {
      const bullets = isBullet(line);
      const end = blockEnd(lines, at, bullets);
      const block = lines.slice(at, end);
      content.push(bullets ? bulletList(block) : paragraph(block));
      at = end;
    }
  }
  if (lastLine !== undefined) content.push(paragraph([lastLine]));
  return { version: 1, type: 'doc', content };
}

/** Text of a document that Jira returned, one line per block; anything that is not one gives an empty text. */
export function adfText(body: unknown, depth = 0): string {
  if (typeof body !== 'object' || body === null || depth > MAX_DEPTH) return '';
  if ('text' in body && typeof body.text === 'string') return body.text;
  if ('type' in body && body.type === 'hardBreak') return '\n';
  if (!('content' in body) || !Array.isArray(body.content)) return '';
  const inline = 'type' in body && (body.type === 'paragraph' || body.type === 'heading' || body.type === 'codeBlock');
  return body.content.map((node) => adfText(node, depth + 1)).join(inline ? '' : '\n');
}

function blockEnd(lines: readonly string[], start: number, bullets: boolean): number {
  let end = start + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (line.trim() === '' || line.startsWith('```') || /^#{1,6} +\S/.test(line) || isBullet(line) !== bullets) break;
  }
  return end;
}

function isBullet(line: string): boolean {
  return /^\s*[-*] +\S/.test(line);
}

function bulletList(lines: readonly string[]): AdfNode {
  const items = lines.map((line) => ({ type: 'listItem', content: [paragraph([line.replace(/^\s*[-*] +/, '')])] }));
  return { type: 'bulletList', content: items };
}

function paragraph(lines: readonly string[]): AdfNode {
  const nodes = lines.flatMap((line, index) => [
    ...(index === 0 ? [] : [{ type: 'hardBreak' }]),
    // An empty text node is refused by Jira.
    ...(line === '' ? [] : [textNode(line)]),
  ]);
  return { type: 'paragraph', content: nodes };
}

function textNode(text: string): AdfNode {
  return { type: 'text', text };
}
