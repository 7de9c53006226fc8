/** The plain page at `/` and the one that takes an invitation: no script of others, good on a phone, light and dark. */
import { escapeHtml } from '../lib/http/docs-pages.ts';

export type Language = 'en' | 'es';

/** The first of the browser's languages that the page speaks. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part, place) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const q = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((value) => value !== undefined);
      return { language: tag.slice(0, 2).toLowerCase(), q: q === undefined ? 1 : Number(q), place };
    })
    .sort((a, b) => b.q - a.q || a.place - b.place);
  for (const { language, q } of wanted) if (q > 0 && (language === 'es' || language === 'en')) return language;
  return 'en';
}

export interface PageFacts {
  readonly appName: string;
  readonly version: string;
  readonly mode: 'sandbox' | 'live';
  readonly isReady: boolean;
  readonly nonce: string;
}

const TEXTS = {
  en: {
    sandbox: 'Sandbox',
    sandboxNote: 'Nothing is sent for real: messages go to the bundled simulator. Set the WhatsApp credentials to send.',
    live: 'Live',
    liveNote: 'Messages are sent for real.',
    ready: 'Everything is running.',
    notReady: 'Something is missing: see the state of the parts.',
    health: 'State of the parts',
    docs: 'API, to try out',
    reference: 'API, to read',
    openapi: 'OpenAPI file',
    api: 'Programs speak to /api/v1 with a key: Authorization: Bearer …',
    invitationTitle: 'Your access',
    name: 'Your name',
    password: 'Password (at least 10 characters)',
    save: 'Save',
    done: 'Done. You are logged in as',
    broken: 'The link is not complete. Copy all of it, or ask for a new one.',
  },
  es: {
    sandbox: 'Sandbox (pruebas)',
    sandboxNote:
      'Nada se envía de verdad: los mensajes van al simulador incluido. Configure las credenciales de WhatsApp para enviar.',
    live: 'En vivo',
    liveNote: 'Los mensajes se envían de verdad.',
    ready: 'Todo está funcionando.',
    notReady: 'Falta algo: vea el estado de las partes.',
    health: 'Estado de las partes',
    docs: 'API, para probar',
    reference: 'API, para leer',
    openapi: 'Archivo OpenAPI',
    api: 'Los programas hablan con /api/v1 con una clave: Authorization: Bearer …',
    invitationTitle: 'Su acceso',
    name: 'Su nombre',
    password: 'Contraseña (al menos 10 caracteres)',
    save: 'Guardar',
    done: 'Listo. Ha entrado como',
    broken: 'El enlace está incompleto. Cópielo entero, o pida uno nuevo.',
  },
} as const satisfies Record<Language, Record<string, string>>;

export function homePage(language: Language, facts: PageFacts): string {
  const t = TEXTS[language];
  const isSandbox = facts.mode === 'sandbox';
  return document(
    language,
    facts,
    facts.appName,
    `
<p class="mode ${facts.mode}"><strong>${isSandbox ? t.sandbox : t.live}</strong> ${isSandbox ? t.sandboxNote : t.liveNote}</p>
<p class="${facts.isReady ? 'good' : 'bad'}" role="status">${facts.isReady ? t.ready : t.notReady}</p>
<ul>
<li><a href="/health/ready">${t.health}</a></li>
<li><a href="/api/docs">${t.docs}</a></li>
<li><a href="/api/redoc">${t.reference}</a></li>
<li><a href="/api/openapi.json">${t.openapi}</a></li>
</ul>
<p>${t.api}</p>`,
  );
}

/** The token stays behind the # of the address; only the script below sees it. */
export function invitationPage(language: Language, facts: PageFacts): string {
  const t = TEXTS[language];
  return document(
    language,
    facts,
    t.invitationTitle,
    `
<form id="form" hidden>
<label id="who"><span>${t.name}</span><input name="name" autocomplete="username" maxlength="100"></label>
<label><span>${t.password}</span><input name="password" type="password" autocomplete="new-password" minlength="10" maxlength="500" required></label>
<button>${t.save}</button>
</form>
<p id="message" role="status"></p>
<script nonce="${facts.nonce}">
const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
const form = document.getElementById('form');
const message = document.getElementById('message');
const post = async (path, body) => {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
};
const tell = (error) => { message.className = 'bad'; message.textContent = error.message; };
if (token === '') tell(new Error(${JSON.stringify(t.broken)}));
else post('/api/v1/auth/invitation/look', { token }).then((invitation) => {
  if (invitation.name !== null) { form.name.value = invitation.name; form.name.readOnly = true; }
  else form.name.required = true;
  form.dataset.named = String(invitation.name !== null);
  form.hidden = false;
}, tell);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const name = form.dataset.named === 'true' ? {} : { name: form.elements.name.value };
  post('/api/v1/auth/invitation', { token, password: form.password.value, ...name }).then((person) => {
    form.hidden = true;
    message.className = 'good';
    message.textContent = ${JSON.stringify(t.done)} + ' ' + person.name + '.';
    setTimeout(() => location.assign('/'), 1500);
  }, tell);
});
</script>`,
  );
}

function document(language: Language, facts: PageFacts, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
<style nonce="${facts.nonce}">${CSS}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
<footer>${escapeHtml(facts.appName)} ${escapeHtml(facts.version)}</footer>
</body>
</html>`;
}

const CSS = `
:root { --back: #f6f7f8; --card: #fff; --text: #17202a; --quiet: #56616c; --accent: #0b6e4f; --warn: #8a4b00; --warnback: #fff1dc; --bad: #a3201b; }
@media (prefers-color-scheme: dark) { :root { --back: #10161c; --card: #18212a; --text: #e8edf2; --quiet: #a3b0bc; --accent: #5fd3a6; --warn: #ffcf8a; --warnback: #3a2a10; --bad: #ff9b94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 36rem; margin: 2rem auto; padding: 1.5rem; background: var(--card); border-radius: 12px; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; }
a { color: var(--accent); }
a:focus-visible, input:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul { padding-left: 1.25rem; }
li { margin: .5rem 0; }
.mode { padding: .75rem 1rem; border-radius: 8px; }
.mode.sandbox { background: var(--warnback); color: var(--warn); }
.good { color: var(--accent); }
.bad { color: var(--bad); }
label { display: block; margin: 1rem 0; }
label span { display: block; margin-bottom: .25rem; }
input { width: 100%; padding: .6rem; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--quiet); border-radius: 8px; }
button { padding: .6rem 1.25rem; font: inherit; color: var(--card); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
footer { max-width: 36rem; margin: 0 auto 2rem; padding: 0 1.5rem; color: var(--quiet); font-size: .875rem; }
@media (max-width: 40rem) { main { margin: 0; border-radius: 0; } footer { margin-top: 1rem; } }
`;

export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 3a13 13 0 0 0-11 20L3 29l6.300-1.800A13 13 0 1 0 16 3z" fill="#0b6e4f"/><path d="m10 16 4.500 4.500L23 12" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>';
