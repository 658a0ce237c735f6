import { createFacade } from 'constant-contact-graphql';

// As AWS Lambda calls it behind a function URL.
const opening = createFacade();

export async function handler({ rawPath, headers, body, requestContext }) {
  const { fetch } = await opening;
  const { domainName, http } = requestContext;
  const response = await fetch(
    new Request(`https://${domainName}${rawPath}`, { method: http.method, headers, body }),
  );
  return { statusCode: response.status, body: await response.text() };
}

export const close = async () => (await opening).close();
