// Exit 0 when this container's process is ready (database there, a worker alive). HEALTH_PATH and HEALTH_PORT say otherwise.
const { HEALTH_PORT, HEALTH_PATH, PORT } = process.env;
const url = `http://127.0.0.1:${HEALTH_PORT || PORT || '8000'}${HEALTH_PATH || '/health/ready'}`;
const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) }).catch(() => undefined);
process.exit(answer?.ok === true ? 0 : 1);
