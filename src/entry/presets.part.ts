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
 */
const presets: Readonly<Record<PresetName, WebphoneConfig>> = {
  /**
   * Source: Asterisk, "res_pjsip", pjsip.conf
   * (https://docs.asterisk.org/Latest_API/API_Documentation/Module_Configuration/res_pjsip).
   */
  asterisk: {
    // [endpoint] dtmf_mode: rfc4733 unless it is set; INFO is then not listened to.
    call: { dtmf: { transport: 'RFC4733' } },
    userAgent: {
      user_agent: {
        // [aor] minimum_expiration 60, maximum_expiration 7200.
        register_expires: 300,
        // [endpoint] timers: yes.
        session_timers: true,
        // [endpoint] 100rel: yes, which is to support it and not to ask for it.
        rel100: 'supported',
        // [endpoint] send_pai, send_rpid: who calls, where an administrator has it told.
        trust_identity: true,
        // [endpoint] mailboxes: news of them come without a SUBSCRIBE.
        allow_legacy_notifications: true,
      },
    },
  },
  /**
   * Source: FreeSWITCH, `conf/vanilla/sip_profiles/internal.xml` and its comments
   * (https://github.com/signalwire/freeswitch), and "Sofia Configuration Files"
   * (https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Configuration/Sofia-SIP-Stack/Sofia-Configuration-Files_7144453/).
   */
  freeswitch: {
    // dtmf-type: rfc2833 unless it is `info`; both are taken with `liberal-dtmf` only.
    call: { dtmf: { transport: 'RFC4733' } },
    userAgent: {
      user_agent: {
        register_expires: 300,
        // enable-timer is on and session-timeout 1800 unless they are set.
        session_timers: true,
        // enable-100rel: advised against there, for asserts and crashes.
        rel100: 'unsupported',
        // caller-id-type: rpid, P-Asserted-Identity with `pid`.
        trust_identity: true,
        // send-message-query-on-register: news of the mailbox come without a SUBSCRIBE.
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
        // tcp_connection_lifetime: a connection that is silent for 120 s is closed. A renewal goes out
        // when half to three quarters of this are over. registrar: min_expires 60.
        register_expires: 120,
        session_timers: true,
      },
    },
  },
  /**
   * Source: Kazoo, `freeswitch/sip_profiles/sipinterface_1.xml`
   * (https://github.com/2600hz/kazoo-configs-freeswitch), `kamailio/websockets-role.cfg`
   * (https://github.com/2600hz/kazoo-configs-kamailio), and "Devices"
   * (https://docs.2600hz.com/kazoo/rest-api/devices-and-users/devices).
   *
   * `authentication.username` is the device's `sip.username`, `realm` the account's realm.
   */
  kazoo: {
    // dtmf-type: rfc2833.
    call: { dtmf: { transport: 'RFC4733' } },
    userAgent: {
      user_agent: {
        // "Devices", sip.expire_seconds: 300.
        register_expires: 300,
        // enable-timer: false.
        session_timers: false,
        // enable-100rel: false.
        rel100: 'unsupported',
        // caller-id-type: rpid.
        trust_identity: true,
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
