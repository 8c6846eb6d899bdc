import { loadPart, responseFor } from '../../src/core/index.ts';
import en from '../../locales/en.json' with { type: 'json' };
import type { UserAgentContext } from './context.ts';

const all = en.response;

/** The sentences that calls commonly end with. One by one, so that a bundler leaves the others out. */
export const commonResponses: Readonly<Record<string, string>> = {
  addressIncomplete: all.addressIncomplete,
  badGateway: all.badGateway,
  badRequest: all.badRequest,
  busyEverywhere: all.busyEverywhere,
  busyHere: all.busyHere,
  callDoesNotExist: all.callDoesNotExist,
  decline: all.decline,
  doesNotExistAnywhere: all.doesNotExistAnywhere,
  forbidden: all.forbidden,
  gone: all.gone,
  notAcceptableAnywhere: all.notAcceptableAnywhere,
  notAcceptableHere: all.notAcceptableHere,
  notFound: all.notFound,
  notImplemented: all.notImplemented,
  proxyAuthenticationRequired: all.proxyAuthenticationRequired,
  requestTerminated: all.requestTerminated,
  requestTimeout: all.requestTimeout,
  serverInternalError: all.serverInternalError,
  serverTimeout: all.serverTimeout,
  serviceUnavailable: all.serviceUnavailable,
  temporarilyUnavailable: all.temporarilyUnavailable,
  unauthorized: all.unauthorized,
};

/** Brings the sentences of the rare responses once there is one to be told. */
export function followRareResponses(ctx: UserAgentContext): void {
  let isAsked = false;
  const told = (key: string): void => {
    if (isAsked || key in commonResponses) return;
    isAsked = true;
    loadPart(() => import('./responses.part.ts')).then(
      ({ responses }) => {
        ctx.addTexts('response', responses);
      },
      () => {
        // The code is shown instead; the next one tries again.
        isAsked = false;
      },
    );
  };
  const answered = ({ statusCode }: { readonly statusCode: number | null }): void => {
    if (statusCode !== null) told(responseFor(statusCode).key);
  };
  ctx.on('userAgent.registration.failed', answered);
  ctx.on('call.transfer.failed', answered);
  for (const event of ['call.ended', 'call.failed'] as const) {
    ctx.on(event, ({ end }) => {
      if (end.section === 'response') told(end.key);
    });
  }
}
