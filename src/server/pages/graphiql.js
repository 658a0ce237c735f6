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
    rememberOpenTab();
    globalThis.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), options);
  };
  start();

  // GraphiQL finds the tab that was open by a query that it stores with the first change only; without it, a reload adds a tab.
  function rememberOpenTab() {
    const { localStorage } = globalThis;
    const stored = localStorage.getItem('graphiql:tabState');
    if (stored === null || localStorage.getItem('graphiql:query') !== null) return;
    const { tabs, activeTabIndex } = JSON.parse(stored);
    for (const key of ['query', 'variables']) {
      const text = tabs[activeTabIndex]?.[key];
      if (text) localStorage.setItem(`graphiql:${key}`, text);
    }
  }
})();

// A click during which the pointer moves a little would drag the tab to another place instead.
globalThis.addEventListener(
  'pointerdown',
  (event) => {
    if (event.target.closest('.graphiql-tabs')) event.stopPropagation();
  },
  { capture: true },
);

// Looks at the answers as they pass, so that GraphiQL itself is left as it is: the schema is shown without what only gateways ask
// for, and a status bar says what the last operation cost.
(() => {
  const send = globalThis.fetch;
  const statusBar = document.createElement('output');
  statusBar.id = 'cost';
  statusBar.title = 'extensions.upstream of the last answer';
  statusBar.textContent = 'No operation has run yet.';
  document.body.append(statusBar);

  globalThis.fetch = async (...request) => {
    const answer = await send(...request).catch((error) => {
      statusBar.textContent = 'The server cannot be reached.';
      throw error;
    });
    const sent = request[1]?.body;
    // Reading the schema is not an operation that somebody ran.
    if (typeof sent === 'string' && sent.includes('__schema')) return withoutFederation(answer);
    follow(answer.clone()).catch(() => undefined);
    return answer;
  };

  const isFederation = ({ name }) => /^_[^_]/.test(name);

  /** The schema without `_entities`, `_service` and their types. */
  async function withoutFederation(answer) {
    const result = await answer
      .clone()
      .json()
      .catch(() => null);
    const schema = result?.data?.__schema;
    if (!Array.isArray(schema?.types)) return answer;
    schema.types = schema.types.filter((type) => !isFederation(type));
    for (const type of schema.types) type.fields = type.fields?.filter((field) => !isFederation(field));
    return globalThis.Response.json(result);
  }

  /** The report is the same in one answer, in a part of one, and in an event; the last one counts. */
  async function follow({ body }) {
    statusBar.textContent = '';
    let isReported = false;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let tail = '', part = await reader.read(); !part.done; part = await reader.read()) {
      tail += part.value;
      const reports = [...tail.matchAll(/"upstream":(\{"calls":[^{}]*\})/g)];
      if (reports.length > 0) {
        show(JSON.parse(reports.at(-1)[1]));
        isReported = true;
      }
      tail = tail.slice(-500);
    }
    // A refused operation, such as an invalid query, is not executed.
    if (!isReported) statusBar.textContent = 'No REST call';
  }

  function show({ calls, cached, retries, waitedMs, remainingToday }) {
    const parts = [calls === 1 ? '1 REST call' : `${calls} REST calls`];
    if (retries > 0) parts.push(`${retries} of them repeated`);
    if (cached > 0) parts.push(`${cached} from the cache`);
    if (waitedMs >= 100) parts.push(`${(waitedMs / 1000).toFixed(1)} s waiting for the limit`);
    if (remainingToday !== null) parts.push(`${remainingToday.toLocaleString('en')} left today`);
    statusBar.textContent = parts.join(' · ');
  }
})();
