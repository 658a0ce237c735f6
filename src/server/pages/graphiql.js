// Starts GraphiQL with the options and workers that a file names, because the page's policy allows no script in the page itself.
(() => {
  const { options: address } = document.currentScript.dataset;
  const isLoaded = new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
  const start = async () => {
    const { options, workers } = await (await fetch(address)).json();
    globalThis.MonacoEnvironment = {
      globalAPI: false,
      getWorkerUrl: (_module, label) => new URL(workers[label], document.baseURI).href,
    };
    await isLoaded;
    globalThis.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), options);
  };
  start();
})();

// Shows what the last operation cost beside its answer: GraphiQL has it at the end of what may be a long text. It looks at the
// answers as they pass, so that GraphiQL itself is left as it is.
(() => {
  const send = globalThis.fetch;
  const badge = document.createElement('output');
  badge.id = 'cost';
  badge.hidden = true;
  badge.title = 'extensions.upstream of the last answer';
  document.body.append(badge);

  globalThis.fetch = async (...request) => {
    const answer = await send(...request);
    const sent = request[1]?.body;
    // Reading the schema is not an operation that somebody ran.
    if (typeof sent !== 'string' || !sent.includes('__schema')) follow(answer.clone()).catch(() => undefined);
    return answer;
  };

  /** The report is the same in one answer, in a part of one, and in an event; the last one counts. */
  async function follow({ body }) {
    badge.hidden = true;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let tail = '', part = await reader.read(); !part.done; part = await reader.read()) {
      tail += part.value;
      const reports = [...tail.matchAll(/"upstream":(\{"calls":[^{}]*\})/g)];
      if (reports.length > 0) show(JSON.parse(reports.at(-1)[1]));
      tail = tail.slice(-500);
    }
  }

  function show({ calls, cached, retries, waitedMs, remainingToday }) {
    const parts = [calls === 1 ? '1 REST call' : `${calls} REST calls`];
    if (retries > 0) parts.push(`${retries} of them repeated`);
    if (cached > 0) parts.push(`${cached} from the cache`);
    if (waitedMs >= 100) parts.push(`${(waitedMs / 1000).toFixed(1)} s waiting for the limit`);
    if (remainingToday !== null) parts.push(`${remainingToday.toLocaleString('en')} left today`);
    badge.textContent = parts.join(' · ');
    badge.hidden = false;
  }
})();
