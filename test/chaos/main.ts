/** Runs with real processes that are killed, and their accounts: `npm run test:chaos -- --help`. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { TOPOLOGIES } from './plan.ts';
import { buildPrevious } from './previous.ts';
import { type RunResult, runChaos, tell } from './run.ts';
import { SCENARIOS } from './scenarios.ts';

const USAGE = `npm run test:chaos -- [options]
  --topology embedded|postgres|redis   one of them; else all three, one after the other
  --seed N --seeds COUNT               the first seed, and how many after one another
  --kills K                            strikes of each run (20); --minutes M: no more of them after so long
  --size P --rate R --width W          people of a campaign (1500), messages a second (250), campaigns at once (3)
  --impatient                          without answers that take very long; leases of the dead are made to run out
  --scenario clock|disk|upgrade        a run of its own; upgrade needs --previous COMMIT, the version to come from
  --keep --out FILE                    keeps the folder of the logs; writes the accounts as JSON
Prints the account of each run; exits 1 when one does not add up.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    kills: { type: 'string', default: '20' },
    topology: { type: 'string' },
    minutes: { type: 'string' },
    rate: { type: 'string', default: '250' },
    size: { type: 'string', default: '1500' },
    width: { type: 'string', default: '3' },
    scenario: { type: 'string' },
    previous: { type: 'string' },
    impatient: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

ensureBuilt();
const results: RunResult[] = [];
const chosen = TOPOLOGIES.filter((topology) => values.topology === undefined || values.topology === topology);
if (chosen.length === 0) throw new Error(`--topology is one of ${TOPOLOGIES.join(', ')}`);
const scenario = SCENARIOS.find(({ name }) => name === values.scenario);
if (values.scenario !== undefined) {
  if (scenario === undefined) throw new Error(`--scenario is one of ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  console.log(scenario.what);
}
if (scenario?.name === 'upgrade' && values.previous === undefined)
  throw new Error('--scenario upgrade needs --previous: a commit or tag of the version to come from');
const previous = values.previous === undefined ? undefined : buildPrevious(values.previous);
for (const topology of scenario === undefined ? chosen : chosen.filter((one) => scenario.topologies.includes(one))) {
  for (let i = 0; i < Number(values.seeds); i++) {
    const result = await runChaos({
      topology,
      seed: Number(values.seed) + i,
      kills: Number(values.kills),
      ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
      rate: Number(values.rate),
      size: Number(values.size),
      width: Number(values.width),
      patient: !values.impatient,
      ...scenario?.options,
      previous,
      keep: values.keep,
      say: (line) => {
        console.log(line);
      },
    });
    results.push(result);
    console.log(tell(result));
  }
}
if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(results, null, 2));
process.exit(results.every(({ faults }) => faults.length === 0) ? 0 : 1);
