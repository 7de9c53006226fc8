/** The HTTP API, typed by its own description (schema.d.ts). Plain JavaScript, so that it runs unbuilt wherever it is imported. */
import createFetchClient from 'openapi-fetch';

export function createClient({ key, headers, ...options } = {}) {
  return createFetchClient({
    bodySerializer: serialize,
    ...options,
    headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
  });
}

/** A body that holds a file goes as a form, its fields before the file; everything else as JSON. */
function serialize(body) {
  if (body === undefined || body instanceof FormData || body instanceof URLSearchParams) return body;
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  if (!fields.some(([, value]) => value instanceof Blob)) return JSON.stringify(body);
  const form = new FormData();
  const rank = ([, value]) => (value instanceof Blob ? 1 : 0);
  for (const [name, value] of fields.sort((a, b) => rank(a) - rank(b))) if (value !== undefined) form.append(name, value);
  return form;
}
