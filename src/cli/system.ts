/** `stop-everything`, `lift-stop` and `templates`: one call each. */
import { z } from 'zod';
import { connect } from './client.ts';
import type { RemoteOptions } from './target.ts';
import { many, print, printJson, table, time } from './words.ts';

export async function stopEverything(options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const shape = z.object({ stopped_at: z.string().nullable(), paused_campaigns: z.array(z.int()) });
  const { data, raw } = await client.ask({ method: 'POST', path: '/api/v1/stop-everything' }, shape);
  if (options.json === true) printJson(raw);
  else
    print(
      `Stopped since ${time(data.stopped_at)}: ${many(data.paused_campaigns.length, 'campaign')} paused, none may start. Take it back with "whatsapp-sender lift-stop".`,
    );
}

export async function liftStop(options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { raw } = await client.ask(
    { method: 'POST', path: '/api/v1/lift-stop' },
    z.object({ stopped_at: z.string().nullable() }),
  );
  if (options.json === true) printJson(raw);
  else print('Campaigns may start again. The paused ones stay paused: resume them one by one.');
}

const TemplateShape = z.object({
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: z.string(),
  quality: z.string(),
  usable: z.boolean(),
  reason: z.string().nullable(),
  variables: z.array(z.object({ key: z.string(), required: z.boolean() })),
});

export interface TemplateOptions extends RemoteOptions {
  readonly search?: string;
  readonly sync?: boolean;
}

export async function listTemplates(options: TemplateOptions): Promise<undefined> {
  const client = await connect(options);
  if (options.sync === true)
    await client.ask({ method: 'POST', path: '/api/v1/templates/sync' }, z.object({ templates: z.int() }));
  const { data, raw } = await client.ask(
    { path: '/api/v1/templates', query: { search: options.search } },
    z.object({ data: z.array(TemplateShape) }),
  );
  if (options.json === true) {
    printJson(raw);
    return;
  }
  const rows = data.data.map((template) => [
    template.name,
    template.language,
    template.status,
    template.category,
    template.usable ? 'yes' : 'no',
    shortened(template.variables.map((variable) => (variable.required ? variable.key : `[${variable.key}]`)).join(' ')),
  ]);
  print(
    rows.length === 0
      ? "No templates. Fetch Meta's list with --sync."
      : table(['NAME', 'LANGUAGE', 'STATUS', 'CATEGORY', 'USABLE', 'VARIABLES'], rows),
  );
}

/** All of them: `--json`. */
function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
