// Runs in a worker: to load, convert and compress 9 MB would hold up every request of the process.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import * as bundle from '@graphql-yoga/render-graphiql/graphiql';

const own = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');
const icon = Buffer.from(bundle.favicon.slice(bundle.favicon.indexOf(',') + 1), 'base64');
const files = [
  ['graphiql', 'js', bundle.js],
  ['graphiql', 'css', bundle.css + own('graphiql.css')],
  ['start', 'js', own('graphiql.js')],
  ['editor-worker', 'js', bundle.editorWorkerService],
  ['json-worker', 'js', bundle.jsonWorker],
  ['graphql-worker', 'js', bundle.graphqlWorker],
  ['favicon', 'ico', icon],
];

const assets = files.map(([name, extension, content]) => {
  // Copies that own their memory, so that it can be handed over.
  const bytes = new Uint8Array(Buffer.from(content));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const compressed = new Uint8Array(gzipSync(bytes, { level: 9 }));
  return { key: `${name}.${extension}`, name: `${name}.${hash}.${extension}`, bytes, compressed };
});
parentPort.postMessage(
  assets,
  assets.flatMap(({ bytes, compressed }) => [bytes.buffer, compressed.buffer]),
);
