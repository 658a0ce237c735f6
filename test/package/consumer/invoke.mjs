// Calls the handler of a bundle with some requests, and prints the answers.
const { handler, close } = await import(process.argv[2]);
const ask = (method, rawPath, headers, body) =>
  handler({ rawPath, headers, body, requestContext: { domainName: 'localhost', http: { method } } });
const post = (query) =>
  ask('POST', '/graphql', { 'content-type': 'application/json' }, JSON.stringify({ query }));
const answers = {
  query: await post('{ contactLists(first: 1) { nodes { name } } }'),
  introspection: await post('{ __schema { queryType { name } } }'),
  health: await ask('GET', '/healthz', {}),
  landing: await ask('GET', '/', { accept: 'text/html' }),
  schema: await ask('GET', '/schema.graphql', {}),
  graphiql: await ask('GET', '/graphql', { accept: 'text/html' }),
};
console.log(JSON.stringify(answers));
await close();
