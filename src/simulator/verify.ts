import { randomInt, timingSafeEqual } from 'node:crypto';
import { request } from 'undici';

/** The GET handshake: the address must give the challenge back. Undefined when it did. */
export async function verifyCallback(url: string, verifyToken: string): Promise<string | undefined> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
  try {
    const address = new URL(url);
    address.searchParams.set('hub.mode', 'subscribe');
    address.searchParams.set('hub.verify_token', verifyToken);
    address.searchParams.set('hub.challenge', challenge);
    const answer = await request(address, { headersTimeout: 5000, bodyTimeout: 5000 });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) return `the address answered ${String(answer.statusCode)} to the verification request`;
    const [given, wanted] = [Buffer.from(text), Buffer.from(challenge)];
    return given.length === wanted.length && timingSafeEqual(given, wanted)
      ? undefined
      : 'the address did not give the challenge back';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
