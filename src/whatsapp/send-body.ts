/** The JSON of one template message (docs/meta.md, Sending). */
export interface SendBody {
  /** Digits or E.164; a `+` is put in front, because Meta may otherwise prepend the business's own country code. */
  readonly to: string | number;
  readonly templateName: string;
  readonly language: string;
  /** As Meta wants them (docs/meta.md, Parameters); left out when the template needs no values. */
  readonly components?: readonly unknown[];
  /** `biz_opaque_callback_data`: the only tie between this send and its statuses when the answer is lost. */
  readonly callbackData?: string;
}

export function buildSendBody({ to, templateName, language, components, callbackData }: SendBody): string {
  const digits = String(to);
  return JSON.stringify({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: digits.startsWith('+') ? digits : `+${digits}`,
    type: 'template',
    template: {
      name: templateName,
      language: { code: language },
      ...(components === undefined || components.length === 0 ? {} : { components }),
    },
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
  });
}
