import { readFile } from 'node:fs/promises';
import converter from 'swagger2openapi';
import { parse } from 'yaml';

/** A parsed document of unknown shape. */
export type Document = Record<string, unknown>;

/**
 * Reads the vendor's contract from a file or an http(s) URL, as JSON or YAML, in Swagger 2 or OpenAPI 3.0.
 * @returns an OpenAPI 3.0 document, including prose and extensions
 * @throws Error when the source cannot be read or has another format
 */
export async function readSource(source: string): Promise<Document> {
  const text = await readText(source);
  const document = (text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text)) as Document | null;
  return toOpenApi(document ?? {}, source);
}

async function toOpenApi(document: Document, source: string): Promise<Document> {
  if (document['swagger'] === '2.0') {
    const { openapi } = await converter.convertObj(structuredClone(document), {
      patch: true,
      warnOnly: true,
    });
    return openapi;
  }
  const version = document['openapi'];
  if (typeof version === 'string' && version.startsWith('3.0.')) return document;
  throw new Error(`${source} is neither Swagger 2.0 nor OpenAPI 3.0.`);
}

async function readText(source: string): Promise<string> {
  if (!/^https?:/i.test(source)) return readFile(source, 'utf8');
  const answer = await fetch(source);
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}.`);
  return answer.text();
}
