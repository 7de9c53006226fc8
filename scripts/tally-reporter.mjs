// A second reporter beside `spec`: the counts and the names that the summary of several passes needs, as one JSON object.
/** @param {AsyncIterable<import('node:test/reporters').TestEvent>} source */
export default async function* tally(source) {
  const counts = { tests: 0, pass: 0, fail: 0, skipped: 0 };
  const names = { failed: [], skipped: [] };
  for await (const { type, data } of source) {
    if (type === 'test:diagnostic' && data.nesting === 0) {
      const match = /^(tests|pass|fail|skipped|cancelled) (\d+)$/.exec(data.message);
      if (match?.[1] === 'cancelled') counts.fail += Number(match[2]);
      else if (match !== null) counts[match[1]] += Number(match[2]);
    }
    if (type === 'test:pass' && data.skip !== undefined && data.skip !== false) {
      names.skipped.push(typeof data.skip === 'string' && data.skip !== '' ? `${data.name} (${data.skip})` : data.name);
    }
    // A suite or file fails because of what is in it; only the innermost says anything.
    if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') names.failed.push(data.name);
  }
  yield JSON.stringify({ ...counts, names });
}
