/** Meta as this installation sees it: the real one with credentials, else the bundled simulator in a thread of its own. */
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { StartRefused } from '../lib/start-refused.ts';
import { within } from '../lib/wait.ts';
import { isServersFault } from '../sending/retry.ts';
import { SANDBOX_SECRETS } from '../simulator/secrets.ts';
import { DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID } from '../simulator/server.ts';
import { runSimulatorThread, type SimulatorThread } from '../simulator/thread.ts';
import { createMetaClient, type MetaClient } from '../whatsapp/client.ts';
import { isUnreachable } from '../whatsapp/graph.ts';

export interface Meta {
  readonly client: MetaClient;
  readonly phoneNumberId: string;
  readonly wabaId: string;
  /** Undefined: webhooks are refused, since nobody could tell whether they are Meta's. */
  readonly appSecret: string | undefined;
  readonly verifyToken: string | undefined;
  readonly maxInFlight: number;
  /** A harmless question about a number: has Meta given any answer that can be read, be it a refusal? */
  readonly isAnswering: (phoneNumberId: string) => Promise<boolean>;
  /** The bundled simulator's address. */
  readonly sandboxUrl: string | undefined;
  /** Tells the bundled simulator where the webhooks go, once the server listens. */
  connectWebhooks(url: string): Promise<void>;
  close(): Promise<void>;
}

/** A question that takes longer than this is not answered. */
const ANSWER_MS = 5_000;
/** Requests in flight ≈ rate × latency: 1,000/s at 0.4 s (docs/meta.md, Limits). */
const MAX_IN_FLIGHT = 512;

/** Before anything is opened: a part without the simulator that the parts share starts nothing, and migrates nothing. */
export function refuseLonelySandbox({ whatsapp }: Config, role: string): void {
  if (whatsapp.mode !== 'sandbox' || whatsapp.apiBaseUrl !== undefined || role === 'all') return;
  const { appSecret, verifyToken } = SANDBOX_SECRETS;
  throw new StartRefused(
    `Several processes in sandbox mode share one simulator: start it with "whatsapp-sender simulator --webhook-url …/api/v1/webhooks/whatsapp" and set on all of them WHATSAPP_API_BASE_URL to its address, WHATSAPP_APP_SECRET to its --app-secret (${appSecret} unless it was given another) and WHATSAPP_VERIFY_TOKEN to its --verify-token (${verifyToken}).`,
  );
}

export async function openMeta(config: Config, secretKey: string): Promise<Meta> {
  const { whatsapp } = config;
  const derived = (use: string): string => createHmac('sha256', secretKey).update(use).digest('hex');
  const isSandbox = whatsapp.mode === 'sandbox';
  const appSecret = whatsapp.appSecret ?? (isSandbox ? derived('sandbox app secret') : undefined);
  const verifyToken = whatsapp.verifyToken ?? (isSandbox ? derived('sandbox verify token') : undefined);
  const simulator = isSandbox && whatsapp.apiBaseUrl === undefined ? await startSandbox(config) : undefined;
  const baseUrl = simulator?.url ?? whatsapp.apiBaseUrl;
  if (baseUrl === undefined) throw new Error('no address of Meta');
  const client = createMetaClient({
    baseUrl,
    version: whatsapp.apiVersion,
    accessToken: isSandbox ? derived('sandbox access token') : whatsapp.accessToken,
    connections: MAX_IN_FLIGHT,
  });
  return {
    client,
    phoneNumberId: isSandbox ? DEFAULT_PHONE_NUMBER_ID : whatsapp.phoneNumberId,
    wabaId: isSandbox ? DEFAULT_WABA_ID : whatsapp.businessAccountId,
    appSecret,
    verifyToken,
    maxInFlight: MAX_IN_FLIGHT,
    isAnswering: async (phoneNumberId) => {
      const asked = client.phoneNumber(phoneNumberId);
      if (!(await within(asked, ANSWER_MS))) return false;
      const answer = await asked;
      return answer.ok || (!isUnreachable(answer.error) && !isServersFault(answer.error));
    },
    sandboxUrl: simulator?.url,
    async connectWebhooks(url) {
      if (simulator !== undefined && appSecret !== undefined && verifyToken !== undefined) {
        await simulator.setWebhookTarget({ url, appSecret, verifyToken });
      }
    },
    async close() {
      await client.close();
      await simulator?.stop();
    },
  };
}

/** Its ledger and the webhooks it still owes live beside the database and survive a restart. */
function startSandbox(config: Config): Promise<SimulatorThread> {
  return runSimulatorThread({ port: config.simulator.port, dataDir: join(config.dataDir, 'simulator') });
}
