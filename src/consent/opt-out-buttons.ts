/**
 * Labels of the opt-out buttons that Meta offers for marketing templates, by language of the template. A tap comes back with the
 * label as text and as payload. Where Meta's word is known it comes first; the others are how people translate it by hand.
 */
export const OPT_OUT_BUTTONS: Readonly<Record<'all' | 'marketing', Readonly<Record<string, readonly string[]>>>> = {
  // biome-ignore format: one line a language
  marketing: {
    ar: ['إيقاف العروض الترويجية', 'إيقاف العروض', 'إلغاء الاشتراك في العروض'],
    bn: ['প্রচার বন্ধ করুন', 'প্রোমোশন বন্ধ করুন'],
    ca: ['Atura les promocions', 'Aturar promocions'],
    cs: ['Zastavit propagační akce', 'Zastavit propagaci', 'Ukončit zasílání nabídek'],
    da: ['Stop kampagner', 'Stop reklamer', 'Stop tilbud'],
    de: ['Werbung stoppen', 'Promotionen stoppen', 'Werbeaktionen stoppen', 'Angebote stoppen', 'Keine Werbung mehr', 'Von Angeboten abmelden'],
    el: ['Διακοπή προωθητικών ενεργειών', 'Διακοπή προσφορών'],
    en: ['Stop promotions', 'Unsubscribe from Promos', 'Unsubscribe from promotions', 'Stop promos', 'Stop marketing', 'Stop marketing messages', 'Opt out of marketing', 'Opt out of promotions', 'No more promotions'],
    es: ['Detener promociones', 'Parar promociones', 'Cancelar promociones', 'Anular promociones', 'No más promociones', 'Cancelar suscripción a promociones', 'Darme de baja de promociones', 'Dejar de recibir promociones', 'No recibir promociones'],
    fi: ['Lopeta tarjoukset', 'Lopeta mainokset'],
    fr: ['Arrêter les promotions', 'Arrêter les promos', 'Stopper les promotions', 'Stop promotions', 'Se désabonner des promos', 'Se désinscrire des promotions'],
    he: ['הפסקת מבצעים', 'הפסק מבצעים', 'הפסקת קידומי מכירות'],
    hi: ['प्रमोशन रोकें', 'प्रचार रोकें', 'प्रमोशन बंद करें'],
    hr: ['Zaustavi promocije'],
    hu: ['Promóciók leállítása', 'Hirdetések leállítása'],
    id: ['Hentikan promosi', 'Stop promosi', 'Berhenti promosi', 'Berhenti berlangganan promosi'],
    it: ['Interrompi promozioni', 'Interrompi le promozioni', 'Blocca promozioni', 'Stop promozioni', 'Annulla iscrizione alle promozioni'],
    ja: ['プロモーションを停止', 'プロモーションの停止', '配信停止'],
    ko: ['프로모션 중지', '프로모션 수신 거부', '광고 수신거부'],
    ms: ['Hentikan promosi', 'Berhenti promosi'],
    nb: ['Stopp kampanjer', 'Stopp reklame', 'Stopp tilbud'],
    nl: ['Promoties stoppen', 'Stop promoties', 'Stoppen met promoties', 'Stop met aanbiedingen', 'Afmelden voor promoties'],
    pl: ['Zatrzymaj promocje', 'Wstrzymaj promocje', 'Zrezygnuj z promocji'],
    pt: ['Parar promoções', 'Interromper promoções', 'Parar de receber promoções', 'Cancelar promoções', 'Chega de promoções', 'Cancelar inscrição em promoções', 'Sair das promoções', 'Não receber promoções', 'Deixar de receber promoções'],
    ro: ['Oprește promoțiile', 'Opriți promoțiile'],
    ru: ['Остановить рекламу', 'Остановить рекламные акции', 'Отключить рекламу', 'Отказаться от рекламы'],
    sk: ['Zastaviť propagačné akcie', 'Zastaviť reklamu'],
    sv: ['Stoppa kampanjer', 'Stoppa reklam', 'Stoppa erbjudanden'],
    th: ['หยุดโปรโมชัน', 'หยุดโปรโมชั่น'],
    tr: ['Promosyonları durdur', 'Tanıtımları durdur', 'Kampanyaları durdur'],
    uk: ['Зупинити рекламу', 'Зупинити рекламні акції'],
    ur: ['پروموشنز بند کریں', 'پروموشنز روکیں'],
    vi: ['Dừng khuyến mãi', 'Ngừng khuyến mãi', 'Dừng nhận khuyến mãi'],
    zh: ['停止促销', '停止推广', '停止優惠推廣', '停止促銷', '退订促销信息'],
  },
  // biome-ignore format: as above
  all: {
    en: ['Unsubscribe from All', 'Unsubscribe all', 'Stop all messages'],
    es: ['Cancelar todas las suscripciones', 'Darme de baja de todo', 'Cancelar suscripción a todo', 'Detener todos los mensajes', 'Dejar de recibir mensajes'],
    fr: ['Se désabonner de tout', 'Tout désabonner'],
    it: ['Annulla tutte le iscrizioni', 'Annulla iscrizione a tutto'],
    pt: ['Cancelar todas as inscrições', 'Cancelar inscrição em tudo', 'Parar todas as mensagens', 'Deixar de receber mensagens'],
  },
};
