/**
 * The simulator against a bare Node HTTP server, each in a worker thread, the same `undici` loop posting the same bodies.
 * Prints one JSON line. Usage: node --import tsx bench/simulator-bare.ts [seconds] [connections]
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Pool } from 'undici';
import { runSimulatorThread } from '../src/simulator/thread.ts';
import type { SimulatorOptions } from '../src/simulator/server.ts';

const seconds = Number(process.argv[2] ?? 4);
const connections = Number(process.argv[3] ?? 64);
const PATH = '/v25.0/106540352242922/messages';

const BARE = `
const { createServer } = require('node:http');
const { parentPort } = require('node:worker_threads');
const answer = JSON.stringify({ messaging_product: 'whatsapp', contacts: [{ input: '+573001234567', wa_id: '573001234567' }], messages: [{ id: 'wamid.HBgMNTczMDAxMjM0NTY3FQIAERgSRkQxMjM3QjkwMDAwMDAwMDAwAA==', message_status: 'accepted' }] });
const server = createServer((req, res) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage('http://127.0.0.1:' + server.address().port));
`;

let sequence = 0;
function body(): string {
  sequence += 1;
  return `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+5731${String(12_345_678 + sequence)}","type":"template","biz_opaque_callback_data":"bench.1.${String(
    sequence,
  )}.1","template":{"name":"bienvenida","language":{"code":"es"},"components":[{"type":"body","parameters":[{"type":"text","text":"Ana María"},{"type":"text","text":"C-${String(
    sequence,
  )}"}]}]}}`;
}

async function loop(url: string, lasting: number): Promise<number> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const end = performance.now() + lasting * 1000;
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const answer = await pool.request({ path: PATH, method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer bench' }, body: body() });
        await answer.body.text();
        if (answer.statusCode !== 200) throw new Error(`answered ${String(answer.statusCode)}`);
        done += 1;
      }
    }),
  );
  const rate = (done * 1000) / (performance.now() - start);
  await pool.close();
  return rate;
}

async function bare(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const worker = new Worker(BARE, { eval: true });
  const [url] = (await once(worker, 'message')) as [string];
  return { url, stop: () => worker.terminate() };
}

function simulator(dataDir: string | undefined): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const options: SimulatorOptions = { dataDir, config: { throughput: { enforce: false } } };
  return runSimulatorThread(options);
}

/** Turn about, so that a noisy minute of the machine hits all alike; the best round of each counts. */
const folder = mkdtempSync(path.join(tmpdir(), 'simulator-bench-'));
const best = { bare: 0, memory: 0, disk: 0 };
for (let round = 0; round < 3; round += 1) {
  const starts = { bare, memory: () => simulator(undefined), disk: () => simulator(path.join(folder, String(round))) };
  for (const key of ['bare', 'memory', 'disk'] as const) {
    const server = await starts[key]();
    await loop(server.url, 1);
    best[key] = Math.max(best[key], await loop(server.url, seconds));
    await server.stop();
  }
}
rmSync(folder, { recursive: true, force: true });
const round = (rate: number): number => Math.round(rate);
console.log(
  JSON.stringify({
    bench: 'simulator-bare',
    target: 0.6,
    bare_per_second: round(best.bare),
    simulator_per_second: round(best.memory),
    simulator_on_disk_per_second: round(best.disk),
    ratio: Number((best.memory / best.bare).toFixed(3)),
    ratio_on_disk: Number((best.disk / best.bare).toFixed(3)),
  }),
);
