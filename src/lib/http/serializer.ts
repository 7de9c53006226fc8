import type { FastifySerializerCompiler } from 'fastify/types/schema.js';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Logger } from '../log.ts';

/**
 * Answers as their schemas describe them. One row that does not fit (an old one, or one that somebody wrote by hand) must not hide
 * all the others: it is told as it is, and the log says what is wrong with it.
 */
export function tolerantSerializer(log: Logger): FastifySerializerCompiler<z.ZodType | { properties: z.ZodType }> {
  return (route) => {
    const strict = serializerCompiler(route);
    return (data) => {
      try {
        return strict(data);
      } catch (error) {
        log.error({ err: error, method: route.method, path: route.url }, 'an answer does not fit its description');
        return JSON.stringify(data);
      }
    };
  };
}
