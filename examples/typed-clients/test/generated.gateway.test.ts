import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  createOperationDescriptor,
  Environment,
  RecordSource,
  Store,
  type ConcreteRequest,
} from 'relay-runtime';
import { expect, it } from 'vitest';
import { startApp } from '../../../test/support/app.js';
import { campaignIn } from '../../../test/support/campaigns.js';

const EXAMPLE = fileURLToPath(new URL('..', import.meta.url));

it.each(['codegen', 'tada', 'relay', 'types'])('the tools of clients take the schema: %s', (script) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', script], {
    cwd: EXAMPLE,
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
});

it('Relay reads a deferred fragment with what relay-compiler has written', async () => {
  const app = await startApp({ sandbox: { contacts: 60 } });
  const [{ createNetwork }, { default: query }] = await Promise.all([
    import('../src/relay/network.js'),
    import('../generated/relay/campaignQuery.graphql.js') as Promise<{ default: ConcreteRequest }>,
  ]);
  const store = new Store(new RecordSource());
  const network = createNetwork(`${await app.listen()}/graphql`);
  const environment = new Environment({ network, store });
  const id = campaignIn(app, 'DONE').campaign.campaign_id;
  const operation = createOperationDescriptor(query, { id });
  const figures: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    environment.execute({ operation }).subscribe({
      next: () => {
        const campaigns = Object.values(store.getSource().toJSON()) as Record<string, any>[];
        const campaign = campaigns.find(({ __typename }) => __typename === 'EmailCampaign');
        figures.push([typeof campaign?.name, campaign?.stats?.__ref !== undefined]);
      },
      error: reject,
      complete: resolve,
    });
  });
  expect(figures[0]).toEqual(['string', false]);
  expect(figures.at(-1)).toEqual(['string', true]);
  expect(app.calls()).toHaveLength(2);
  await app.close();
});
