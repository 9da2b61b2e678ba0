import { visible } from '../safe-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML that shows exactly this text, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text, Number.POSITIVE_INFINITY).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
