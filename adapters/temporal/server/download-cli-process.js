// Started by download-cli.ts: node download-cli-process.js <directory> <version>
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [directory, version] = process.argv.slice(2);
const executable = { type: 'cached-download', downloadDir: directory, version: `v${version}` };
// The SDK offers its downloader only together with a start of what it downloaded.
const server = await TestWorkflowEnvironment.createLocal({ server: { executable } });
await server.teardown();
