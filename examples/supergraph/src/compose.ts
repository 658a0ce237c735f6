import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

export interface Subgraph {
  name: string;
  url: string;
}

/**
 * Fetches each subgraph's schema and composes the supergraph. In production this is a step of the release,
 * and gateways receive the result.
 */
export async function compose(subgraphs: readonly Subgraph[]): Promise<string> {
  const services = await Promise.all(
    subgraphs.map(async ({ name, url }) => ({ name, url, typeDefs: parse(await sdlOf(url)) })),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl) return supergraphSdl;
  throw new Error(`The subgraphs do not compose.\n${errors?.map(({ message }) => message).join('\n') ?? ''}`);
}

async function sdlOf(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = (await response.json()) as { data?: { _service: { sdl: string } } };
  if (data) return data._service.sdl;
  throw new Error(`${url} does not tell its schema (status ${String(response.status)}).`);
}
