import { templateStatusEvent } from './events.ts';
import type { Template } from './templates.ts';
import type { World } from './world.ts';

/**
 * Template pacing (docs/meta.md, What happens to a template): after so many sends the rest is held; one decision later releases them all or drops
 * them all, and after a drop the template stays paused until somebody lifts it.
 */
export function countForPacing(world: World, template: Template, label: number): boolean {
  const after = world.config.pacing.after;
  if (after === null || template.category === 'AUTHENTICATION') return false;
  const key = template.id;
  let pacing = world.pacing.get(key);
  if (pacing === undefined) {
    pacing = { sent: 0, state: 'counting' };
    world.pacing.set(key, pacing);
  }
  if (pacing.state === 'released') return false;
  pacing.sent += 1;
  if (pacing.sent <= after) return false;
  if (pacing.state !== 'holding') {
    pacing.state = 'holding';
    const decision = world.config.pacing.decision;
    if (decision === 'release' || decision === 'drop')
      world.later(world.config.pacing.decide_ms, () => {
        decideHeld(world, template.id, label, decision);
      });
  }
  return true;
}

export function decideHeld(world: World, templateId: string, label: number, decision: 'release' | 'drop'): number {
  const now = Date.now();
  const template = world.templates.byId(templateId);
  world.pacing.set(templateId, { sent: 0, state: decision === 'release' ? 'released' : 'dropped' });
  world.journal?.append(`R\t${String(label)}\t${String(now)}\t${decision}`);
  const rows = world.ledger.decideHeld(label, now, decision);
  for (const row of rows) world.webhooks.schedule(row);
  if (decision === 'drop' && template !== undefined) {
    world.templates.put({ ...template, status: 'PAUSED' });
    templateStatusEvent(world, template, 'PAUSED', {
      title: 'RATE_LIMITING_PAUSE',
      description: 'The template was paused because of feedback from its first recipients. Unpause it by hand.',
    });
    world.save();
  }
  return rows.length;
}
