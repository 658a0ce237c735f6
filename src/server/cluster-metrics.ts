import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type PrometheusContentType } from 'prom-client';

/** From the worker that received the scrape. */
interface ScrapeRequest {
  type: 'scrape';
}

/** From the primary process: the metrics of all workers, or the reason for their absence. */
type ScrapeResponse = { type: 'scraped' } & ({ text: string } | { failure: string });

/** In the primary process: sends the metrics of all workers to the worker that asks. */
export function answerScrapes(): void {
  const registry = new AggregatorRegistry();
  const answer = async (worker: Worker) => {
    const response = await registry.clusterMetrics().then(
      (text): ScrapeResponse => ({ type: 'scraped', text }),
      (error: unknown): ScrapeResponse => ({ type: 'scraped', failure: String(error) }),
    );
    // The worker may end at any moment.
    if (worker.isConnected()) worker.send(response, () => undefined);
  };
  cluster.on('message', (worker, { type }: ScrapeRequest) => {
    if (type === 'scrape') void answer(worker);
  });
}

/** In a worker: counts events of this process, and exposes the metrics of all workers. */
export class ClusterRegistry extends AggregatorRegistry<PrometheusContentType> {
  #scrape: Promise<string> | undefined;

  constructor() {
    super();
    AggregatorRegistry.setRegistries(this);
  }

  override metrics(): Promise<string> {
    this.#scrape ??= askPrimary().finally(() => (this.#scrape = undefined));
    return this.#scrape;
  }
}

function askPrimary(): Promise<string> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: ScrapeResponse) => {
      if (message.type !== 'scraped') return;
      process.off('message', onMessage);
      if ('text' in message) resolve(message.text);
      else reject(new Error(message.failure));
    };
    process.on('message', onMessage);
    process.send?.({ type: 'scrape' } satisfies ScrapeRequest);
  });
}
