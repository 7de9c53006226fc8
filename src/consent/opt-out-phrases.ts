/**
 * How people ask in a sentence not to be written to, by language: data for opt-out-matcher.ts. A phrase is a row of words as
 * `fold` leaves them: `a|b` either, `a*` any word that begins so, `a?` may be missing, `{name}` a word of that class, `..` up to
 * three words of any kind, `$` the end of the clause.
 *
 * `wish`: asks by what it says ("remove me"), so a negation in front turns it round. `refusal`: the negation is part of it ("do not
 * write to me"). `doubt`: may be meant so; a person decides. `other`: looks like one of them and speaks of something else.
 */
export interface Language {
  readonly classes: Readonly<Record<string, string>>;
  readonly wish: readonly string[];
  readonly refusal: readonly string[];
  readonly doubt: readonly string[];
  readonly other: readonly string[];
}

// biome-ignore format: a class or a family of phrases a line
const ES: Language = {
  classes: {
    msg: 'mensaje|mensajes|mensajitos|msj|msjs|mjs|msg|msgs|sms|publicidad|publicidades|propaganda|propagandas|promo|promos|promocion|promociones|oferta|ofertas|anuncio|anuncios|spam|notificaciones|avisos|comunicaciones|comunicados|campanas|correos|whatsapp|whatsapps|marketing|novedades|textos|cosas|esto|eso|nada',
    want: 'quiero|quisiera|deseo|queremos|deseamos|quisieramos|necesito|qro|acepto|autorizo|pienso',
    send: 'manden|mande|mandes|envien|envie|envies|escriban|escriba|escribas|contacten|contacte|contactes|molesten|moleste|molestes|fastidien|fastidie|jodan|joda|hablen|hable|busquen|comuniquen|insistan|insista|incomoden|incomode|texteen|rompan|rompas|hinchen|jodas|fastidies|insistas|busques',
    sendi: 'mandar|mandarme|mandarnos|enviar|enviarme|enviarnos|escribir|escribirme|escribirnos|contactar|contactarme|molestar|molestarme|molestarnos|fastidiar|fastidiarme|joder|insistir|hablarme|buscarme|llenarme|bombardear|bombardearme|romper|romperme|hinchar|hincharme|jodiendo|llamar|llamarme',
    sending: 'mandando|mandandome|enviando|enviandome|escribiendo|escribiendome|molestando|molestandome|contactando|contactandome|insistiendo|llegando|recibiendo',
    these: 'estos|estas|este|esta|esos|esas|ese|esa|sus|su|tus|tu|los|las|la|el|mas|tantos|tantas|tanta|tanto|ningun|ninguna|ningunos|tipo|de|ustedes|otro|otra',
    drop: 'elimine|eliminen|elimina|eliminar|borre|borren|borra|borrar|saque|saquen|saca|sacar|quite|quiten|quita|quitar|retire|retiren|retira|retirar|remueva|remuevan|remover|suprima|suprimir|excluya|excluyan|excluir|tachen|depuren',
    dropme: 'elimineme|eliminenme|eliminame|eliminarme|borreme|borrenme|borrame|borrarme|saqueme|saquenme|sacame|sacarme|sacanme|quiteme|quitenme|quitame|quitarme|retireme|retirenme|retirame|retirarme|remuevame|remuevanme|removerme|excluyanme|excluyame|excluirme|desconectenme|desvincularme|desafiliarme|desafiliame|desafilienme|tachenme|bloqueame|bloqueenme|bloqueeme|bajenme|bajeme|bajame|desagregame|desagreguenme',
    dropind: 'eliminan|elimina|eliminen|elimine|borran|borra|borren|borre|sacan|saca|saquen|saque|quitan|quita|quiten|quite|retiran|retira|retiren|retire|remueven|remuevan|excluyan',
    mine: 'numero|contacto|telefono|celular|cel|whatsapp|datos|nombre|registro|movil',
    list: 'lista|listas|listado|base|grupo|difusion|contactos|registro|registros|sistema|agenda|directorio|cadena|comunidad|envios|campana|campanas|mensajes|publicidad|promociones|aqui|aca|ahi|esto|eso',
  },
  wish: [
    'dar|darme|darnos|denme|dame|deme|denos|den|doy|dan|dieran|demos|des|de|diera|daria|darian|darlo me|nos|lo? de baja $|de|por|a|ya|definitivamente|inmediatamente', 'dar|den|de|demos de baja mi|este|el|nuestro {mine}|suscripcion',
    'darme|denme|dame|deme|darnos|denos de baja', 'me den|doy|dan|dieran|daria|darian|pueden|puedes de baja', 'solicito|pido|tramitar|tramiten|quiero|deseo|solicitar|requiero la|mi|una? baja $|de|definitiva|inmediata', 'quiero|solicito|deseo|pido la|mi? baja $', 'baja de la|esta|este|los|las|sus|mi|su? {list}|numero|lista|suscripcion', 'baja al servicio', 'baja total|definitiva|inmediata|inmediatamente $',
    'desuscri*', 'desinscri*', 'dessuscri*', 'des suscri*',
    'cancelar|cancelen|cancele|cancela|cancelarme|anular|anulen|anule|anula|eliminar|eliminen|terminar|finalizar|quitar|quiten|borrar|borren|revocar mi|la|esta|una|su|el|los|mis|estos|sus|estas? suscripcion|inscripcion|afiliacion|mensajes|msjs|publicidad|promociones|notificaciones|envios',
    '{dropme} $|de|por|del|ya|cuanto|inmediatamente|mi|la', '{drop} .. mi|este|nuestro|mis|de? {mine}', '{drop} me? de .. lista|base|difusion|contactos|grupo', 'me|nos {dropind} $', 'me|nos {dropind} de|del .. {list}', 'me|nos {drop} de|del .. {list}', 'me {dropind} mi {mine}', 'que me {dropind} $|de|del|por',
    'salir|salirme|salgo de|del este|esta|estos|la|el|su|sus|todos|toda? {list}', 'salir|salirme de aqui|esto|eso $',
    'dejen|deje|deja|dejes|dejenme|dejeme|dejame|paren|pare|para|parenla|cesen|cese|basta|cortenla de|con estar? {sendi}', 'dejar|podrian|pueden|dejaran dejar? de escribirme|mandarme|enviarme|molestar|molestarme|contactarme', 'dejar|parar|dejo|dejaria|dejara de recibir|recibirlos|recibirlas', 'dejar|parar de mandarme|enviarme|escribirme|molestarme|molestar|contactarme', 'dejen|deje|paren|pare|detengan|detener|frenen|corten|corte|suspendan|suspender|suspenda|cesen ya? de|con? {these}? {these}? mensajes|mensaje|msjs|publicidad|promociones|promos|propaganda|spam|anuncios|ofertas|acoso|notificaciones',
    'basta ya? de|con {these}? {these}? {msg}', 'ya basta $', 'basta ya? $', 'suficiente de|con {these}? {msg}', 'stop|alto|no|basta a|de|con? {these}? mensajes|mensaje|msjs|publicidad|promociones|promos|marketing|propaganda|spam|ofertas|anuncios|mas $', 'stop todo|all|ya $', 'detener|parar|frenar todo|mensajes|envios|publicidad $',
    'dejenme|dejeme|dejame|dejennos en paz', 'dejenme|dejeme|dejame tranquil*',
    'voy|vamos|tendre|procedere a|que denunciar*|reportar* .. si', 'los|las|te|les|lo voy|vamos a denunciar|reportar|bloquear', 'voy|vamos a denunciarlos|reportarlos|bloquearlos|denunciarte|reportarte|bloquearte|denunciarlas|reportarlas|bloquearlas', 'si me|nos siguen|vuelven|sigue|vuelve a? {sending}|escribir|mandar|enviar|molestar',
    'revoco|retiro mi autorizacion|consentimiento|permiso',
  ],
  refusal: [
    'no me|nos|le|les|lo? vuelvan|vuelva|vuelvas a {sendi}', 'no me|nos? sigan|siga|sigas {sending}', 'no sigan|siga con .. {msg}',
    'no me|nos|le|les? {send} mas|nunca|jamas $|a|por|nada|porque|{msg}|{these}|que|ni|y|o|pero|ya', 'no me|nos|le {send} {these}? {these}? mensajes|mensaje|msjs|msj|publicidad|propaganda|promociones|promos|ofertas|spam|anuncios|cosas', 'no me|nos {send} nada|nunca|jamas', 'no me|nos|mas? escriban|escriba|escribas|contacten|contacte|molesten|moleste|molestes|jodan|fastidien|incomoden|texteen $|por|nunca|porque|ni|que|nada', 'no me|nos? escriban|escriba|escribas|contacten|contacte|molesten a|en este|mi|ese', 'no escriban|escriba|escribas|contacten|molesten|moleste|molestes|jodan|fastidien|insistan mas? $|a', 'no me llamen|llame ni .. {send}', 'no me? llamen|llame|llames mas|nunca', 'nunca|jamas mas? me|nos? {send}|llamen|llames|llame', 'no insistan|insista|insistas mas? $', 'ni {send} $|mas',
    'no mas $|{msg}', 'no mas {these} {msg}', 'ni un mensaje|msj mas', 'nunca mas .. {send}', 'nada mas? de mensajes|msjs|publicidad|promociones|spam', 'no recibir mas? {these}? mensajes|publicidad|promociones|ofertas|correos|notificaciones', 'no me|nos? molestar $|mas|a', 'no me? enviar|mandar|escribir|contactar|enviarme|mandarme|escribirme|contactarme mas|nunca|a|{msg}', 'no escribir|contactar|molestar $',
    'no {want} seguir|volver|continuar|estar|volver|mas|que|a|me|ya .. recibir|recibiendo|recibirlos $|{msg}', 'no {want} recibir|recibo|recibiendo|resivir|recivir {these}? {these}? {these}? $|{msg}|por|ni|asi|aqui|nunca', 'no {want} {these}? {these}? {these}? mensajes|mensaje|msjs|msj|publicidad|propaganda|promociones|promos|ofertas|spam|anuncios|notificaciones|comunicaciones|correos|emails|mails|whatsapps', 'no {want} mas informacion|info|contacto|comunicacion|nada $|de', 'no {want} que me|nos|le|se|ustedes? sigan|siga|vuelvan|vuelva|esten? a? {send}|{sending}|{sendi}|llamen', 'no {want} que me|nos llegue|lleguen', 'no {want} ser contactad*', 'no {want} saber mas? nada', 'no {want} saber mas de', 'no {want} estar|seguir|aparecer en .. {list}', 'no {want} nada de|con ustedes|vosotros|su|esto',
    'no autorizo|acepto|consiento|di|doy|he el|la|mi|autorizacion|permiso|consentimiento|dado? .. uso|datos|contacten|autorizacion|consentimiento|permiso|mensajes|publicidad|enviar', 'no me interesan? recibir|sus|tus|estos? mensajes|promociones|ofertas|publicidad', 'no me interesa recibir', 'sin publicidad|mensajes $',
  ],
  doubt: [
    'no me interesa|interesan|interesamos $', 'no estoy|estamos interesad* $', 'ya no $', 'no quiero|deseo|acepto $', 'no quiero nada $', 'ya no quiero|deseo|necesito|me $|interesa', 'numero equivocado $', 'se equivoco|equivocaron|equivocado de numero|persona', 'quien|quienes|como|donde .. dio|dieron|consiguio|consiguieron|obtuvieron|sacaron|tienen .. numero|telefono|contacto|datos', 'no los? conozco $', 'spam|acoso $', 'que fastidio|molestia|pereza|cansones|intensos|pesados|fastidiosos', 'harto|harta|cansado|cansada|aburrido|aburrida|mamado de', 'tanta|mucha|demasiada publicidad|propaganda', 'tantos|muchos|demasiados mensajes', 'no me|nos? {send} tanto|tanta|tantos|tantas|mucho|seguido|cada', 'me|nos? escriben|mandan|envian|molestan|escribe|manda|envia mucho|demasiado|tanto|seguido', 'no me? {send} $', 'no {send} mas', 'denunciar|reportar', 'enough|suficiente $', 'dejen|deje|paren|pare $', 'no mas', 'baja|stop|salir|cancelar suscripcion',
  ],
  other: [
    'baja|bajas|bajar|bajo de|en|del|los|el|la? el|la|los|las? precio|precios|tarifa|tarifas|costo|valor|aceite|peso|presion|tension|temperatura|volumen', 'baja medica|laboral|maternidad|paternidad|por enfermedad|temporada|tension|calidad|presion', 'planta|talla|temporada|clase|voz|parte|presion|calidad|tarifa|gama|cuota|pieza baja', 'esta|estoy|estaba|fue|fui|sigue|sigo|estuve|sido|quedo|quede de|dado|dada baja|de', 'me|le|lo|la|nos|les dieron|dio|daran|dara de baja', 'dar|dado|dada|doy|dan|dieron|den|de de baja el|la|mi|un|una|los|mis|al servicio|internet|linea|plan|seguro|contrato|pedido|producto|tarjeta|cuenta|empleado|vehiculo|carro|auto|moto|cable|gas|luz|agua|telefono|membresia|gimnasio',
    'bus|non|auto|motion|one stop', 'salir de casa|viaje|trabajar|compras|vacaciones|la|el? oficina|trabajo|tienda|casa|deudas|dudas|ciudad|pais|clases|clase', '{dropme} una|un|el|los|las|unas|unos', '{dropme} de una|dudas|la|mi duda', '{drop} la|el|los|las cebolla|producto|item|articulo|tomate|queso|pedido|salsa', 'suscripcion a|de|del|al netflix|spotify|gimnasio|revista|premium|plan|mensual|anual|internet|canal', 'mal|bien escrito', 'quiero|quisiera|deseo volver a recibir', 'correo|email|mail|direccion|domicilio', 'hasta el|la|que|manana', 'factura|paquete|pedido|encomienda|domicilio|recibo', 'mi nombre', 'mensajes|mensaje de voz', 'lista de espera|precios|compras|invitados', 'por|durante|hasta un|una|dos|tres|cuatro|cinco|unos|unas|hoy|ahora|manana', 'baja de|del mi|el|la? gimnasio|gym|seguro|internet|plan|servicio|empresa|trabajo|colegio|cargo|puesto|curso', 'otro numero|correo|celular', 'mas imagenes|fotos|videos|audios',
  ],
};

// biome-ignore format: as above
const PT: Language = {
  classes: {
    msg: 'mensagem|mensagens|msg|msgs|mensagenzinha|sms|propaganda|propagandas|promocao|promocoes|promo|promos|oferta|ofertas|publicidade|anuncio|anuncios|spam|isso|isto|nada|coisas|coisa|avisos|notificacoes|comunicacoes|comunicacao|informacoes|contato|contatos|contacto|marketing|novidades|conteudo|convites|whatsapp|zap',
    want: 'quero|queria|desejo|gostaria|aceito|autorizo|qro|pretendo|preciso|queremos|desejamos|qr',
    send: 'mande|mandem|manda|mandar|envie|enviem|envia|enviar|chame|chamem|chama|escreva|escrevam|incomode|incomodem|incomoda|perturbe|perturbem|perturba|contate|contatem|contacte|contactem|procure|procurem|encha|encham|enche|insista|insistam|contatar|escrever|incomodar|perturbar',
    sendi: 'mandar|enviar|escrever|incomodar|perturbar|encher|contatar|contactar|chamar|receber|insistir|mandarem|enviarem|ligar|spamar|bombardear|importunar|mandando|enviando',
    these: 'essa|essas|esse|esses|esta|estas|este|estes|suas|sua|seus|seu|as|os|a|o|mais|tantas|tanta|tantos|tanto|nenhuma|nenhum|de|tipo|voces|dessas|desses|outra|qualquer',
    drop: 'tira|tire|tirem|tirar|remova|removam|remove|remover|retire|retirem|retirar|retira|exclua|excluam|excluir|exclui|apague|apaguem|apagar|apaga|delete|deleta|deletem|deletar|bloqueia|bloqueie|bloquear|elimine|eliminem|eliminar|risca|risquem|sumam|suma',
    mine: 'numero|contato|contacto|telefone|celular|cel|whatsapp|zap|dados|nome|cadastro|registro|telemovel',
    list: 'lista|listas|grupo|transmissao|cadastro|base|contatos|contactos|sistema|mailing|envios|newsletter|comunidade|mensagens|disparo|disparos|propaganda|promocoes|isso|aqui|ai',
  },
  wish: [
    'descadastr*', 'desinscrev*', 'desinscric*', 'desassin*', 'me|quero|queremos? desinscrever', 'cancelar|cancele|cancelem|cancela|cancelamento|anular|encerrar|encerrem|remover da|do|de|minha|a|o|meu|esse|essa|esta|este|as|os|essas|minhas? inscricao|recebimento|cadastro|envio|envios|mensagens|subscricao|assinatura|promocoes|notificacoes', 'dar baixa no|do meu? cadastro|numero|contato',
    'me|nos {drop} $|da|do|dessa|desse|desta|deste|de|daqui|dai|disso|por|logo', '{drop} me $|da|do|dessa|desta|de', '{drop} .. meu|o|minha|este|esse|meus? {mine}', '{drop} .. da|dessa|desta|do|desse|deste|de|sua|tua {list}', 'tirem|tirar|retirem|removam|excluam me',
    'sair|saio da|do|de|dessa|desse|desta|deste|dai|daqui sua|todas|tua|esta|essa|uma? {list}|$', 'sair disso|daqui $',
    'pare|parem|para|parar|deixe|deixem|deixar|cesse|cessem|paro|deixa de|com|d me|nos|ficar|estar? me? {sendi}', 'pare|parem|parar|deixe|deixem com|de|as|essas|com {these}? mensagens|mensagem|msg|propaganda|promocoes|spam|isso', 'parem|pare|suspendam|suspenda|interrompam|interrompa o|os|a|as|esses|essas? envio|envios|mensagens|propaganda',
    'chega|basta de {these}? {msg}', 'basta $', 'chega $', 'stop|parar|parem|pare com? {these}? mensagens|mensagem|promocoes|propaganda|marketing|tudo $',
    'me|nos deixe|deixem|deixa em paz', 'deixem me em paz', 'vou|irei te|vos|lhes? denunciar|bloquear $|se|voces|voce|esse|este|por|no|o', 'se mandar|mandarem|enviar|enviarem|insistir|insistirem .. novo|novamente|mais|denuncio|denuncia',
    'revogo minha|o|a? autorizacao|consentimento', 'opt out',
  ],
  refusal: [
    'nao me|nos|pra? {send} me? mais $|{msg}|{these}|por|para|pra|porque|nunca', 'nao me|nos? {send} me? {these}? mensagens|mensagem|msg|msgs|propaganda|promocoes|promocao|ofertas|spam|publicidade|nada', 'nao me|nos? escreva|escrevam|incomode|incomodem|perturbe|perturbem|contate|contatem|contacte|contactem|encha|encham|procure|procurem mais? $', 'nao me|nos? chame|chamem|ligue|liguem|procurem|procure mais', 'nao incomodar|perturbar $', 'nunca mais me? {send}', 'nao volte|voltem|torne|tornem a me? {sendi}', 'nao entre|entrem|entrar mais? em contato|contacto',
    'nao {want} mais de|q|que? receber $|{msg}|{these}', 'nao {want} mais? receber {these}? {these}? {these}? $|{msg}|por|aqui|nunca', 'nao {want} mais? {these}? {these}? mensagens|mensagem|msg|msgs|propaganda|promocoes|promocao|ofertas|spam|publicidade|contato|contacto|anuncios|notificacoes', 'nao {want} de? continuar|seguir|mais|que|estar|ficar|ser .. recebendo|receber|contatad*|incomodad*|na lista|nesta lista|nessa lista', 'nao {want} q|que voces|voce|me|nos me? mandem|mande|enviem|envie|contatem|contate|incomodem|chamem|liguem|escrevam', 'nao {want} participar|fazer|estar|ficar .. {list}', 'nao {want} nada de|com voces|vcs', 'sem mensagens|mais mensagens|propaganda $',
    'nao autorizo|aceito|autorizei|concordo|consinto|dei .. envio|mensagens|uso|dados|contato|permissao|autorizacao|propaganda|receber', 'nao tenho interesse|interesso em receber', 'nao me interessa receber', 'nao mais $',
  ],
  doubt: [
    'nao tenho|temos|tenho mais? interesse $', 'nao me interessa|interessa mais $', 'nao estou|to|tou interessad* $', 'nao quero mais? $', 'quem|como|onde .. passou|deu|conseguiu|conseguiram|pegaram|pegou|tem .. numero|contato|telefone', 'numero errado|engano $', 'spam $', 'isso e spam', 'que saco|chato|chatos|chatice', 'tanta|muita propaganda', 'tanta|tantas|muita|muitas mensagem|mensagens', 'nao me|nos? {send} tanto|tanta|tantas|muito|toda', 'mandam|enviam|escrevem tanto|muito|demais|toda', 'cansad* de', 'nao me {send} $', 'nao {send} mais', 'denunciar', 'parem|pare|deixem $',
  ],
  other: [
    'sair de|para|pra|do|da ferias|casa|trabalho|viagem|servico|recife|loja|mais|carro|sao', 'chega amanha|hoje|ate|quando|em|quanto', 'quando|quanto|que|hora chega', 'me tira|tire uma|um|essa|esta|minha|a|as duvida|foto|duvidas|print|copia', '{drop} a|o|as|os cebola|item|produto|pedido|queijo|tomate|molho', 'pare|parem|parar em|no|na|frente', 'para de graca', 'voltar a receber', 'lista de espera|precos|compras|convidados', 'mensagem|mensagens de voz', 'endereco|boleto|entrega|encomenda|nota', 'por que|porque|pq .. nao .. mais', 'assinatura do|da|de netflix|spotify|academia|revista|premium|plano',
  ],
};

// biome-ignore format: as above
const EN: Language = {
  classes: {
    msg: 'message|messages|msg|msgs|texts|text|sms|promo|promos|promotion|promotions|promotional|ad|ads|advert|adverts|advertising|advertisements|marketing|offers|offer|spam|notification|notifications|updates|newsletter|newsletters|stuff|junk|this|these|it|them|communication|communications|emails|whatsapp|whatsapps|crap|alerts',
    act: 'text|txt|message|msg|contact|write|bother|spam|msge|whatsapp|email|disturb|harass|ping',
    acting: 'texting|messaging|contacting|spamming|bothering|harassing|writing|msging|emailing|pinging|annoying|whatsapping|disturbing|advertising|marketing|soliciting|txting',
    these: 'the|these|this|those|your|any|more|all|such|of|me|us|to|promotional|marketing|so|many|from|you|further|future|unwanted|unsolicited',
    mine: 'number|phone|data|contact|info|information|details|name|cell|mobile|record|records|no',
    list: 'list|lists|mailing|group|database|contacts|subscription|broadcast|chat|distribution|system|records|this|here|it',
  },
  wish: [
    'unsubscribe*', 'unsub', 'opt me|us? out', 'opting out', 'opt out', 'stop {acting}|calling|ringing me|us|this|here|my|$', 'stop sending {these}? {these}? {these}? {these}? $|{msg}', 'stop receiving|getting', 'stop with? {these}? {these}? messages|message|msgs|texts|text|sms|promos|promotions|promotion|ads|marketing|spam|all|notifications|alerts|offers|it|this|now|everything|immediately $', 'stop {these}? {these}? messages|texts|promotions|promos|marketing|ads|spam|notifications', 'stop blowing up',
    'quit {acting}|sending', 'cease and desist', 'cease all? {acting}|sending|contact|communication|communications', 'remove|delete|erase|drop|take|scratch|exclude|block me|us $|from|off|out|asap|immediately|now', 'remove|delete|erase|take|drop|lose|scrub|forget|discard|block all? my|this|our|the? {mine} $|from|off|out|and|you', 'take|get|remove|pull me|us|my|this number|phone|name? off|out|from of? {these}? {these}? {list}', 'get|take me|us off|out $|of', 'off {these} {list}',
    'leave me|us alone', 'lose my number', 'go away', 'enough with|of {these}? {these}? {msg}', 'cancel|end|stop|terminate my|this|the|all|these|your|any? subscription|messages|texts|notifications|alerts|promos|promotions|sms $|to|and|for|from', 'will|ll|gonna|going|to|i report|block you|this|u|number|ya', 'reporting|blocking you|this|u', 'how do|can|to i? stop .. messages|texts|promos|ads|notifications', 'revoke|withdraw my consent|permission',
  ],
  refusal: [
    'do not ever|you? {act} me|us|this|here|again|anymore|back|my $|again|any|anymore|ever|number|phone|about|with|on|at|or|nor', 'do not ever? {act} $|again|anymore', 'do not ever? call|send me|us|this|my? number? again|anymore|any $|more', 'do not ever? call or {act}', 'do not send|want|need|wish|like|appreciate|accept {these}? {these}? {these}? messages|message|msgs|texts|promos|promotions|ads|spam|marketing|notifications|offers|anything|stuff|advertising|junk', 'do not send me|us|any|this|these|more $|anymore|again|this|these|stuff', 'do not|no longer|never|not want|wish|care|like|need|interested|agree|consent|consented to|in|for? .. receive|get|receiving|getting|be|hear|hearing|being|subscribed .. $|{msg}|anything|contacted|from|anymore|more', 'do not|no longer want|wish|need .. {msg} anymore|any', 'no longer want|wish|need .. {msg}', 'never {act}|call|ring|phone me|us|again', 'never {act} this', 'no more {these}? {msg}', 'no more $', 'not another {msg}', 'never|did not|do not sign|signed|subscribe|subscribed|asked|ask|agreed|remember up|to|for .. this|these|it', 'no {msg} please? $', 'not interested in receiving|these|your|any .. {msg}',
  ],
  doubt: [
    'not|no interested|interest|longer anymore|interested? $', 'wrong number|person $', 'who|how|where .. gave|give|got|get|did .. number', 'spam $', 'this is spam', 'annoying|annoyed', 'too|so many messages|texts|ads', 'write|text|message|send me|us? too|so much|often', 'fed up|sick|tired with|of', 'enough $', 'stop $', 'do not want|need|send|write $|this|it', 'reported|blocked', 'cancel .. subscription',
  ],
  other: [
    'non|bus|train|next|full|truck|rest|pit|first|last|metro|tram|one|door stop', 'stop by|at|sign|in|over|cock|light|watch|loss|motion|on|here|there|near', 'stopped|stops', 'unsubscribed by|from .. mistake|back|again', 'unsubscribed', 'how|want|can|like .. back|resubscribe|subscribe', 'take me off hold|guard', 'drop me|us a|an|the|at|in|here|off', 'remove|delete|drop the|one|item|that|onion*', 'cancel my|the|an|our|this|a order|appointment|booking|reservation|flight|blue|one|visit|delivery|trip', 'block me a|an|the|seat', 'text me the|your|a|when|if|at|instead|in', 'message me the|when|if|at', 'subscription to|of|for netflix|spotify|gym|magazine|premium|plan',
  ],
};

export const LANGUAGES: Readonly<Record<'es' | 'pt' | 'en', Language>> = { es: ES, pt: PT, en: EN };

/** What is said around a request and changes nothing of it. */
// biome-ignore format: a language a line
export const POLITE: readonly string[] = [
  'no muchas gracias', 'no gracias', 'muchas gracias', 'mil gracias', 'gracias', 'por favor', 'porfavor', 'por fa', 'porfa', 'porfis', 'porfi', 'plis', 'xfa', 'xfavor', 'hola', 'holi', 'buenos dias', 'buenas tardes', 'buenas noches', 'buen dia', 'buenas', 'ya mismo', 'ahora mismo', 'ya', 'ahora', 'oye', 'oigan', 'disculpe', 'disculpen', 'amigo', 'amigos', 'senores', 'senor', 'senorita', 'saludos', 'favor', 'urgente',
  'nao obrigado', 'nao obrigada', 'muito obrigado', 'muito obrigada', 'obrigado', 'obrigada', 'obg', 'por gentileza', 'pfv', 'pf', 'oi', 'ola', 'bom dia', 'boa tarde', 'boa noite', 'agora', 'ja', 'gente', 'moco', 'moca', 'grato', 'grata', 'ai', 'pelo amor de deus',
  'no thank you', 'no thanks', 'thank you', 'thanks', 'thx', 'ty', 'please', 'pls', 'plz', 'kindly', 'hi', 'hello', 'hey', 'just', 'guys', 'sir', 'madam', 'ok', 'okay', 'now', 'immediately', 'asap',
];

/** How people write in a hurry. */
// biome-ignore format: a language a line
export const SHORTHAND: Readonly<Record<string, string>> = {
  q: 'que', k: 'que', ke: 'que', d: 'de', xq: 'por que', x: 'por', xfis: 'por favor', kiero: 'quiero', qiero: 'quiero', kero: 'quero', vaja: 'baja', mensages: 'mensajes', mensage: 'mensaje', mensajez: 'mensajes', vuelban: 'vuelvan', ezcriban: 'escriban', embien: 'envien', enbien: 'envien', embie: 'envie', sakenme: 'saquenme', saqenme: 'saquenme', desinscribir: 'desuscribir', molestren: 'molesten',
  naum: 'nao', vcs: 'voces', vc: 'voce', pq: 'porque', mensagems: 'mensagens', mensagen: 'mensagem', pra: 'para',
  dont: 'do not', 'don t': 'do not', dnt: 'do not', donot: 'do not', 'do nt': 'do not', didnt: 'did not', 'didn t': 'did not', 'doesn t': 'does not', wont: 'will not', 'won t': 'will not', u: 'you', ur: 'your', unsubcribe: 'unsubscribe', unsuscribe: 'unsubscribe', unsubscibe: 'unsubscribe', unsubscrib: 'unsubscribe', unsubsribe: 'unsubscribe', unsubscirbe: 'unsubscribe', ubsubscribe: 'unsubscribe', 'un subscribe': 'unsubscribe', optout: 'opt out', messeges: 'messages', mesages: 'messages', massages: 'messages', messege: 'message',
};

/** What turns a wish round: these words, directly or with only such words in between. */
export const NEGATION = {
  words: 'no|nao|not|never|nunca|jamas|tampoco|without|sin|sem|por que|porque',
  between:
    'me|nos|le|lo|te|se|quiero|quisiera|deseo|que|quero|queria|desejo|gostaria|de|want|wish|to|need|ever|you|vayan|vaya|vas|a|por|like|trying|intend|me|pienso|voy|vou|pretendo|planeo|going|es|necesario|preciso|for|dieron|they|des|den|dar|darme|darnos|denme|doy|dan|precisa|precisam|hace|falta|you|him|should|have|he|she|will',
};
