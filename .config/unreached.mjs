const sdpDetails = [
  ...['parseParams', 'parseFmtpConfig', 'parsePayloads', 'parseRemoteCandidates'],
  ...['parseImageAttributes', 'parseSimulcastStreamList'],
];

/** `logger.debug(...)`, `loggerict.warn(...)` and `debug(...)` of JsSIP. */
export const logLine = /^(logger\w*\.\w+|debug)$/;

/**
 * What nothing in the script-tag file can reach, by library and file. `members` of a class, an
 * object, a prototype or a module are left out, `functions` lose their bodies, a condition that is
 * `never` true counts as false, one that `always` is as true, a statement that calls what is `unread`
 * is left out, as is one that only emits what is `unheard`, and of a list of named things those in
 * `kept` remain. A name that a file no longer has stops the build.
 */
export const unreached = {
  // The adapter renegotiates, mutes and sends digits by itself, because JsSIP's own ways have traps. It
  // gives every session the stream to be sent, so that JsSIP opens no microphone and has none to close,
  // and none of the settings that no configuration has. What JsSIP sends within a call refreshes it,
  // with no media of its own and nobody to tell. REFER and Replaces are dealt with by the adapter too.
  'jssip/lib/RTCSession.js': {
    members: [
      ...['sendDTMF', 'sendInfo', 'mute', 'unmute', 'isMuted', 'isOnHold', 'hold', 'unhold'],
      ...['renegotiate', '_getDTMFRTPSender', '_onmute', '_onunmute'],
      ...['_sendReinvite', '_sendUpdate', '_runSessionTimer', '_receiveRefer', '_receiveReplaces'],
      ...['isInProgress', 'isEstablished', 'causes', 'start_time', 'end_time', 'data', 'status'],
    ],
    unheard: [
      ...['reinvite', 'update', 'icecandidate', 'peerconnection:setremotedescriptionfailed'],
      ...['peerconnection:setlocaldescriptionfailed', 'peerconnection:createofferfailed'],
      'peerconnection:createanswerfailed',
    ],
    always: ['mediaStream'],
    never: [
      "type !== 'offer' && type !== 'answer'",
      'this._localMediaStream && this._localMediaStreamLocallyGenerated',
      // An INVITE that replaces a call is seen to before it comes here; nobody hears of other offers.
      ...["request.hasHeader('replaces')", 'rejected'],
      ...["m.type === 'audio'", "m.type === 'video'", '!Array.isArray(sdp.media)'],
      '!mediaStream && !peerHasAudioLine && !rtcOfferConstraints.offerToReceiveAudio',
      '!mediaStream && !peerHasVideoLine && !rtcOfferConstraints.offerToReceiveVideo',
      'Object.prototype.hasOwnProperty.call(eventHandlers, event)',
      'mediaStream && mediaConstraints.audio === false',
      '!mediaStream && mediaConstraints.audio === undefined',
      '!mediaStream && mediaConstraints.video === undefined',
      ...['this._audioMuted', 'this._videoMuted', 'target === undefined'],
      ...['options.fromUserName', 'options.fromDisplayName'],
      'Utils.isDecimal(options.sessionTimersExpires)',
      "typeof data.callback === 'function'",
    ],
  },
  // The adapter reads status codes, not JsSIP's words for them. And a phrase is what nobody needs to be
  // told (RFC 3261 section 7.2): those of responses that a phone hardly ever sends are left out.
  'jssip/lib/Constants.js': {
    members: [
      'SIP_ERROR_CAUSES',
      ...['181', '401', '407', '410', '423', '424', '484', '502', '504', '505', '513', '604'],
      ...['182', '199', '204', '300', '301', '305', '380', '402', '412', '413', '414', '417'],
      ...['421', '422', '428', '429', '430', '433', '436', '437', '438', '439', '440', '469'],
      ...['470', '478', '485', '493', '494', '580'],
    ],
  },
  // The adapter sends every offer itself: none goes through here.
  'jssip/lib/Dialog/RequestSender.js': {
    never: [
      '(this._request.method === JsSIP_C.INVITE || (this._request.method === JsSIP_C.UPDATE && this._request.body)) && request_sender.clientTransaction.state !== Transactions.C.STATUS_TERMINATED',
      'response.method === JsSIP_C.INVITE && response.status_code === 491',
    ],
  },
  'jssip/lib/RTCSession/DTMF.js': { members: ['send'] },
  'jssip/lib/RTCSession/Info.js': { members: ['send'] },
  // Whom a far end is to replace, and who sends it there, is said by the adapter.
  'jssip/lib/RTCSession/ReferSubscriber.js': { never: ['options.replaces'] },
  'jssip/lib/JsSIP.js': { members: ['debug', 'name', 'version'] },
  'jssip/lib/URI.js': { members: ['deleteHeader', 'toAor'] },
  'jssip/lib/NameAddrHeader.js': { members: ['deleteParam', 'clearParams', 'clone'] },
  // It takes messages and sends none, and answers OPTIONS by itself.
  'jssip/lib/Message.js': {
    members: [
      ...['send', '_receiveResponse', '_onRequestTimeout', '_onTransportError', '_failed'],
      '_succeeded',
    ],
  },
  'jssip/lib/UA.js': {
    members: [
      ...['sendMessage', 'sendOptions', 'newOptions', 'subscribe', 'notify', 'terminateSessions'],
      ...['get', 'set'],
    ],
    never: [
      '!this._configuration.authorization_user',
      '!this._configuration.instance_id',
      'this._configuration.display_name === 0',
    ],
    unheard: ['transactionDestroyed'],
    always: ["this.listeners('newOptions').length === 0"],
  },
  // What no configuration of this phone sets.
  'jssip/lib/Config.js': {
    members: [
      ...['use_preloaded_route', 'session_timers_force_refresher', 'extra_headers'],
      ...['register_from_tag_trail', 'session_timers_refresh_method'],
      ...['authorization_user', 'authorization_jwt', 'password'],
      ...['realm', 'ha1'],
    ],
  },
  'jssip/lib/SIPMessage.js': {
    never: ['this.ua.configuration.extra_headers', 'ua.configuration.use_preloaded_route'],
  },
  // The adapter answers challenges.
  'jssip/lib/RequestSender.js': {
    members: ['_receiveResponse'],
    never: ['this._ua._configuration.authorization_jwt'],
  },
  'jssip/lib/Registrator.js': {
    never: [
      'this._ua.configuration.register_from_tag_trail',
      "this._ua.listeners('registrationExpiring').length === 0",
    ],
  },
  'jssip/lib/Utils.js': {
    members: [
      ...['getRandomTestNetIP', 'hasMethods', 'hostType', 'closeMediaStream', 'longMD5'],
      'newUUID',
    ],
  },
  // JsSIP parses and writes descriptions as a whole.
  'sdp-transform/lib/index.js': { members: sdpDetails },
  'sdp-transform/lib/parser.js': { members: sdpDetails },
  // It asks for nothing of a medium but its kind and direction; all other attributes go through as they are.
  'sdp-transform/lib/grammar.js': { kept: { a: ['direction', 'invalid'] } },
  // Of what stands in a configuration few keys are unknown, and the nearest of a few is found without haste.
  'leven/index.js': {
    never: [
      ...['maxDistance !== undefined', 'maxDistance !== undefined && result > maxDistance'],
      'maxDistance !== undefined && secondLength - firstLength > maxDistance',
      'maxDistance !== undefined && secondLength > maxDistance',
      ...['!Array.isArray(candidates) || candidates.length === 0', 'userMax === 0'],
      ...['seen.has(candidate)', 'lengthDiff >= bestDist', 'bestDist === 0'],
      'userMax !== undefined && lengthDiff > userMax',
      'userMax !== undefined && distance > userMax',
      'cap !== undefined && distance === cap && cap === userMax',
    ],
    always: ['cap === undefined'],
    unread: /^seen\.add$/,
  },
  // `createTranslator` makes an instance and starts it with its texts in one go: no loader, detector
  // or other module comes in between, and none that comes later is asked. What i18next tells its
  // developers is left to the module build.
  'i18next/dist/esm/i18next.js': {
    members: [
      ...['Connector.read', 'Connector.queueLoad', 'Connector.loaded', 'Connector.loadOne'],
      ...['Connector.load', 'Connector.reload', 'Connector.prepareLoading', 'reloadResources'],
      ...['Connector.saveMissing', 'Connector.noticeDevFallback', 'I18n.hydrate'],
      ...['I18n.cloneInstance', 'Logger.once', 'Logger.deprecate', 'Logger.clone'],
      ...['LanguageUtil.deprecateBareCode', 'ResourceStore.deprecateDottedLng'],
      'Translator.getUsedParamsDetails',
    ],
    never: [
      ...['this.modules.logger', 'this.modules.formatter', 'this.modules.languageDetector'],
      ...['this.modules.i18nFormat', "module.type === 'backend'", "module.type === 'i18nFormat'"],
      ...["module.type === 'languageDetector'", "module.type === 'formatter'"],
      ...["module.type === '3rdParty'"],
      "module.type === 'logger' || module.log && module.warn && module.error",
      'loggerOwner && loggerOwner !== this && loggerOwner.modules.logger !== this.modules.logger',
      ...['this.i18nFormat?.parse', 'this.i18nFormat?.addLookupKeys'],
      ...['this.i18nFormat?.getResource', 'this.backendConnector?.saveMissing'],
      '!this.options.resources || this.options.partialBundledLanguages',
      '!lng && !lngs && this.services.languageDetector',
      '!lng && this.services.languageDetector && !this.services.languageDetector.async',
      '!lng && this.services.languageDetector && this.services.languageDetector.async',
      // Details beside a text, and keys that are functions, are for typed pages, not for a phone.
      ...['returnDetails', 'this.options && this.options.postProcessPassResolved'],
      ...["typeof keys === 'function'", "typeof k === 'function'", "typeof key === 'function'"],
      "typeof o.keyPrefix === 'function'",
      // No language has a dot in its name.
      ...["lng.includes('.')", "result == null && !ns && !key && lng.includes('.')"],
      // Only to say something.
      ...['this.logger.debug && isString(code)', 'fk && fk.res'],
      'prefixEscaped || suffixEscaped || nestingPrefixEscaped || nestingSuffixEscaped',
      'l && this.logger.debug && !isSafeLanguageCode(l)',
      "!this.escapeValue && typeof str === 'string' && /\\$t\\([^)]*\\{[^}]*\\{\\{/.test(str)",
      "this.escape === escape && this.options?.interpolation?.escapeValue !== false && isString(val) && val.includes('/')",
    ],
    always: [
      ...['!this.i18nFormat || this.i18nFormat.handleAsObject', '!this.options.isClone'],
      '!this.services.backendConnector.backend || this.options.resources && !this.options.partialBundledLanguages',
    ],
    unread: /^(this\.logger|baseLogger)\.\w+$|\.deprecateDottedLng$/,
  },
  // What is wrong is told as a whole, by where it is and what was found; nothing here has a fallback.
  'valibot/dist/index.mjs': {
    members: ['reference', 'async', 'origin'],
    never: ['config$1.abortEarly', 'valueSchema.fallback !== void 0'],
    always: ['!dataset.issues || !config$1.abortEarly'],
  },
  // Each phone's parsed templates live as long as it does.
  'mustache/mustache.mjs': {
    members: ['clear', 'clearCache', 'templateCache', 'getConfigTags', 'getConfigEscape'],
  },
  // What is drawn has no `<head>` and comes as an array of nodes, the children of an element. Focus is
  // seen to before.
  'idiomorph/dist/idiomorph.esm.js': {
    // Form controls are written by the engine itself, so that what the user typed stays.
    functions: ['handleHeadElement', 'parseContent', 'syncInputValue'],
    always: [
      ...['ctx.morphStyle === "innerHTML"', '!ctx.config.restoreFocus'],
      ...['!ignoreValueOfActiveElement(oldElt, ctx)', '!ignoreValueOfActiveElement(oldNode, ctx)'],
    ],
    never: [
      ...['ctx.ignoreActive && oldNode === ctx.doc.activeElement', 'newContent == null'],
      'ignoreAttribute(newAttribute.name, oldElt, "update", ctx)',
      'ignoreAttribute(oldAttribute.name, oldElt, "remove", ctx)',
      ...['is.headElement(oldNode) && ctx.head.style === "none"', 'is.node(newContent)'],
      ...['is.headElement(oldNode) && ctx.head.style !== "morph"', 'is.document(content)'],
      ...['ctx.head.block && ctx.head.style !== "none"', 'typeof newContent === "string"'],
      ...['!["innerHTML", "outerHTML"].includes(morphStyle)'],
      ...['morphStyle === "innerHTML" && !oldNode.append'],
      ...['!["merge", "append", "morph", "none"].includes(headStyle)'],
      'generatedByIdiomorph.has(/** @type {Element} */ (newContent))',
    ],
  },
};

/** In the place of this one the file has one of our own, unless there are rules for it. */
export const emitterFile = 'eventemitter2/lib/eventemitter2.js';

/** The same behind the drop-in, whose class is an EventEmitter2 for the page to use. */
export const unreachedBehindDropIn = {
  ...unreached,
  [emitterFile]: {
    members: ['listenTo', 'stopListeningTo'],
    functions: [
      ...['TargetObserver', 'searchListenerTree', 'growListenerTree', 'collectTreeEvents'],
      ...['once', 'recursivelyGarbageCollect', 'setupListener', 'findTargetIndex', 'configure'],
      'logPossibleMemoryLeak',
    ],
    never: [
      ...['this.wildcard', 'this._newListener', 'this._removeListener', 'this._conf'],
      '!this._events[type].warned && this._maxListeners > 0 && this._events[type].length > this._maxListeners',
    ],
  },
};

/**
 * Classes that no plugin asks for. Those of subscriptions wait for the plugin that brings them: JsSIP
 * answers a SUBSCRIBE that nobody listens for with 405 before it gets to them. The digest is the
 * adapter's, and so is what a referrer is told.
 */
export const unreachedFiles = [
  ...['Subscriber', 'Notifier', 'Options', 'RTCSession/ReferNotifier', 'DigestAuthentication'],
].map((name) => `jssip/lib/${name}.js`);
