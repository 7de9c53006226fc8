/** `doctor`: looks at everything a campaign needs and says in words what to fix. Changes nothing. */
import { type Config, loadProcessConfig } from '../config/config.ts';
import type { Check } from './check.ts';
import { databaseChecks } from './doctor-database.ts';
import { folderChecks, publicUrlCheck, redisCheck } from './doctor-machine.ts';
import { metaChecks } from './doctor-meta.ts';
import { type ServerLook, serverChecks } from './doctor-server.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { RemoteOptions } from './target.ts';
import { many, print, printJson } from './words.ts';

export async function doctor(options: RemoteOptions): Promise<ExitCode> {
  const found: Check[] = [];
  const tell = (checks: readonly Check[]): void => {
    found.push(...checks);
    if (options.json !== true) for (const check of checks) print(line(check));
  };
  let missing = false;
  const settings = loadProcessConfig();
  if (settings.ok) {
    tell(settingsChecks(settings.warnings));
    const server = await serverChecks(settings.config, options);
    missing = server.missing;
    for await (const checks of examine(settings.config, server)) tell(checks);
  } else {
    tell(settings.faults.map((fault) => ({ name: 'settings', level: 'fail', message: fault })));
    tell([{ name: 'everything else', level: 'skip', message: 'Not looked at: the settings come first.' }]);
  }
  const fails = found.filter((check) => check.level === 'fail').length;
  const warns = found.filter((check) => check.level === 'warn').length;
  if (options.json === true) printJson({ ok: fails === 0, checks: found });
  else
    print(
      `\n${fails === 0 ? 'Nothing stands in the way' : `${many(fails, 'fault')} to fix`}${warns === 0 ? '.' : `; ${many(warns, 'thing')} to look at.`}`,
    );
  if (missing) return EXIT.unreachable;
  return fails === 0 ? EXIT.ok : EXIT.failed;
}

function settingsChecks(warnings: readonly string[]): Check[] {
  if (warnings.length === 0) return [{ name: 'settings', level: 'ok', message: 'All settings are valid.' }];
  return warnings.map((warning) => ({ name: 'settings', level: 'warn', message: warning }));
}

const ELSEWHERE: Check = {
  name: 'this machine',
  level: 'skip',
  message:
    'Its folder, database and Redis were not looked at: the server that was named is another one. To have these looked at, run this command on the machine of that server.',
};

async function* examine(config: Config, server: ServerLook): AsyncGenerator<readonly Check[]> {
  const live = config.whatsapp.mode === 'live';
  yield [
    live
      ? { name: 'mode', level: 'ok', message: 'LIVE: campaigns write to real people.' }
      : { name: 'mode', level: 'ok', message: 'SANDBOX: nothing reaches a real phone.' },
  ];
  yield server.checks;
  if (server.elsewhere) yield [ELSEWHERE];
  else {
    yield folderChecks(config);
    yield await databaseChecks(config, server.running);
    yield [await redisCheck(config)];
  }
  yield await metaChecks(config);
  yield [await publicUrlCheck(config)];
}

const MARKS = { ok: 'ok   ', warn: 'warn ', fail: 'FAIL ', skip: '-    ' } as const;
const COLOURS = { ok: 32, warn: 33, fail: 31, skip: 90 } as const;

function line({ name, level, message, advice }: Check): string {
  const mark =
    process.stdout.isTTY && process.stdout.hasColors()
      ? `\u001b[${String(COLOURS[level])}m${MARKS[level]}\u001b[0m`
      : MARKS[level];
  return `${mark} ${name}: ${message}${advice === undefined ? '' : `\n        -> ${advice}`}`;
}
