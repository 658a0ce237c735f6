/** What the page of GraphiQL is set up with, the tabs among it: a file that the page names. */
export async function graphiqlOptions(url: string): Promise<string> {
  const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  const path = /data-options="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const response = await fetch(new URL(path, `${url}/graphql`));
  return response.text();
}
