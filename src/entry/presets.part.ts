import type { WebphoneConfig } from './create.ts';

/** The servers that there are settings for. */
export type PresetName = 'asterisk' | 'freeswitch' | 'kamailio' | 'kazoo';

/** What a configuration may hold where the settings of a server can be loaded. */
export interface PresetChoice {
  /** The server, whose settings then stand under those of the configuration. */
  readonly preset?: PresetName;
}

/**
 * What each server needs, as its own documents say. Addresses, accounts and STUN servers are nobody's
 * but the operator's. None of these names a setting of the server that must be changed for it.
 *
 * Each citation was read again in November 2026, in stored copies of the repositories that these pages
 * are made of. A value that no document stands behind is not here, so the phone's own default holds.
 */
const presets: Readonly<Record<PresetName, WebphoneConfig>> = {
  /**
   * Source: Asterisk, "res_pjsip", pjsip.conf
   * (https://docs.asterisk.org/Latest_API/API_Documentation/Module_Configuration/res_pjsip/), which is made of
   * `res/res_pjsip/pjsip_config.xml` (https://github.com/asterisk/asterisk).
   */
  asterisk: {
    // [endpoint] dtmf_mode: rfc4733 unless it is set. It tells how Asterisk sends tones; INFO is taken in
    // every mode (`res/res_pjsip_dtmf_info.c`), so a phone that is set to INFO is understood, too.
    call: { dtmf: { transport: 'RFC4733' } },
    userAgent: {
      user_agent: {
        // [aor] minimum_expiration 60, maximum_expiration 7200: what lies between is taken as it is.
        register_expires: 300,
        // [endpoint] timers: yes, timers_min_se 90, timers_sess_expires 1800.
        session_timers: true,
        // [endpoint] 100rel: yes, which is to support it and not to ask for it. Where it is `required`, a call
        // that does not offer it is refused with 421.
        rel100: 'supported',
        // [endpoint] send_pai, send_rpid: who calls, where an administrator has it told. Both are no by default.
        trust_identity: true,
        // [endpoint] mailboxes: news of these come without a SUBSCRIBE.
        allow_legacy_notifications: true,
      },
    },
  },
  /**
   * Source: FreeSWITCH, `conf/vanilla/sip_profiles/internal.xml` and its comments
   * (https://github.com/signalwire/freeswitch), and "Sofia Configuration Files"
   * (https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Configuration/Sofia-SIP-Stack/Sofia-Configuration-Files_7144453/).
   *
   * How long a registration lasts is bounded by `sip-force-expires` alone, and the phone keeps to what the 200 says.
   */
  freeswitch: {
    // dtmf-type: `info` is commented out there. liberal-dtmf, which takes both, is off by default.
    call: { dtmf: { transport: 'RFC4733' } },
    userAgent: {
      user_agent: {
        // enable-timer: only its `false` is commented out there. session-timeout: 1800 unless it is set.
        session_timers: true,
        // enable-100rel: advised against there, for asserts and crashes.
        rel100: 'unsupported',
        // caller-id-type: Remote-Party-ID with `rpid`, P-Asserted-Identity with `pid`.
        trust_identity: true,
        // send-message-query-on-register: true by default, so news of the mailbox come without a SUBSCRIBE.
        allow_legacy_notifications: true,
      },
    },
  },
  /**
   * Source: Kamailio, "Core Cookbook", `tcp_connection_lifetime`
   * (https://www.kamailio.org/wikidocs/cookbooks/5.8.x/core/), and the modules `registrar`
   * (https://www.kamailio.org/docs/modules/stable/modules/registrar.html) and `websocket`
   * (https://www.kamailio.org/docs/modules/stable/modules/websocket.html).
   *
   * A proxy leaves tones, timers and provisional responses to the far end, and so does this.
   */
  kamailio: {
    userAgent: {
      user_agent: {
        // tcp_connection_lifetime: a connection that is silent for 120 s is closed; the pings of `websocket`
        // begin after 180 s (keepalive_timeout). A renewal goes out when half to three quarters of 120 s are
        // over. registrar: min_expires 60, and no max_expires.
        register_expires: 120,
      },
    },
  },
  /**
   * Source: Kazoo, `freeswitch/sip_profiles/sipinterface_1.xml`
   * (https://github.com/2600hz/kazoo-configs-freeswitch), `kamailio/registrar-role.cfg`
   * (https://github.com/2600hz/kazoo-configs-kamailio), and "Devices"
   * (https://github.com/2600hz/kazoo/blob/master/applications/crossbar/doc/devices.md).
   *
   * `authentication.username` is the device's `sip.username`, `realm` the account's realm.
   */
  kazoo: {
    // dtmf-type: rfc2833.
    call: { dtmf: { transport: 'RFC4733' } },
    userAgent: {
      user_agent: {
        // "Devices", sip.expire_seconds: 300, which a device is to be set to. registrar-role.cfg answers 423 to
        // less than 300 (REGISTRAR_MIN_EXPIRES).
        register_expires: 300,
        // enable-timer: false.
        session_timers: false,
        // enable-100rel: false.
        rel100: 'unsupported',
        // caller-id-type: rpid.
        trust_identity: true,
        // "Devices", mwi_unsolicited_updates: true, so news of the mailbox come without a SUBSCRIBE.
        allow_legacy_notifications: true,
      },
    },
  },
};

/** The names, in the order of the alphabet. */
export const presetNames: readonly PresetName[] = Object.keys(presets) as PresetName[];

/** The settings of a server; throws what `refuse` makes of a sentence when nobody knows it. */
export function settingsOf(name: unknown, refuse: (message: string) => Error): WebphoneConfig {
  const known = presetNames.find((each) => each === name);
  if (known) return presets[known];
  const found = typeof name === 'string' ? `"${name}"` : typeof name;
  throw refuse(`preset: found ${found}; accepted: ${presetNames.join(', ')}`);
}
