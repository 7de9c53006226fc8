import type { Template, TemplateButton, TemplateComponent } from './templates.ts';

/** The templates a fresh simulator has: `bienvenida`, one of every kind, and one in every unhappy state. */
export function seedTemplates(now: number): Template[] {
  const updated = new Date(now)
    .toISOString()
    .replace('.000Z', '+0000')
    .replace(/\.\d+Z$/, '+0000');
  return SEEDS.map((seed, i) => ({
    id: String(1304694804498700 + i * 37),
    language: 'es',
    status: 'APPROVED',
    parameter_format: 'POSITIONAL',
    sub_category: 'CUSTOM',
    quality_score: { score: seed.status === undefined ? 'GREEN' : 'UNKNOWN', date: Math.floor(now / 1000) },
    rejected_reason: 'NONE',
    last_updated_time: updated,
    ...seed,
  }));
}

type Seed = Pick<Template, 'name' | 'category' | 'components'> & Partial<Template>;

const body = (text: string, ...examples: string[]): TemplateComponent => ({
  type: 'BODY',
  text,
  ...(examples.length > 0 ? { example: { body_text: [examples] } } : {}),
});
const namedBody = (text: string, examples: Record<string, string>): TemplateComponent => ({
  type: 'BODY',
  text,
  example: { body_text_named_params: Object.entries(examples).map(([param_name, example]) => ({ param_name, example })) },
});
const mediaHeader = (format: string): TemplateComponent => ({
  type: 'HEADER',
  format,
  example: { header_handle: [`https://scontent.example.invalid/${format.toLowerCase()}`] },
});
const footer = (text: string): TemplateComponent => ({ type: 'FOOTER', text });
const buttons = (...list: TemplateButton[]): TemplateComponent => ({ type: 'BUTTONS', buttons: list });
const reply = (text: string): TemplateButton => ({ type: 'QUICK_REPLY', text });
const link = (text: string, url: string, example?: string): TemplateButton => ({
  type: 'URL',
  text,
  url,
  ...(example === undefined ? {} : { example: [example] }),
});
const card = (text: string): { components: TemplateComponent[] } => ({
  components: [
    mediaHeader('IMAGE'),
    body(text, '20 %'),
    buttons(reply('Me interesa'), link('Comprar', 'https://tienda.example/p/{{1}}', 'https://tienda.example/p/a')),
  ],
});

const SEEDS: readonly Seed[] = [
  {
    name: 'bienvenida',
    category: 'MARKETING',
    components: [
      body('¡Hola {{1}}! Te damos la bienvenida. Tu código de cliente es {{2}}. Escríbenos cuando quieras.', 'Ana', 'C-1042'),
    ],
  },
  {
    name: 'pedido_en_camino',
    category: 'UTILITY',
    parameter_format: 'NAMED',
    components: [
      {
        type: 'HEADER',
        format: 'TEXT',
        text: 'Pedido {{pedido}}',
        example: { header_text_named_params: [{ param_name: 'pedido', example: 'A-77' }] },
      },
      namedBody('Hola {{nombre}}, tu pedido llega el {{fecha}}. Gracias por comprar con nosotros.', {
        nombre: 'Ana',
        fecha: 'martes',
      }),
      footer('Tienda Ejemplo'),
    ],
  },
  {
    name: 'promo_imagen',
    category: 'MARKETING',
    components: [
      mediaHeader('IMAGE'),
      body('Hola {{1}}, esta semana tienes {{2}} de descuento en toda la tienda.', 'Ana', '20 %'),
      footer('Responde BAJA para no recibir más'),
      buttons(reply('Quiero saber más'), reply('No más promos')),
    ],
  },
  {
    name: 'tutorial_video',
    category: 'MARKETING',
    components: [mediaHeader('VIDEO'), body('Mira cómo usar tu {{1}} en un minuto. ¡Es muy fácil!', 'cafetera')],
  },
  {
    name: 'factura_documento',
    category: 'UTILITY',
    components: [
      mediaHeader('DOCUMENT'),
      body('Hola {{1}}, adjuntamos tu factura {{2}} por {{3}}. Gracias por tu pago.', 'Ana', 'F-100', '$ 50.000'),
    ],
  },
  {
    name: 'recogida_ubicacion',
    category: 'UTILITY',
    components: [
      { type: 'HEADER', format: 'LOCATION' },
      body('Tu pedido {{1}} te espera en esta tienda hasta las 20:00.', 'A-77'),
    ],
  },
  {
    name: 'seguimiento_enlace',
    category: 'UTILITY',
    components: [
      body('Hola {{1}}, tu envío ya salió de nuestra bodega. Síguelo con el botón.', 'Ana'),
      buttons(link('Ver mi envío', 'https://tienda.example/envio/{{1}}', 'https://tienda.example/envio/77'), {
        type: 'PHONE_NUMBER',
        text: 'Llamar',
        phone_number: '+15550051310',
      }),
    ],
  },
  {
    name: 'cupon_descuento',
    category: 'MARKETING',
    components: [
      body('{{1}}, aquí tienes tu cupón. ¡Aprovéchalo hoy!', 'Ana'),
      buttons(reply('No más promos'), { type: 'COPY_CODE', text: 'Copiar código', example: ['25OFF'] }),
    ],
  },
  {
    name: 'codigo_acceso',
    category: 'AUTHENTICATION',
    message_send_ttl_seconds: 600,
    components: [
      {
        type: 'BODY',
        text: '*{{1}}* es tu código de verificación. Por tu seguridad, no lo compartas.',
        add_security_recommendation: true,
        example: { body_text: [['123456']] },
      },
      { type: 'FOOTER', text: 'Este código caduca en 10 minutos.', code_expiration_minutes: 10 },
      buttons({
        type: 'URL',
        otp_type: 'COPY_CODE',
        text: 'Copiar código',
        url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}',
        example: ['https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456'],
      }),
    ],
  },
  {
    name: 'oferta_limitada',
    category: 'MARKETING',
    components: [
      mediaHeader('IMAGE'),
      { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: '¡Se acaba pronto!', has_expiration: true } },
      body('Buenas noticias, {{1}}: usa el código {{2}} y ahorra en tu viaje.', 'Ana', 'CARIBE25'),
      buttons(
        { type: 'COPY_CODE', text: 'Copiar código', example: ['CARIBE25'] },
        link('Reservar', 'https://viajes.example/o?c={{1}}', 'https://viajes.example/o?c=n3m'),
      ),
    ],
  },
  {
    name: 'carrusel_novedades',
    category: 'MARKETING',
    components: [
      body('Hola {{1}}, mira lo nuevo de esta semana.', 'Ana'),
      {
        type: 'CAROUSEL',
        cards: [card('Zapatos con {{1}} menos.'), card('Bolsos con {{1}} menos.'), card('Gafas con {{1}} menos.')],
      },
    ],
  },
  {
    name: 'catalogo_completo',
    category: 'MARKETING',
    components: [
      body('Hola {{1}}, ya puedes ver nuestro catálogo completo.', 'Ana'),
      buttons({ type: 'CATALOG', text: 'Ver catálogo' }),
    ],
  },
  {
    name: 'seleccion_productos',
    category: 'MARKETING',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Elegidos para ti' },
      body('{{1}}, mira esta selección de productos.', 'Ana'),
      buttons({ type: 'MPM', text: 'Ver productos' }),
    ],
  },
  {
    name: 'producto_destacado',
    category: 'MARKETING',
    components: [
      { type: 'HEADER', format: 'PRODUCT' },
      body('{{1}}, este es el producto del mes. ¡Míralo!', 'Ana'),
      buttons({ type: 'SPM', text: 'Ver' }),
    ],
  },
  {
    name: 'encuesta_flow',
    category: 'UTILITY',
    components: [
      body('Hola {{1}}, cuéntanos cómo te fue con tu compra.', 'Ana'),
      buttons({ type: 'FLOW', text: 'Responder', flow_id: 846135214102839, flow_action: 'navigate', navigate_screen: 'INICIO' }),
    ],
  },
  {
    name: 'aviso_sin_variables',
    category: 'UTILITY',
    components: [body('Mañana nuestra tienda abre a las 9:00. ¡Te esperamos!')],
  },
  {
    name: 'bienvenida',
    language: 'es_MX',
    category: 'MARKETING',
    components: [body('¡Qué tal, {{1}}! Bienvenido. Tu código de cliente es {{2}}. Escríbenos cuando gustes.', 'Ana', 'C-1042')],
  },
  {
    name: 'bienvenida',
    language: 'en_US',
    category: 'MARKETING',
    components: [body('Hi {{1}}, welcome aboard! Your customer code is {{2}}. Write to us any time.', 'Ana', 'C-1042')],
  },
  {
    name: 'hello_world',
    language: 'en_US',
    category: 'UTILITY',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Hello World' },
      body('Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp message notification.'),
      footer('WhatsApp Business Platform sample message'),
    ],
  },
  {
    name: 'promo_pausada',
    category: 'MARKETING',
    status: 'PAUSED',
    quality_score: { score: 'RED', date: 1764000000 },
    components: [body('Hola {{1}}, esta promoción está en pausa por su calidad.', 'Ana')],
  },
  {
    name: 'promo_rechazada',
    category: 'MARKETING',
    status: 'REJECTED',
    rejected_reason: 'PROMOTIONAL',
    components: [body('Hola {{1}}, gana dinero fácil con nosotros hoy.', 'Ana')],
  },
  {
    name: 'promo_pendiente',
    category: 'MARKETING',
    status: 'PENDING',
    components: [body('Hola {{1}}, esta plantilla aún está en revisión.', 'Ana')],
  },
  {
    name: 'promo_desactivada',
    category: 'MARKETING',
    status: 'DISABLED',
    quality_score: { score: 'RED', date: 1764000000 },
    components: [body('Hola {{1}}, esta plantilla fue desactivada.', 'Ana')],
  },
];
