// Tests a plugin with nothing but the package: no test runner, no DOM, no SIP.
import { definePlugin, schema } from 'cordboard/core';
import { cleanUp, fakeAgent, fakeMedia, settled, testPhone } from 'cordboard/testing';

const said = [];
const caller = definePlugin({
  name: 'caller',
  requires: ['userAgent'],
  defaults: {},
  schema: schema.object({}),
  setup: (ctx) => {
    ctx.on('call.established', () => said.push('established'));
    ctx.on('call.terminated', () => said.push('hung up'));
    return { call: () => ctx.require('userAgent').call('1002') };
  },
});
const before = globalThis.MediaStream;
const media = fakeMedia();
const agent = fakeAgent();
const { api, events } = testPhone({ plugins: [agent.plugin, caller()] });
await api('caller').call();
agent.sessions[0].establish();
await settled();
agent.sessions[0].end();
await settled();
if (events.of('call.established').length !== 1) throw new Error('the recorder missed an event');
cleanUp();
if (media.liveTracks().length > 0) throw new Error('a track is still live');
if (globalThis.MediaStream !== before) throw new Error('the fake is still in the page');
console.log(said.join(', '));
