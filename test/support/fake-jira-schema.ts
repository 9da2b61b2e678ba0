import { z } from 'zod';

/** What Jira checks in the requests that the product makes. Unknown members are refused, as Jira refuses unknown fields. */

interface AdfNode {
  type: string;
  content?: AdfNode[] | undefined;
}

const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1) });
const inline = z.union([text, z.strictObject({ type: z.literal('hardBreak') })]);
const paragraph = z.strictObject({ type: z.literal('paragraph'), content: z.array(inline) });
const heading = z.strictObject({
  type: z.literal('heading'),
  attrs: z.strictObject({ level: z.int().min(1).max(6) }),
  content: z.array(inline),
});
const codeBlock = z.strictObject({ type: z.literal('codeBlock'), content: z.array(text) });
const listItem = z.strictObject({ type: z.literal('listItem'), content: z.array(paragraph).min(1) });
const bulletList = z.strictObject({ type: z.literal('bulletList'), content: z.array(listItem).min(1) });
const block: z.ZodType<AdfNode> = z.union([paragraph, heading, codeBlock, bulletList]);

const document = z.strictObject({ version: z.literal(1), type: z.literal('doc'), content: z.array(block) });
const wiki = z.string().max(32_767);

const limitedDocument = document.refine((doc) => JSON.stringify(doc).length < 200_000);

export const bodySchema = { cloud: limitedDocument, 'data-center': wiki };

const createBody = (deployment: 'cloud' | 'data-center') =>
  z.strictObject({
    fields: z.strictObject({
      project: z.strictObject({ key: z.string() }),
      issuetype: z.strictObject({ name: z.string() }),
      summary: z
        .string()
        .min(1)
        .max(255)
        .regex(/^[^\r\n]*$/),
      description: bodySchema[deployment],
      labels: z.array(z.string().max(255).regex(/^\S+$/)),
    }),
  });

/** What the create call of each deployment accepts. */
export const createSchema = { cloud: createBody('cloud'), 'data-center': createBody('data-center') };

export const searchSchema = {
  cloud: z.strictObject({
    jql: z.string().min(1),
    fields: z.array(z.string()),
    maxResults: z.int().max(5000),
    reconcileIssues: z.array(z.int()).max(50).optional(),
    nextPageToken: z.string().optional(),
  }),
  'data-center': z.strictObject({
    jql: z.string().min(1),
    fields: z.array(z.string()),
    maxResults: z.int(),
    startAt: z.int().optional(),
  }),
};

export const transitionSchema = z.strictObject({ transition: z.strictObject({ id: z.string() }) });
