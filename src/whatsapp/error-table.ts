/**
 * Meta's error codes as data (docs/meta.md, Errors): what each means for a bulk sender, and the advice a person reads.
 * How a code becomes a decision: errors.ts here and src/sending/retry.ts; docs/error-codes.md is made from this table.
 */

/** What to do about a code (docs/meta.md, Errors). */
export type MetaAction =
  /** Transient: the same message again after a backoff, as often as the retry policy allows. */
  | 'retry'
  /** The sending number stops for a while and goes on more slowly; the message stays queued. */
  | 'slow_number'
  /** Only this person waits. */
  | 'slow_pair'
  /** Every campaign on this template and language pauses. */
  | 'stop_template'
  /** Templates of the category utility wait on this number and go on by themselves; the other categories go on. */
  | 'hold_utility'
  /** Everything on this number or account pauses. */
  | 'stop_account'
  /** Our payload or settings are wrong: every recipient would fail alike, so the campaign pauses. */
  | 'stop_campaign'
  /** This recipient failed; carry on. */
  | 'fail'
  /** Failed now; a person may offer it again after `againAfterMs`, never a loop. */
  | 'later'
  /** Failed, and the person goes on the suppression list. */
  | 'never';

export interface Advice {
  readonly en: string;
  readonly es: string;
}

export interface MetaErrorEntry {
  readonly code: number;
  readonly title: string;
  readonly action: MetaAction;
  readonly advice: Advice;
  /** With `never`: what the person may no longer be sent. */
  readonly suppress?: 'all' | 'marketing';
  /** With `later`: how long before a person may offer it again. */
  readonly againAfterMs?: number;
  /** How long the number stops (seconds) and by which factor its rate falls. */
  readonly slow?: { readonly seconds: number; readonly factor: number };
  /** With `retry`: fewer retries than the policy allows. */
  readonly maxRetries?: number;
  /** With `retry`: never sooner than this. */
  readonly minDelaySeconds?: number;
  /** With `stop_campaign`: when the text shows that only this row's values are at fault, the row fails and the rest goes on. */
  readonly unlessThisRow?: true;
  /** With `fail`: sending it again may succeed once its cause is gone, so "retry those that may be" includes it. */
  readonly mayResend?: true;
}

const DAY_MS = 86_400_000;

const TOKEN: Advice = {
  en: 'The access token is no longer valid. Create a new system-user token in Meta Business settings and put it in the settings.',
  es: 'El token de acceso ya no es válido. Cree un token nuevo de usuario del sistema en la configuración de Meta Business y póngalo en los ajustes.',
};
const PERMISSION: Advice = {
  en: 'The access token lacks a permission. It needs whatsapp_business_messaging and whatsapp_business_management for this account.',
  es: 'Al token de acceso le falta un permiso. Necesita whatsapp_business_messaging y whatsapp_business_management para esta cuenta.',
};
const UNKNOWN_OBJECT: Advice = {
  en: 'The phone number ID or the account ID is wrong, or the access token cannot see it. Check both in WhatsApp Manager.',
  es: 'El identificador del número o de la cuenta es incorrecto, o el token de acceso no puede verlo. Revise ambos en WhatsApp Manager.',
};
const META_TROUBLE: Advice = {
  en: "Meta's service is having trouble. Sending goes on by itself.",
  es: 'El servicio de Meta tiene problemas. El envío continúa por sí solo.',
};
const CALL_LIMIT: Advice = {
  en: 'Too many calls to Meta in a short time. Sending waits and goes on by itself.',
  es: 'Demasiadas llamadas a Meta en poco tiempo. El envío espera y continúa por sí solo.',
};
const ROW_VALUE: Advice = {
  en: "A value of this message is not allowed. Read Meta's details, correct the value and send it again.",
  es: 'Un valor de este mensaje no está permitido. Lea los detalles de Meta, corrija el valor y envíelo de nuevo.',
};
const PAYMENT: Advice = {
  en: 'There is no valid payment method, or the credit limit is used up. Fix the billing in WhatsApp Manager, then resume.',
  es: 'No hay un método de pago válido o se agotó el límite de crédito. Arregle la facturación en WhatsApp Manager y reanude.',
};
const MARKETING_ROUTE: Advice = {
  en: 'The marketing route only takes marketing templates. Send this template by the ordinary route.',
  es: 'La ruta de marketing solo admite plantillas de marketing. Envíe esta plantilla por la ruta normal.',
};
const REGISTER: Advice = {
  en: 'The number is not registered on the Cloud API. Register it in WhatsApp Manager, then resume.',
  es: 'El número no está registrado en la Cloud API. Regístrelo en WhatsApp Manager y reanude.',
};
const SETUP_ONLY: Advice = {
  en: "This concerns the set-up of the number or a template, not a recipient. Follow Meta's details in WhatsApp Manager.",
  es: 'Se refiere a la configuración del número o de una plantilla, no a un destinatario. Siga los detalles de Meta en WhatsApp Manager.',
};

/** Failures of our own making, kept apart from Meta's codes: those are never negative, and 429 is none of them. */
export const UNREACHABLE_CODE = -1;
/** Why a number stands still or goes slower: answers of Meta's are lost, or its service fails. Told of a number, never of a message. */
export const OUTAGE_CODE = -3;
export const BARE_429_CODE = 429;

const SENDING: readonly MetaErrorEntry[] = [
  {
    code: UNREACHABLE_CODE,
    title: 'Meta could not be reached',
    action: 'fail',
    mayResend: true,
    advice: {
      en: 'It never left this machine: no connection to Meta could be made for days, or the campaign had ended before it could leave. Check the network and the proxy of this machine, then send these again.',
      es: 'No llegó a salir de esta máquina: no se pudo conectar con Meta durante días, o la campaña terminó antes. Revise la red y el proxy de esta máquina y envíelos de nuevo.',
    },
  },
  {
    code: OUTAGE_CODE,
    title: 'Meta does not answer',
    action: 'fail',
    mayResend: true,
    advice: {
      en: "Meta's answers are lost, or its service fails. Nothing more leaves until it answers again, which is tried by itself; nobody has to do anything. Whoever was being sent to at that moment is unknown until a webhook tells.",
      es: 'Las respuestas de Meta se pierden o su servicio falla. No sale nada más hasta que vuelva a responder, y eso se prueba solo; no hay que hacer nada. De quienes se estaban enviando en ese momento no se sabe el resultado hasta que lo diga un webhook.',
    },
  },
  { code: 0, title: 'Not authenticated', action: 'stop_account', advice: TOKEN },
  {
    code: 1,
    title: 'Unknown API error',
    action: 'retry',
    maxRetries: 2,
    advice: {
      en: 'Meta reported a general fault. If it repeats, look at the Meta status page.',
      es: 'Meta informó de un fallo general. Si se repite, mire la página de estado de Meta.',
    },
  },
  { code: 2, title: 'Temporary outage', action: 'retry', slow: { seconds: 0, factor: 0.9 }, advice: META_TROUBLE },
  { code: 3, title: 'Capability missing', action: 'stop_account', advice: PERMISSION },
  { code: 4, title: 'App call limit', action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  { code: 10, title: 'Permission denied', action: 'stop_account', advice: PERMISSION },
  { code: 17, title: 'User call limit', action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  { code: 33, title: 'Unknown number or account', action: 'stop_account', advice: UNKNOWN_OBJECT },
  {
    code: 100,
    title: 'Invalid parameter',
    action: 'stop_campaign',
    unlessThisRow: true,
    advice: {
      en: "Something in the message is not allowed. Read Meta's details, correct the mapping or the value, then resume.",
      es: 'Algo del mensaje no está permitido. Lea los detalles de Meta, corrija la asignación o el valor y reanude.',
    },
  },
  { code: 102, title: 'Session expired', action: 'stop_account', advice: TOKEN },
  { code: 104, title: 'Access token missing', action: 'stop_account', advice: TOKEN },
  { code: 190, title: 'Access token expired or invalid', action: 'stop_account', advice: TOKEN },
  {
    code: 368,
    title: 'Blocked for policy violations',
    action: 'stop_account',
    advice: {
      en: 'Meta restricted the account. Open Account quality in WhatsApp Manager and appeal there.',
      es: 'Meta restringió la cuenta. Abra la calidad de la cuenta en WhatsApp Manager y apele allí.',
    },
  },
  {
    code: BARE_429_CODE,
    title: 'Too many requests (HTTP 429 without an error)',
    action: 'slow_number',
    slow: { seconds: 5, factor: 0.5 },
    advice: CALL_LIMIT,
  },
  { code: 613, title: 'Call limit', action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  { code: 803, title: 'Unknown object', action: 'stop_account', advice: UNKNOWN_OBJECT },
  { code: 80007, title: 'Account call limit', action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  {
    code: 130403,
    title: 'You blocked this person',
    action: 'never',
    suppress: 'all',
    advice: {
      en: 'Your business blocked this person. Unblock the contact if you want to write to them.',
      es: 'Su empresa bloqueó a esta persona. Desbloquee el contacto si quiere escribirle.',
    },
  },
  {
    code: 130429,
    title: "The number's throughput limit",
    action: 'slow_number',
    slow: { seconds: 2, factor: 0.7 },
    advice: {
      en: 'Sending was too fast for this number. It was slowed down and goes on by itself.',
      es: 'El envío iba demasiado rápido para este número. Se redujo la velocidad y continúa por sí solo.',
    },
  },
  {
    code: 130472,
    title: 'Person in a Meta experiment',
    action: 'fail',
    advice: {
      en: 'Meta keeps a small group of people from getting marketing. There is nothing to fix: they must write to you first. Not charged.',
      es: 'Meta excluye a un pequeño grupo de personas del marketing. No hay nada que arreglar: deben escribirle primero. No se cobra.',
    },
  },
  {
    code: 130497,
    title: 'Country not allowed',
    action: 'fail',
    advice: {
      en: 'Your account may not write to people in this country. Take that country out of the list.',
      es: 'Su cuenta no puede escribir a personas de este país. Quite ese país de la lista.',
    },
  },
  {
    code: 131000,
    title: 'Something went wrong',
    action: 'retry',
    mayResend: true,
    advice: {
      en: 'Meta gave no reason. It may be sent once more.',
      es: 'Meta no dio ninguna razón. Puede enviarse una vez más.',
    },
  },
  { code: 131005, title: 'Access denied', action: 'stop_account', advice: PERMISSION },
  {
    code: 131008,
    title: 'Required parameter missing',
    action: 'stop_campaign',
    unlessThisRow: true,
    advice: {
      en: 'A value the template needs is empty. Fill it in or map another column, then send again.',
      es: 'Está vacío un valor que la plantilla necesita. Complételo o asigne otra columna y envíe de nuevo.',
    },
  },
  { code: 131009, title: 'Parameter value not valid', action: 'fail', advice: ROW_VALUE },
  { code: 131016, title: 'Service unavailable', action: 'retry', slow: { seconds: 0, factor: 0.9 }, advice: META_TROUBLE },
  {
    code: 131021,
    title: 'Recipient is the sender',
    action: 'fail',
    advice: { en: 'That is your own number.', es: 'Ese es su propio número.' },
  },
  {
    code: 131026,
    title: 'Message undeliverable',
    action: 'fail',
    advice: {
      en: 'This number cannot receive the message: not on WhatsApp, an outdated app, terms not accepted, or itself a business number.',
      es: 'Este número no puede recibir el mensaje: no está en WhatsApp, usa una app antigua, no aceptó los términos o es de otra empresa.',
    },
  },
  {
    code: 131030,
    title: 'Recipient not in the allowed list',
    action: 'stop_campaign',
    advice: {
      en: "You are sending from Meta's test number. Add the recipients in the app dashboard (Argentina: in the 54… form, without the 9), or use a real number.",
      es: 'Está enviando desde el número de prueba de Meta. Añada los destinatarios en el panel de la app (Argentina: en la forma 54…, sin el 9) o use un número real.',
    },
  },
  {
    code: 131031,
    title: 'Account locked',
    action: 'stop_account',
    advice: {
      en: 'Meta locked or restricted the account. Open Account quality in WhatsApp Manager.',
      es: 'Meta bloqueó o restringió la cuenta. Abra la calidad de la cuenta en WhatsApp Manager.',
    },
  },
  {
    code: 131037,
    title: 'Display name not approved',
    action: 'stop_account',
    advice: {
      en: 'The display name of the number is not approved yet. Have it approved in WhatsApp Manager, then resume.',
      es: 'El nombre visible del número aún no está aprobado. Haga que lo aprueben en WhatsApp Manager y reanude.',
    },
  },
  { code: 131042, title: 'Payment problem', action: 'stop_account', advice: PAYMENT },
  { code: 131044, title: 'Payment problem', action: 'stop_account', advice: PAYMENT },
  { code: 131045, title: 'Number registration problem', action: 'stop_account', advice: REGISTER },
  {
    code: 131047,
    title: 'More than 24 hours since the last reply',
    action: 'fail',
    advice: {
      en: 'Outside the 24-hour window only templates may be sent.',
      es: 'Fuera de la ventana de 24 horas solo se pueden enviar plantillas.',
    },
  },
  {
    code: 131048,
    title: 'Spam limit of the number',
    action: 'slow_number',
    slow: { seconds: 3600, factor: 0.25 },
    advice: {
      en: 'People are blocking or reporting you. Sending stops for an hour. Pause, clean the list and improve the message.',
      es: 'Hay personas que lo bloquean o denuncian. El envío se detiene una hora. Pause, depure la lista y mejore el mensaje.',
    },
  },
  {
    code: 131049,
    title: 'Not delivered to keep the ecosystem healthy',
    action: 'later',
    againAfterMs: DAY_MS,
    advice: {
      en: 'This person has had enough marketing for now (or is in the United States, where marketing is not delivered). Try again another day; sooner makes it worse.',
      es: 'Esta persona ya recibió suficiente marketing por ahora (o está en Estados Unidos, donde no se entrega marketing). Pruebe otro día; antes lo empeora.',
    },
  },
  {
    code: 131050,
    title: 'Person stopped marketing from you',
    action: 'never',
    suppress: 'marketing',
    advice: {
      en: 'They opted out of your marketing inside WhatsApp. They will not be sent marketing again.',
      es: 'Se dio de baja de su marketing dentro de WhatsApp. No se le volverá a enviar marketing.',
    },
  },
  {
    code: 131051,
    title: 'Unsupported message type',
    action: 'stop_campaign',
    advice: {
      en: 'Meta does not take this kind of message. Please report it as a fault of this program.',
      es: 'Meta no acepta este tipo de mensaje. Infórmelo como un fallo de este programa.',
    },
  },
  {
    code: 131052,
    title: 'Media of the person could not be downloaded',
    action: 'fail',
    advice: {
      en: 'A file someone sent you could not be fetched. It does not concern your messages.',
      es: 'No se pudo obtener un archivo que alguien le envió. No afecta a sus mensajes.',
    },
  },
  {
    code: 131053,
    title: 'Media could not be loaded',
    action: 'fail',
    mayResend: true,
    advice: {
      en: 'Meta could not load the image or file of the header. Upload it instead of linking to it, then send these again.',
      es: 'Meta no pudo cargar la imagen o el archivo del encabezado. Súbalo en lugar de enlazarlo y envíelos de nuevo.',
    },
  },
  { code: 131055, title: 'Wrong route for this template', action: 'stop_campaign', advice: MARKETING_ROUTE },
  {
    code: 131056,
    title: 'Too many messages to this person',
    action: 'slow_pair',
    advice: {
      en: 'Too many messages to the same person in a short time. This one waits and goes on by itself.',
      es: 'Demasiados mensajes a la misma persona en poco tiempo. Este espera y continúa por sí solo.',
    },
  },
  {
    code: 131057,
    title: 'Number under maintenance',
    action: 'slow_number',
    slow: { seconds: 60, factor: 1 },
    advice: {
      en: 'Meta is upgrading the number. It takes about a minute; sending goes on by itself.',
      es: 'Meta está actualizando el número. Tarda alrededor de un minuto; el envío continúa por sí solo.',
    },
  },
  {
    code: 131058,
    title: 'Sample template from a real number',
    action: 'stop_template',
    advice: {
      en: "Meta's sample template hello_world can be sent from its public test numbers only. Choose a template of your own.",
      es: 'La plantilla de ejemplo hello_world de Meta solo se puede enviar desde sus números de prueba públicos. Elija una plantilla propia.',
    },
  },
  {
    code: 131059,
    title: 'List cursor expired',
    action: 'fail',
    advice: { en: 'The list is read again from its beginning.', es: 'La lista se lee de nuevo desde el principio.' },
  },
  {
    code: 131061,
    title: 'Template with a maximum price',
    action: 'stop_campaign',
    advice: {
      en: 'This template has a maximum price and must be sent by the marketing route.',
      es: 'Esta plantilla tiene un precio máximo y debe enviarse por la ruta de marketing.',
    },
  },
  {
    code: 131062,
    title: 'User id not supported here',
    action: 'fail',
    advice: {
      en: 'This kind of message, or a template with a maximum price, needs a phone number, not a user id. Write to the person by their number.',
      es: 'Este tipo de mensaje, o una plantilla con precio máximo, necesita un número de teléfono, no un identificador de usuario. Escriba a la persona por su número.',
    },
  },
  {
    code: 131063,
    title: 'Marketing switched off on this route',
    action: 'stop_campaign',
    advice: {
      en: 'Marketing by the ordinary route is switched off for this account. Use the marketing route, or switch it on again.',
      es: 'El marketing por la ruta normal está desactivado en esta cuenta. Use la ruta de marketing o vuelva a activarlo.',
    },
  },
  {
    code: 131064,
    title: 'Utility templates limited for a wrong category',
    action: 'hold_utility',
    advice: {
      en: 'Templates were filed as utility that are none, so Meta limits how many utility templates leave in 24 hours. They wait and are tried again every hour; marketing and authentication go on. File such templates as marketing in WhatsApp Manager.',
      es: 'Hay plantillas registradas como utilidad que no lo son, así que Meta limita cuántas plantillas de utilidad salen en 24 horas. Esperan y se reintentan cada hora; marketing y autenticación siguen. Registre esas plantillas como marketing en WhatsApp Manager.',
    },
  },
  {
    code: 131065,
    title: 'Maximum price not available in this country',
    action: 'fail',
    advice: {
      en: 'Templates with a maximum price are not delivered in the country of this person. Send them a template without one.',
      es: 'Las plantillas con precio máximo no se entregan en el país de esta persona. Envíele una plantilla sin él.',
    },
  },
  {
    code: 131070,
    title: 'Another responder owns the conversation',
    action: 'fail',
    advice: {
      en: "A partner or Meta's agent on this number owns the conversation with this person, so free text is refused. Templates go through; to answer, take the conversation over there.",
      es: 'Un socio o el agente de Meta en este número es el dueño de la conversación con esta persona, así que se rechaza el texto libre. Las plantillas sí salen; para responder, tome la conversación allí.',
    },
  },
  {
    code: 132000,
    title: 'Wrong number of parameters',
    action: 'stop_campaign',
    advice: {
      en: 'The template changed, or the columns are mapped wrongly. Sync the templates, check the mapping, then resume.',
      es: 'La plantilla cambió o las columnas están mal asignadas. Sincronice las plantillas, revise la asignación y reanude.',
    },
  },
  {
    code: 132001,
    title: 'Template not found in this language',
    action: 'stop_template',
    advice: {
      en: 'The template does not exist in this language, or is not approved yet. Mind the exact code: es is not es_MX.',
      es: 'La plantilla no existe en este idioma o aún no está aprobada. Fíjese en el código exacto: es no es es_MX.',
    },
  },
  {
    code: 132005,
    title: 'Message too long',
    action: 'fail',
    advice: {
      en: 'With these values the message is too long. Shorten them and send it again.',
      es: 'Con estos valores el mensaje es demasiado largo. Acórtelos y envíelo de nuevo.',
    },
  },
  {
    code: 132007,
    title: 'Template violates a policy',
    action: 'stop_template',
    advice: {
      en: "The content of the template violates Meta's policy. Edit the template.",
      es: 'El contenido de la plantilla infringe una política de Meta. Edite la plantilla.',
    },
  },
  { code: 132008, title: 'Parameter value formatted wrongly', action: 'fail', advice: ROW_VALUE },
  {
    code: 132012,
    title: 'Parameter format mismatch',
    action: 'stop_campaign',
    advice: {
      en: 'A value or the header type does not fit the template. Sync the templates, check the mapping, then resume.',
      es: 'Un valor o el tipo de encabezado no encaja con la plantilla. Sincronice las plantillas, revise la asignación y reanude.',
    },
  },
  {
    code: 132015,
    title: 'Template paused',
    action: 'stop_template',
    advice: {
      en: 'Meta paused the template because of bad feedback. Wait 3 to 6 hours or edit it; after a pacing pause unpause it by hand.',
      es: 'Meta pausó la plantilla por malas opiniones. Espere de 3 a 6 horas o edítela; tras una pausa por ritmo, reactívela a mano.',
    },
  },
  {
    code: 132016,
    title: 'Template disabled',
    action: 'stop_template',
    advice: {
      en: 'Meta disabled the template for good. Write a new one.',
      es: 'Meta desactivó la plantilla para siempre. Escriba una nueva.',
    },
  },
  { code: 132018, title: 'Template parameters refused', action: 'stop_campaign', unlessThisRow: true, advice: ROW_VALUE },
  {
    code: 132068,
    title: 'Flow blocked',
    action: 'stop_template',
    advice: { en: 'The flow of this template is blocked. Fix the flow.', es: 'El flujo de esta plantilla está bloqueado. Arregle el flujo.' },
  },
  {
    code: 132069,
    title: 'Flow throttled',
    action: 'slow_number',
    slow: { seconds: 360, factor: 1 },
    advice: {
      en: 'The flow of this template is limited to ten an hour. Fix the flow, or expect to wait.',
      es: 'El flujo de esta plantilla está limitado a diez por hora. Arregle el flujo o cuente con esperar.',
    },
  },
  { code: 133004, title: 'Server unavailable', action: 'retry', slow: { seconds: 0, factor: 0.9 }, advice: META_TROUBLE },
  { code: 133010, title: 'Number not registered', action: 'stop_account', advice: REGISTER },
  {
    code: 134011,
    title: 'Payment terms not accepted',
    action: 'stop_campaign',
    advice: {
      en: "Accept WhatsApp's payment terms (the link is in Meta's details), then resume.",
      es: 'Acepte los términos de pago de WhatsApp (el enlace está en los detalles de Meta) y reanude.',
    },
  },
  { code: 134100, title: 'Marketing templates only', action: 'stop_campaign', advice: MARKETING_ROUTE },
  {
    code: 134101,
    title: 'Template still syncing',
    action: 'retry',
    minDelaySeconds: 600,
    advice: {
      en: 'The template is new on the marketing route. It is ready within ten minutes; sending goes on by itself.',
      es: 'La plantilla es nueva en la ruta de marketing. Estará lista en diez minutos; el envío continúa por sí solo.',
    },
  },
  {
    code: 134102,
    title: 'Marketing route not available',
    action: 'stop_campaign',
    advice: {
      en: 'The template is not available on the marketing route, or the account is not enrolled. Use the ordinary route.',
      es: 'La plantilla no está disponible en la ruta de marketing o la cuenta no está inscrita. Use la ruta normal.',
    },
  },
  {
    code: 135000,
    title: 'Generic user error',
    action: 'fail',
    mayResend: true,
    advice: {
      en: "Meta did not accept the values of this message and gave no precise reason. Check them against the template.",
      es: 'Meta no aceptó los valores de este mensaje y no dio una razón precisa. Compárelos con la plantilla.',
    },
  },
  {
    code: 137000,
    title: 'Identity of the person changed',
    action: 'fail',
    advice: {
      en: "The person's WhatsApp identity changed since it was checked. Confirm it is still the same person.",
      es: 'La identidad de WhatsApp de la persona cambió desde que se comprobó. Confirme que sigue siendo la misma persona.',
    },
  },
  {
    code: 139200,
    title: 'Direct send blocked',
    action: 'stop_campaign',
    advice: { en: 'Messages without a template are blocked for this account. Use a template.', es: 'Los mensajes sin plantilla están bloqueados en esta cuenta. Use una plantilla.' },
  },
  {
    code: 141002,
    title: 'Template not approved',
    action: 'stop_template',
    advice: { en: 'The template is not approved. Wait for the approval, or choose another.', es: 'La plantilla no está aprobada. Espere la aprobación o elija otra.' },
  },
];

/** Codes of the set-up screens (docs/meta.md, Errors): not seen when sending, and if one is, everyone would meet it. */
const SETUP: readonly (readonly [code: number, title: string])[] = [
  [133000, 'Deregistration incomplete'],
  [133005, 'Two-step PIN wrong'],
  [133006, 'Number must be verified first'],
  [133008, 'Too many PIN tries'],
  [133009, 'PIN entered too fast'],
  [133015, 'Number was just deleted'],
  [133016, 'Registration limit reached'],
  [2388012, 'Number already exists'],
  [2388019, 'Template limit reached'],
  [2388023, 'Template name and language taken'],
  [2388039, 'Template status cannot be changed'],
  [2388040, 'Template text too long'],
  [2388047, 'Template header not valid'],
  [2388072, 'Template body not valid'],
  [2388073, 'Template footer not valid'],
  [2388091, 'Phone migration refused'],
  [2388093, 'Phone migration refused'],
  [2388103, 'Phone migration refused'],
  [2388293, 'Too many variables for the length'],
  [2388299, 'Variable at the beginning or end'],
  [2494100, 'Number under maintenance'],
  [2593107, 'Coexistence sync limit'],
  [2593108, 'Coexistence sync limit'],
  [1752041, 'Already enrolled on the marketing route'],
];

export const META_ERRORS: readonly MetaErrorEntry[] = [
  ...SENDING,
  ...SETUP.map(([code, title]): MetaErrorEntry => ({ code, title, action: 'stop_campaign', advice: SETUP_ONLY })),
];

/** 200–299 are all missing permissions (docs/meta.md, Errors). */
export const META_ERROR_RANGES: readonly { readonly from: number; readonly to: number; readonly entry: MetaErrorEntry }[] = [
  { from: 200, to: 299, entry: { code: 200, title: 'Permission missing', action: 'stop_account', advice: PERMISSION } },
];
