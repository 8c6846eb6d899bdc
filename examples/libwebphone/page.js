// A page of libwebphone, as its documentation teaches to write one. Nothing here is Cordboard's own.

// Templates have four scopes: data, i18n, by_id and by_name.
const accountTemplate = `
  <p>{{i18n.greeting}} {{data.authentication.username}} ({{data.shop}})</p>
  {{^data.isStarted}}<button id="{{by_id.agentstart.elementId}}">{{i18n.agentstart}}</button>{{/data.isStarted}}
  {{#data.isStarted}}<button id="{{by_id.agentstop.elementId}}">{{i18n.agentstop}}</button>{{/data.isStarted}}`;

const bannerTemplate = `
  {{#data.primary}}<p class="ringing">{{data.count}}: <b>{{data.who}}</b>
  <button id="{{by_id.take.elementId}}">{{i18n.take}}</button>
  <button id="{{by_id.refuse.elementId}}">{{i18n.refuse}}</button></p>{{/data.primary}}`;

const callsTemplate = `
  {{#data.calls}}<label><input type="radio" name="{{by_name.calls.elementName}}" value="{{callId}}"
    {{#primary}}checked{{/primary}}> {{#hasSession}}{{remoteIdentity}}{{#held}} ({{i18n.held}}){{/held}}{{/hasSession}}
    {{^hasSession}}{{i18n.new}}{{/hasSession}}</label>{{/data.calls}}`;

const shortcutsTemplate = `
  {{#data.numbers}}<button name="{{by_name.numbers.elementName}}" value="{{number}}">{{name}}</button>{{/data.numbers}}`;

const config = {
  // The options of i18next.
  i18n: { fallbackLng: 'en' },
  userAgent: {
    transport: { sockets: ['ws://127.0.0.1:5780/sip'] },
    authentication: { username: '201', password: 'PASSWORD-OF-201', realm: 'sandbox.invalid' },
    user_agent: { display_name: 'Anna', redial: '*43', register_expires: 120 },
    custom_headers: { establish_call: ['X-Shop: north'] },
    custom_parameters: { contact_uri: { 'x-shop': 'north' } },
    // Texts of one's own, and others in place of the library's.
    i18n: {
      resourceBundles: {
        en: { greeting: 'Good day', agentstart: 'Log in', agentstop: 'Log out' },
        de: { greeting: 'Guten Tag', agentstart: 'Anmelden', agentstop: 'Abmelden' },
      },
    },
    renderTargets: [
      {
        root: { elementId: 'account' },
        template: accountTemplate,
        // Data and names of texts that are added to those of the class.
        data: { shop: 'north' },
        i18n: { greeting: 'libwebphone:userAgent.greeting' },
      },
    ],
  },
  call: { startWithVideoMuted: true, keys: { spacebar: { enabled: false } } },
  callList: {
    i18n: { resourceBundles: { en: { held: 'on hold' }, de: { held: 'gehalten', new: 'Neu' } } },
    renderTargets: [
      {
        root: { elementId: 'calls' },
        template: callsTemplate,
        i18n: { held: 'libwebphone:callList.held' },
        // The name of the elements may be the page's own.
        by_name: { calls: { elementName: 'my-calls' } },
      },
    ],
  },
  // The id of an element is enough where the default template will do.
  callControl: { renderTargets: ['controls'] },
  dialpad: {
    dialed: { filter: { show: false } },
    // A key of the keyboard does something else.
    keys: {
      escape: {
        enabled: true,
        action: (event, dialpad) => {
          log(`${event.key} clears ${dialpad.getTarget()}`);
          dialpad.clear();
        },
      },
    },
    renderTargets: [
      {
        root: { elementId: 'dialpad' },
        // Shown for this target alone.
        data: { dialed: { convert: { show: false } } },
        // Another handler in place of the default one: it is told the event and the target.
        by_id: {
          clear: {
            elementId: 'my-clear',
            events: {
              onclick: (event, target) => {
                log(`${event.type} on ${target.root.elementId}`);
                phone.getDialpad().clear();
              },
            },
          },
        },
      },
    ],
  },
  mediaDevices: { videoinput: { enabled: false }, renderTargets: ['devices'] },
  audioContext: {
    channels: { ringer: { volume: 0.4 }, preview: { show: false } },
    renderTargets: ['volumes'],
  },
  videoCanvas: { canvas: 'canvas', renderTargets: ['canvas-settings'] },
};

const element = (id) => document.getElementById(id);

function log(line) {
  const item = document.createElement('li');
  item.textContent = line;
  element('log').prepend(item);
}

const phone = new window.libwebphone(config);
const translate = (key) => phone.i18nTranslator()(`libwebphone:${key}`);

// Texts may come later, in several languages at once or in one.
phone.i18nAddResourceBundles('callList', {
  en: { take: 'Take it', refuse: 'Not now' },
  de: { take: 'Annehmen', refuse: 'Jetzt nicht' },
});
phone.i18nAddResourceBundle('callControl', 'de', { hangup: 'Auflegen', hold: 'Halten' });

// A target that is added later, with elements and data of its own.
const take = () => phone.getCallList().getCall()?.answer();
const refuse = () => phone.getCallList().getCall()?.reject();
phone.getCallList().renderAddTarget({
  root: { element: element('banner') },
  template: bannerTemplate,
  data: { count: 0, who: '' },
  i18n: { take: 'libwebphone:callList.take', refuse: 'libwebphone:callList.refuse' },
  by_id: {
    take: { events: { onclick: take } },
    refuse: { events: { onclick: refuse } },
  },
});

// Several elements of one name, of which each tells its own value.
phone.getDialpad().renderAddTarget({
  root: { elementId: 'shortcuts' },
  template: shortcutsTemplate,
  data: { numbers: [{ name: 'Echo', number: '*43' }] },
  by_name: {
    numbers: {
      events: { onclick: (event) => phone.getUserAgent().call(event.target.value) },
    },
  },
});

// Every event has the phone first, who tells it second, and then what the documentation names.
phone.on('userAgent.registration.registered', (libwebphone, userAgent) => {
  element('state').textContent = userAgent.isReady() ? 'ready' : 'connected';
});
phone.on('userAgent.stopped', () => {
  element('state').textContent = 'stopped';
});
phone.on('call.primary.update', (libwebphone, call, ...more) => {
  log(`${more.at(-1)} of ${call.remoteIdentity()}`);
});
phone.on('call.timeupdate', (libwebphone, call, ...[, , pretty]) => {
  document.title = `${pretty} ${call.remoteIdentity()}`;
});
phone.once('callList.calls.added', () => log('the first call'));
phone.on('language.changed', () => {
  element('language').textContent = phone.geti18n().language === 'de' ? 'English' : 'Deutsch';
});

// A render of one's own: each target is changed before it is painted, or looked at afterwards.
let calls = 0;
phone.on('callList.calls.added', () => {
  calls += 1;
});
phone.on('callList.calls.changed', (libwebphone, callList, call) => {
  callList.render(
    (target) => {
      const { data } = target;
      target.data = { ...data, primary: call, count: calls, who: call?.remoteIdentity() ?? '' };
      return target;
    },
    (target) => {
      element('calls-so-far').textContent = String(calls);
      return target;
    },
  );
});
for (const name of ['getUserAgent', 'getCallControl', 'getDialpad']) phone[name]().updateRenders();

element('language').onclick = () => {
  phone.geti18n().changeLanguage(phone.geti18n().language === 'de' ? 'en' : 'de');
};

// What the agent is started with can be seen, and changed, at the last moment.
phone.getUserAgent().initAgent = (settings) => log(`${settings.username} logs in`);
phone.getUserAgent().start();
log(translate('callControl.hangup'));
