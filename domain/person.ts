/**
 * Under which a name counts once: `Carol`, ` carol ` and `carol` with full-width letters are one approver, and a requester
 * does not become another person by a capital letter. It compares names; it cannot tell who typed one.
 */
export function personKey(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** Whether two spellings of a name mean one person, so that nobody counts twice. */
export function samePerson(a: string, b: string): boolean {
  return personKey(a) === personKey(b);
}
